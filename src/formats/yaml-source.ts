import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, Scalar } from 'yaml';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { embeddedText, type SourceText } from '../base/source-text.ts';
import type { Span } from '../base/span.ts';
import type { Readings } from './readings.ts';
import { scalarSegments } from './yaml-segments.ts';

/** What a YAML file holds. */
export interface YamlFile {
  /** The documents that are sound, in order; empty ones are left out. */
  readonly documents: readonly YamlNode[];
  /** What could be read of documents that have errors: good for naming the rule, not for running it. */
  readonly broken: readonly YamlNode[];
  /** `input/yaml` errors, `input/yaml-duplicate-key` warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface YamlEntry {
  /** The key's text: `4: x` has the key `4`. */
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export type YamlScalar = string | number | bigint | boolean | null;

export type YamlKind = 'map' | 'list' | 'string' | 'number' | 'boolean' | 'null';

/** More values than this, with every alias written out, and a document is refused. */
const MOST_VALUES = 1_000_000;

/** What the package says where its recursion ends the stack, and what we say. */
const STACK_END = 'Maximum call stack size exceeded';
const TOO_DEEP = 'nested too deeply';

/** Nesting beyond this is refused. It keeps every walk over a tree far from the stack's end. */
const DEEPEST = 200;

/** A rule file as YAML. */
export function yamlOf({ source, readings }: { readonly source: SourceText; readonly readings?: Readings }): YamlFile {
  return readings === undefined ? readYaml(source) : readings.of(readYaml);
}

/**
 * Reads YAML 1.2 with the core schema: `yes`, `no`, `on`, `off` and timestamps are strings, `0644` is 644. Merge keys
 * (`<<`) are followed, as the Python reader that most rules are written for does. Of two equal keys the last counts,
 * with a warning. Never throws.
 */
export function readYaml(file: SourceText): YamlFile {
  const diagnostics: Diagnostic[] = [];
  const documents: YamlNode[] = [];
  const broken: YamlNode[] = [];
  try {
    const parsed = parseAllDocuments(file.text, {
      schema: 'core',
      resolveKnownTags: false,
      uniqueKeys: false,
      strict: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    for (const document of Array.isArray(parsed) ? parsed : []) {
      let isTooDeep = false;
      for (const found of document.errors) {
        const isDepth = found.message === STACK_END;
        if (isDepth && isTooDeep) continue;
        isTooDeep ||= isDepth;
        const reason = isDepth ? TOO_DEEP : found.message;
        // What is missing at the end is at the end: the package says that it is one behind it.
        const [start, end] = found.pos.map((place) => Math.min(place, file.text.length));
        diagnostics.push(diagnostic('input/yaml', { reason }, file.span(start ?? 0, end ?? 0)));
      }
      const content = document.contents;
      if (content === null || (isScalar(content) && content.value === null && (content.source ?? '') === '')) continue;
      const context: Context = { file, targets: new Map() };
      const problem = examine(content, context, diagnostics);
      if (problem !== undefined) {
        if (!isTooDeep) diagnostics.push(problem);
      } else (document.errors.length === 0 ? documents : broken).push(new YamlNode(context, content));
    }
  } catch (thrown) {
    // The package's composer is recursive: nesting of thousands of levels ends its stack.
    const reason = thrown instanceof RangeError ? TOO_DEEP : String(thrown);
    diagnostics.push(diagnostic('input/yaml', { reason }, file.span(0, Math.min(1, file.text.length))));
  }
  return { documents, broken, diagnostics };
}

interface Context {
  readonly file: SourceText;
  /** What each alias stands for. */
  readonly targets: Map<Node, Node>;
}

/** One value of a YAML document, with its place. Everything beyond the value itself is worked out when asked for. */
export class YamlNode {
  private readonly context: Context;
  private readonly node: Node;
  private made: readonly YamlEntry[] | undefined;
  private byKey: ReadonlyMap<string, YamlNode> | undefined;

  constructor(context: Context, node: Node) {
    this.context = context;
    this.node = context.targets.get(node) ?? node;
  }

  get kind(): YamlKind {
    if (isMap(this.node)) return 'map';
    if (isSeq(this.node)) return 'list';
    const value = this.scalar();
    switch (typeof value) {
      case 'string':
        return 'string';
      case 'number':
      case 'bigint':
        return 'number';
      case 'boolean':
        return 'boolean';
      default:
        return 'null';
    }
  }

  /** The kind in words, for messages: `a list`. */
  get kindInWords(): string {
    return this.kind === 'null' ? 'nothing' : `a ${this.kind}`;
  }

  get span(): Span {
    const [start, end] = this.node.range ?? [0, 0];
    return this.context.file.span(start, Math.max(start, end));
  }

  /** The scalar's value; undefined for a map or list. Whole numbers beyond 2^53 are `bigint`. */
  scalar(): YamlScalar | undefined {
    const node = this.node;
    if (!isScalar(node)) return undefined;
    const value: unknown = node.value;
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(node.source ?? '')) {
        return BigInt((node.source ?? '').replace(/^\+/, ''));
      }
      // `12e4567` is a hash that nobody quoted, not infinity.
      return Number.isFinite(value) ? value : (node.source ?? null);
    }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    return node.source ?? null;
  }

  /** A scalar as it is written in the file, without quotes: `0x1F`, `True`, `~`. */
  written(): string | undefined {
    const node = this.node;
    if (!isScalar(node)) return undefined;
    return typeof node.value === 'string' ? node.value : (node.source ?? '');
  }

  asString(): string | undefined {
    const value = this.scalar();
    return typeof value === 'string' ? value : undefined;
  }

  asNumber(): number | undefined {
    const value = this.scalar();
    return typeof value === 'number' ? value : undefined;
  }

  asBoolean(): boolean | undefined {
    const value = this.scalar();
    return typeof value === 'boolean' ? value : undefined;
  }

  asList(): readonly YamlNode[] | undefined {
    if (!isSeq(this.node)) return undefined;
    return (this.node.items as readonly Node[]).map((item) => new YamlNode(this.context, item));
  }

  /** A map's entries in the order of the file, of equal keys only the last; empty for anything else. */
  entries(): readonly YamlEntry[] {
    this.made ??= this.makeEntries();
    return this.made;
  }

  get(key: string): YamlNode | undefined {
    this.byKey ??= new Map(this.entries().map((entry) => [entry.key, entry.value]));
    return this.byKey.get(key);
  }

  /** A string with the place of each of its characters in the file, whatever its style; undefined for anything else. */
  text(): SourceText | undefined {
    const node = this.node;
    const value = this.asString();
    if (value === undefined || !isScalar(node)) return undefined;
    const file = this.context.file;
    const [start, end] = node.range ?? [0, 0];
    const source = file.text.slice(start, end);
    return embeddedText(file.name, value, scalarSegments(source, start, value, node.type));
  }

  toJson(): Json {
    const items = this.asList();
    if (items !== undefined) return items.map((item) => item.toJson());
    if (isMap(this.node)) {
      return Object.fromEntries(this.entries().map((entry) => [entry.key, entry.value.toJson()]));
    }
    return this.scalar() ?? null;
  }

  private makeEntries(): readonly YamlEntry[] {
    if (!isMap(this.node)) return [];
    const entries = new Map<string, YamlEntry>();
    const merged: YamlNode[] = [];
    for (const pair of this.node.items) {
      const key = this.resolved(pair.key as Node | null);
      const value = new YamlNode(this.context, (pair.value as Node | null) ?? absent(pair.key as Node | null));
      if (isMergeKey(key)) {
        merged.push(...(value.asList() ?? [value]));
        continue;
      }
      const [start, end] = (pair.key as Node | null)?.range ?? [0, 0];
      const name = keyText(key);
      entries.set(name, { key: name, keySpan: this.context.file.span(start, end), value });
    }
    for (const source of merged) {
      for (const entry of source.entries()) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    return [...entries.values()];
  }

  private resolved(node: Node | null): Node | null {
    return node === null ? null : (this.context.targets.get(node) ?? node);
  }
}

/** The value of a key that has none (`{a, b}`): null, where the key ends. */
function absent(key: Node | null): Node {
  const end = key?.range?.[1] ?? 0;
  const made = new Scalar(null);
  made.range = [end, end, end];
  return made;
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function keyText(key: Node | null): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

/**
 * One walk over a new document: finds what aliases stand for, reports equal keys, and refuses what would make later
 * walks unsafe: aliases that hold themselves or that unfold to millions of values, keys that are maps, deep nesting.
 */
function examine(content: Node, context: Context, diagnostics: Diagnostic[]): Diagnostic | undefined {
  const anchors = new Map<string, Node>();
  const sizes = new Map<Node, { readonly size: number; readonly height: number }>();
  const open = new Set<Node>();
  let problem: Diagnostic | undefined;
  const refuse = (node: Node, reason: string): void => {
    const [start, end] = node.range ?? [0, 0];
    problem ??= diagnostic('input/yaml', { reason }, context.file.span(start, Math.min(end, start + 80)));
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
        context.targets.set(node, target);
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
        const plain = key === null ? null : (context.targets.get(key) ?? key);
        if (key !== null && plain !== null && !isScalar(plain)) refuse(key, 'a key must be a scalar');
        inside(pair.value as Node | null);
        if (isMergeKey(plain)) {
          const value = pair.value as Node | null;
          if (value !== null && !mergeable(value, context.targets))
            refuse(value, '`<<` must be given a map or a list of maps');
          continue;
        }
        const name = keyText(plain);
        const first = seen.get(name);
        if (first !== undefined && key !== null) {
          const [start, end] = key.range ?? [0, 0];
          const [firstStart, firstEnd] = first.range ?? [0, 0];
          const before = [{ span: context.file.span(firstStart, firstEnd), text: 'first here' }];
          diagnostics.push(
            diagnostic('input/yaml-duplicate-key', { key: name }, context.file.span(start, end), { context: before }),
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
  const plain = targets.get(value) ?? value;
  if (isMap(plain)) return true;
  return isSeq(plain) && plain.items.every((item) => isMap(targets.get(item as Node) ?? item));
}
