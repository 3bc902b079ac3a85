import { createRequire } from 'node:module';
import type { Document, Node, Scalar } from 'yaml';
import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import type { SourceText } from '../../../base/source-text.ts';
import { numberOf, type ScalarStyle, type YamlScalar, type YamlTree, type YamlTreeEntry } from './tree.ts';

/** The documents of a text by the package `yaml`: those that are sound, what is left of those that are not, and what is wrong. */
export interface LibraryReading {
  readonly documents: readonly YamlTree[];
  readonly broken: readonly YamlTree[];
  readonly diagnostics: readonly Diagnostic[];
}

/** More values than this, with every alias written out, and a document is refused. */
const MOST_VALUES = 1_000_000;

/** What the package says where its recursion ends the stack, and what we say. */
const STACK_END = 'Maximum call stack size exceeded';
const TOO_DEEP = 'nested too deeply';

/** Nesting beyond this is refused. It keeps every walk over a tree far from the stack's end. */
const DEEPEST = 200;

type Yaml = typeof import('yaml');

let loaded: Yaml | undefined;

/** The package, loaded when the first text needs it: most rule files are read without. */
function yaml(): Yaml {
  loaded ??= createRequire(import.meta.url)('yaml') as Yaml;
  return loaded;
}

/** Reads a text by the package. Never throws. */
export function readByLibrary(file: SourceText): LibraryReading {
  const diagnostics: Diagnostic[] = [];
  const documents: YamlTree[] = [];
  const broken: YamlTree[] = [];
  try {
    for (const document of parsed(file.text)) {
      let isTooDeep = false;
      for (const found of document.errors) {
        const isDepth = found.message === STACK_END;
        if (isDepth && isTooDeep) continue;
        isTooDeep ||= isDepth;
        const reason = isDepth ? TOO_DEEP : found.message;
        // What is missing at the end is at the end: the package says that it is one behind it.
        const [start = 0, end = 0] = found.pos.map((place) => Math.min(place, file.text.length));
        diagnostics.push(diagnostic('input/yaml', { reason }, file.span(start, end)));
      }
      const content = document.contents;
      const { isScalar } = yaml();
      if (content === null || (isScalar(content) && content.value === null && (content.source ?? '') === '')) continue;
      const targets = new Map<Node, Node>();
      const problem = examine(content, file, targets, diagnostics);
      if (problem !== undefined) {
        if (!isTooDeep) diagnostics.push(problem);
      } else (document.errors.length === 0 ? documents : broken).push(new Trees(targets).of(content));
    }
  } catch (thrown) {
    // The package's composer is recursive: nesting of thousands of levels ends its stack.
    const reason = thrown instanceof RangeError ? TOO_DEEP : String(thrown);
    diagnostics.push(diagnostic('input/yaml', { reason }, file.span(0, Math.min(1, file.text.length))));
  }
  return { documents, broken, diagnostics };
}

function parsed(text: string): readonly Document[] {
  const documents = yaml().parseAllDocuments(text, {
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return Array.isArray(documents) ? documents : [];
}

/** The trees of the package's nodes, each made once however many aliases stand for it. */
class Trees {
  /** What each alias stands for. */
  private readonly targets: ReadonlyMap<Node, Node>;
  private readonly made = new Map<Node, YamlTree>();

  constructor(targets: ReadonlyMap<Node, Node>) {
    this.targets = targets;
  }

  of(given: Node): YamlTree {
    const node = this.targets.get(given) ?? given;
    const known = this.made.get(node);
    if (known !== undefined) return known;
    const tree = this.make(node);
    this.made.set(node, tree);
    return tree;
  }

  private make(node: Node): YamlTree {
    const { isMap, isScalar, isSeq } = yaml();
    const [start, last] = node.range ?? [0, 0];
    const end = Math.max(start, last);
    if (isMap(node)) return { kind: 'map', start, end, entries: this.entries(node.items) };
    if (isSeq(node)) {
      return { kind: 'list', start, end, items: (node.items as readonly Node[]).map((item) => this.of(item)) };
    }
    if (!isScalar(node)) return { kind: 'scalar', start, end, value: null, source: '', style: undefined };
    const value = scalarOf(node);
    const source = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return { kind: 'scalar', start, end, value, source, style: node.type as ScalarStyle | undefined };
  }

  private entries(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): readonly YamlTreeEntry[] {
    const entries = new Map<string, YamlTreeEntry>();
    const merged: YamlTree[] = [];
    for (const pair of pairs) {
      const written = pair.key as Node | null;
      const key = written === null ? null : (this.targets.get(written) ?? written);
      const value = pair.value === null ? absent(written) : this.of(pair.value as Node);
      if (isMergeKey(key)) {
        merged.push(...(value.kind === 'list' ? value.items : [value]));
        continue;
      }
      const [keyStart, keyEnd] = written?.range ?? [0, 0];
      const name = keyText(key);
      entries.set(name, { key: name, keyStart, keyEnd, value });
    }
    for (const source of merged) {
      if (source.kind !== 'map') continue;
      for (const entry of source.entries) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    return [...entries.values()];
  }
}

/** The value of a key that has none (`{a, b}`): null, where the key ends. */
function absent(key: Node | null): YamlTree {
  const end = key?.range?.[1] ?? 0;
  return { kind: 'scalar', start: end, end, value: null, source: '', style: undefined };
}

function scalarOf(node: Scalar): YamlScalar {
  const value: unknown = node.value;
  if (typeof value === 'number') return numberOf(value, node.source ?? '');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return node.source ?? null;
}

function isMergeKey(key: Node | null): boolean {
  return yaml().isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function keyText(key: Node | null): string {
  if (!yaml().isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

/**
 * One walk over a new document: finds what aliases stand for, reports equal keys, and refuses what would make later
 * walks unsafe: aliases that hold themselves or that unfold to millions of values, keys that are maps, deep nesting.
 */
function examine(
  content: Node,
  file: SourceText,
  targets: Map<Node, Node>,
  diagnostics: Diagnostic[],
): Diagnostic | undefined {
  const { isAlias, isMap, isScalar, isSeq } = yaml();
  const anchors = new Map<string, Node>();
  const sizes = new Map<Node, { readonly size: number; readonly height: number }>();
  const open = new Set<Node>();
  let problem: Diagnostic | undefined;
  const refuse = (node: Node, reason: string): void => {
    const [start, end] = node.range ?? [0, 0];
    problem ??= diagnostic('input/yaml', { reason }, file.span(start, Math.min(end, start + 80)));
  };
  let height = 0;
  // Gives the number of values, aliases unfolded; leaves the height of what it walked in `height`.
  const walk = (node: Node, depth: number): number => {
    if (problem !== undefined) return 0;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      const known = target && sizes.get(target);
      if (target === undefined) refuse(node, `alias \`*${node.source}\` has no anchor before it`);
      else if (open.has(target) || known === undefined) refuse(node, `alias \`*${node.source}\` stands inside itself`);
      else {
        targets.set(node, target);
        height = known.height;
        if (depth + height > DEEPEST) refuse(node, TOO_DEEP);
        return known.size;
      }
      return 0;
    }
    if (depth > DEEPEST) {
      refuse(node, TOO_DEEP);
      return 0;
    }
    const anchor = node.anchor;
    if (anchor !== undefined) {
      anchors.set(anchor, node);
      open.add(node);
    }
    let size = 1;
    let highest = 0;
    const inside = (child: Node | null): void => {
      if (child === null) return;
      height = 0;
      size += isScalar(child) && child.anchor === undefined ? 1 : walk(child, depth + 1);
      if (height >= highest) highest = height;
    };
    if (isMap(node)) {
      const seen = new Map<string, Node>();
      for (const pair of node.items) {
        const key = pair.key as Node | null;
        inside(key);
        const plain = key === null ? null : (targets.get(key) ?? key);
        if (key !== null && plain !== null && !isScalar(plain)) refuse(key, 'a key must be a scalar');
        inside(pair.value as Node | null);
        if (isMergeKey(plain)) {
          const value = pair.value as Node | null;
          if (value !== null && !mergeable(value, targets)) refuse(value, '`<<` must be given a map or a list of maps');
          continue;
        }
        const name = keyText(plain);
        const first = seen.get(name);
        if (first !== undefined && key !== null) {
          const [start, end] = key.range ?? [0, 0];
          const [firstStart, firstEnd] = first.range ?? [0, 0];
          const before = [{ span: file.span(firstStart, firstEnd), text: 'first here' }];
          diagnostics.push(
            diagnostic('input/yaml-duplicate-key', { key: name }, file.span(start, end), { context: before }),
          );
        }
        if (key !== null) seen.set(name, key);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) inside(item as Node | null);
    }
    height = highest + 1;
    if (size > MOST_VALUES) refuse(node, `its aliases unfold to more than ${MOST_VALUES} values`);
    if (anchor !== undefined) {
      open.delete(node);
      sizes.set(node, { size, height });
    }
    return size;
  };
  walk(content, 0);
  return problem;
}

function mergeable(value: Node, targets: ReadonlyMap<Node, Node>): boolean {
  const { isMap, isSeq } = yaml();
  const plain = targets.get(value) ?? value;
  if (isMap(plain)) return true;
  return isSeq(plain) && plain.items.every((item) => isMap(targets.get(item as Node) ?? item));
}
