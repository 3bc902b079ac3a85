import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { ValueNode } from './value-node.ts';

const kindsInWords: Record<'string' | 'number' | 'boolean' | 'list' | 'map', string> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  map: 'a map',
};

/** Reads the keys of one map by type. What is missing or of another type is noted; the reading goes on. */
export class MapFields {
  readonly node: ValueNode;
  readonly diagnostics: Diagnostic[];
  /** What stands before key names in messages: `Tests[2].`. */
  private readonly prefix: string;
  /** Where keys are looked for that the map does not have. */
  private readonly base: ValueNode | undefined;

  constructor(node: ValueNode, diagnostics: Diagnostic[], prefix = '', base?: ValueNode) {
    this.node = node;
    this.diagnostics = diagnostics;
    this.prefix = prefix;
    this.base = base;
  }

  /** The same map, with what it lacks taken from another. */
  over(base: ValueNode): MapFields {
    return new MapFields(this.node, this.diagnostics, this.prefix, base);
  }

  /** The fields of a map inside this one. */
  inside(node: ValueNode, key: string): MapFields {
    return new MapFields(node, this.diagnostics, `${this.prefix}${key}.`);
  }

  /** The value of a key, in the map or in what it is based on. */
  get(key: string): ValueNode | undefined {
    return this.node.get(key) ?? this.base?.get(key);
  }

  has(key: string): boolean {
    const found = this.get(key);
    return found !== undefined && found.kind !== 'null';
  }

  text(key: string): string | undefined {
    return this.typed(key, 'string')?.asString();
  }

  requiredText(key: string): string | undefined {
    const found = this.text(key);
    if (!this.has(key)) this.missing(key);
    return found;
  }

  /** Text where others write numbers too: ids and names such as `1.0`. */
  name(key: string): string | undefined {
    const found = this.get(key);
    return found?.kind === 'number' ? found.written() : this.requiredText(key);
  }

  number(key: string): number | undefined {
    return this.typed(key, 'number')?.asNumber();
  }

  boolean(key: string): boolean | undefined {
    return this.typed(key, 'boolean')?.asBoolean();
  }

  list(key: string): readonly ValueNode[] {
    return this.typed(key, 'list')?.asList() ?? [];
  }

  map(key: string): ValueNode | undefined {
    return this.typed(key, 'map');
  }

  /** A list of strings; a number in it is taken as it is written. */
  texts(key: string): readonly string[] {
    return this.list(key).flatMap((item, index) => {
      if (item.kind === 'string' || item.kind === 'number') return [item.written() ?? ''];
      this.wrong(`${key}[${index}]`, 'a string', item);
      return [];
    });
  }

  /** The maps in a list, each with its own fields. */
  maps(key: string): readonly MapFields[] {
    return this.list(key).flatMap((item, index) => {
      const at = `${this.prefix}${key}[${index}]`;
      if (item.kind === 'map') return [new MapFields(item, this.diagnostics, `${at}.`)];
      this.wrong(`${key}[${index}]`, 'a map', item);
      return [];
    });
  }

  missing(key: string): void {
    this.diagnostics.push(diagnostic('input/missing-key', { key: this.prefix + key }, this.node.span));
  }

  wrong(key: string, expected: string, found: ValueNode): void {
    const params = { key: this.prefix + key, expected, found: found.kindInWords };
    this.diagnostics.push(diagnostic('input/wrong-type', params, found.span));
  }

  private typed(key: string, kind: Exclude<ValueNode['kind'], 'null'>): ValueNode | undefined {
    const found = this.get(key);
    if (found === undefined || found.kind === 'null' || found.kind === kind)
      return found?.kind === kind ? found : undefined;
    this.wrong(key, kindsInWords[kind], found);
    return undefined;
  }
}
