import { sourceText } from '../src/base/source-text.ts';
import { readByLibrary } from '../src/formats/source/yaml/library.ts';
import type { YamlTree } from '../src/formats/source/yaml/tree.ts';

/** What a reader of plain YAML makes of a text, held against the package: undefined where it leaves the text to it, or they agree. */
export function disagreement(text: string, read: (text: string) => YamlTree | undefined): string | undefined {
  const tree = read(text);
  if (tree === undefined) return undefined;
  const { documents, broken, diagnostics } = readByLibrary(sourceText('f', text));
  if (diagnostics.length > 0) return `the package says ${diagnostics.map(({ message }) => message).join(', ')}`;
  if (documents.length !== 1 || broken.length > 0) return `the package finds ${documents.length} documents`;
  const [mine, other] = [tree, ...documents].map((one) => told(one));
  return mine === other ? undefined : `${firstDifference(mine ?? '', other ?? '')}`;
}

/** A tree as text, a line for each value. */
function told(tree: YamlTree, path = ''): string {
  const place = `${path} ${tree.start}-${tree.end}`;
  switch (tree.kind) {
    case 'scalar':
      return `${place} ${tree.style} ${typeof tree.value} ${JSON.stringify([String(tree.value), tree.source])}\n`;
    case 'list':
      return `${place} list\n${tree.items.map((item, at) => told(item, `${path}/${at}`)).join('')}`;
    case 'map': {
      const entries = tree.entries.map(
        ({ key, keyStart, keyEnd, value }) =>
          `${path}/${key} key ${keyStart}-${keyEnd}\n${told(value, `${path}/${key}`)}`,
      );
      return `${place} map\n${entries.join('')}`;
    }
  }
}

function firstDifference(mine: string, other: string): string {
  const [a, b] = [mine.split('\n'), other.split('\n')];
  const at = a.findIndex((line, index) => line !== b[index]);
  return `here ${a[at]}, by the package ${b[at]}`;
}
