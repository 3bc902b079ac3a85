import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Json } from '../../base/json.ts';
import { embeddedText, type SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import type { Readings } from './readings.ts';
import { readByLibrary } from './yaml/library.ts';
import { readPlain } from './yaml/plain-reader.ts';
import type { YamlScalar, YamlTree, YamlTreeEntry } from './yaml/tree.ts';
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

export type YamlKind = 'map' | 'list' | 'string' | 'number' | 'boolean' | 'null';

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
  const plain = readPlain(file.text);
  if (plain !== undefined) return { documents: [new YamlNode(file, plain)], broken: [], diagnostics: [] };
  const { documents, broken, diagnostics } = readByLibrary(file);
  const nodes = (trees: readonly YamlTree[]): YamlNode[] => trees.map((tree) => new YamlNode(file, tree));
  return { documents: nodes(documents), broken: nodes(broken), diagnostics };
}

/** One value of a YAML document, with its place. Everything beyond the value itself is worked out when asked for. */
export class YamlNode {
  private readonly file: SourceText;
  private readonly tree: YamlTree;
  private made: readonly YamlEntry[] | undefined;
  private byKey: ReadonlyMap<string, YamlNode> | undefined;

  constructor(file: SourceText, tree: YamlTree) {
    this.file = file;
    this.tree = tree;
  }

  get kind(): YamlKind {
    if (this.tree.kind !== 'scalar') return this.tree.kind;
    const { value } = this.tree;
    if (value === null) return 'null';
    return typeof value === 'bigint' ? 'number' : kindOf(value);
  }

  /** The kind in words, for messages: `a list`. */
  get kindInWords(): string {
    return this.kind === 'null' ? 'nothing' : `a ${this.kind}`;
  }

  get span(): Span {
    return this.file.span(this.tree.start, this.tree.end);
  }

  /** The scalar's value; undefined for a map or list. Whole numbers beyond 2^53 are `bigint`. */
  scalar(): YamlScalar | undefined {
    return this.tree.kind === 'scalar' ? this.tree.value : undefined;
  }

  /** A scalar as it is written in the file, without quotes: `0x1F`, `True`, `~`. */
  written(): string | undefined {
    return this.tree.kind === 'scalar' ? this.tree.source : undefined;
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
    if (this.tree.kind !== 'list') return undefined;
    return this.tree.items.map((item) => new YamlNode(this.file, item));
  }

  /** A map's entries in the order of the file, of equal keys only the last; empty for anything else. */
  entries(): readonly YamlEntry[] {
    this.made ??= this.tree.kind === 'map' ? this.tree.entries.map((entry) => this.entry(entry)) : [];
    return this.made;
  }

  get(key: string): YamlNode | undefined {
    this.byKey ??= new Map(this.entries().map((entry) => [entry.key, entry.value]));
    return this.byKey.get(key);
  }

  /** This map, with what another one has beside it. */
  over(below: YamlNode): YamlNode {
    if (this.tree.kind !== 'map' || below.tree.kind !== 'map') return this;
    const own = new Set(this.tree.entries.map(({ key }) => key));
    const added = below.tree.entries.filter(({ key }) => !own.has(key));
    return new YamlNode(this.file, { ...this.tree, entries: [...this.tree.entries, ...added] });
  }

  /** A string with the place of each of its characters in the file, whatever its style; undefined for anything else. */
  text(): SourceText | undefined {
    const value = this.asString();
    if (value === undefined || this.tree.kind !== 'scalar') return undefined;
    const { start, end, style } = this.tree;
    const source = this.file.text.slice(start, end);
    return embeddedText(this.file.name, value, scalarSegments(source, start, value, style));
  }

  toJson(): Json {
    const items = this.asList();
    if (items !== undefined) return items.map((item) => item.toJson());
    if (this.tree.kind === 'map') {
      return Object.fromEntries(this.entries().map((entry) => [entry.key, entry.value.toJson()]));
    }
    return this.scalar() ?? null;
  }

  private entry({ key, keyStart, keyEnd, value }: YamlTreeEntry): YamlEntry {
    return { key, keySpan: this.file.span(keyStart, keyEnd), value: new YamlNode(this.file, value) };
  }
}

function kindOf(value: string | number | boolean): YamlKind {
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'boolean';
}
