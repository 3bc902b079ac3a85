import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { Detection, DetectionItem, ModifierUse, ValueEntry, ValueTree } from './ast.ts';

/** Maps in maps go no deeper than this. */
const DEEPEST = 64;

/**
 * The shape of one detection: a map is all of its items, a list any of its members; scalars without a field are keywords.
 * A map under a field speaks of the fields inside it, by their dotted names.
 */
export function readDetection(tree: ValueTree, report: (found: Diagnostic) => void): Detection | undefined {
  switch (tree.kind) {
    case 'map':
      return readMap(tree, '', 0, report);
    case 'list':
      return readList(tree, report);
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return keywords([tree], tree.span);
  }
}

function readList(tree: ValueTree, report: (found: Diagnostic) => void): Detection | undefined {
  const members = tree.asList() ?? [];
  if (members.length === 0) report(diagnostic('sigma/empty', { what: 'this detection' }, tree.span));
  const words = members.filter((member) => member.kind !== 'map' && member.kind !== 'list');
  if (words.length === members.length) return keywords(members, tree.span);
  const items: Detection[] = words.length === 0 ? [] : [keywords(words, tree.span)];
  for (const member of members) {
    if (member.kind === 'list') {
      report(
        diagnostic('sigma/value-type', { expected: 'a map or a keyword', found: member.kindInWords }, member.span),
      );
    } else if (member.kind === 'map') {
      const read = readMap(member, '', 0, report);
      if (read !== undefined) items.push(read);
    }
  }
  return { kind: 'any', items, span: tree.span };
}

function readMap(
  tree: ValueTree,
  prefix: string,
  depth: number,
  report: (found: Diagnostic) => void,
): Detection | undefined {
  const entries = tree.entries();
  if (entries.length === 0) report(diagnostic('sigma/empty', { what: 'this map' }, tree.span));
  if (depth > DEEPEST) {
    report(diagnostic('sigma/too-deep', { most: DEEPEST }, tree.span));
    return undefined;
  }
  const items = entries.flatMap((entry) => readEntry(entry, prefix, depth, report) ?? []);
  return { kind: 'all', items, span: tree.span };
}

function readEntry(
  entry: ValueEntry,
  prefix: string,
  depth: number,
  report: (found: Diagnostic) => void,
): Detection | undefined {
  const [name = '', ...written] = entry.key.split('|');
  const field = name === '' ? null : prefix + name;
  const values = entry.value.asList() ?? [entry.value];
  if (values.length === 0) {
    report(
      diagnostic('sigma/empty', { what: 'this list' }, entry.value.span, {
        context: [{ span: entry.keySpan, text: 'of this field' }],
      }),
    );
    return undefined;
  }
  const maps = values.filter((value) => value.kind === 'map');
  for (const value of values) {
    if (value.kind === 'list' || (value.kind === 'map' && (field === null || written.length > 0))) {
      report(
        diagnostic(
          'sigma/value-type',
          { expected: 'a string, a number, true, false or null', found: value.kindInWords },
          value.span,
        ),
      );
      return undefined;
    }
  }
  if (maps.length > 0) {
    const nested: Detection[] = maps.flatMap((value) => readMap(value, `${field}.`, depth + 1, report) ?? []);
    const plain = values.filter((value) => value.kind !== 'map');
    if (plain.length > 0) nested.push(item(entry, field, [], plain));
    return nested.length === 1 ? nested[0] : { kind: 'any', items: nested, span: entry.value.span };
  }
  return item(entry, field, modifiers(entry, written, name.length), values);
}

function item(
  entry: ValueEntry,
  field: string | null,
  uses: readonly ModifierUse[],
  values: readonly ValueTree[],
): DetectionItem {
  return { kind: 'item', field, modifiers: uses, values, keySpan: entry.keySpan, span: entry.value.span };
}

function keywords(values: readonly ValueTree[], span: Span): DetectionItem {
  return { kind: 'item', field: null, modifiers: [], values, keySpan: span, span };
}

/** The modifiers behind a field, each with its place inside the key, where the key is written as it is read. */
function modifiers(entry: ValueEntry, written: readonly string[], nameLength: number): readonly ModifierUse[] {
  const { keySpan, key } = entry;
  const quote = keySpan.end - keySpan.start === key.length + 2 ? 1 : 0;
  const exact = keySpan.end - keySpan.start === key.length + 2 * quote;
  let at = keySpan.start + quote + nameLength;
  return written.map((name) => {
    const start = at + 1;
    at = start + name.length;
    return { name, span: exact ? { ...keySpan, start, end: at } : keySpan };
  });
}
