import type { ValueType } from '../../ir/types.ts';

/** Kusto's scalar types by every name they go by. */
const NAMES: Readonly<Record<string, ValueType>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  int32: 'int',
  long: 'long',
  int64: 'long',
  real: 'real',
  double: 'real',
  float: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
};

export function typeNamed(name: string): ValueType | undefined {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** Names of .NET that a scalar type does not go by in queries, but in what `getschema` gives. */
const OF_DOTNET: Readonly<Record<string, ValueType>> = { sbyte: 'bool', sqldecimal: 'decimal', object: 'dynamic' };

/** A type as files describe columns: as queries name it, or as `System.DateTime` and its like; undefined for what is none. */
export function typeDescribed(name: string): ValueType | undefined {
  const plain = name.replace(/^System\.(?:Data\.SqlTypes\.)?/, '').toLowerCase();
  return typeNamed(plain) ?? (Object.hasOwn(OF_DOTNET, plain) ? OF_DOTNET[plain] : undefined);
}

/** A type while binding: `unknown` is a column of a table that no schema describes, and whatever an error left. */
export type KustoType = ValueType | 'unknown';

export function isWhole(type: KustoType): boolean {
  return type === 'int' || type === 'long';
}

export function isNumber(type: KustoType): boolean {
  return isWhole(type) || type === 'real' || type === 'decimal';
}

/** A type that says nothing before the value is there. */
export function isLoose(type: KustoType): boolean {
  return type === 'dynamic' || type === 'unknown';
}

/** The wider of two number types: int < long < decimal < real. */
export function widest(left: KustoType, right: KustoType): ValueType {
  for (const type of ['real', 'decimal', 'long', 'int'] as const) if (left === type || right === type) return type;
  return 'long';
}
