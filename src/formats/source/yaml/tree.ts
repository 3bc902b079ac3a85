/** What was read of a YAML document: aliases and merge keys followed, of equal keys only the last. Offsets are those of the file. */
export type YamlTree = YamlMapTree | YamlListTree | YamlScalarTree;

interface Place {
  readonly start: number;
  readonly end: number;
}

export interface YamlMapTree extends Place {
  readonly kind: 'map';
  readonly entries: readonly YamlTreeEntry[];
}

export interface YamlTreeEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: YamlTree;
}

export interface YamlListTree extends Place {
  readonly kind: 'list';
  readonly items: readonly YamlTree[];
}

/** Whole numbers beyond 2^53 are `bigint`. */
export type YamlScalar = string | number | bigint | boolean | null;

export interface YamlScalarTree extends Place {
  readonly kind: 'scalar';
  readonly value: YamlScalar;
  /** The text behind the value, without quotes: `0x1F`, `True`, `~`. */
  readonly source: string;
  readonly style: ScalarStyle | undefined;
}

export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED';

/** A number as rules mean it, from what YAML makes of its text. */
export function numberOf(value: number, source: string): YamlScalar {
  if (!Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(source)) return BigInt(source.replace(/^\+/, ''));
  // `12e4567` is a hash that nobody quoted, not infinity.
  return Number.isFinite(value) ? value : source;
}
