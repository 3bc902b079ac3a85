import type { Value } from '../../values/value.ts';
import { type CompiledRegex, compileRegex } from '../regex/index.ts';
import { GROK_PATTERNS } from './named.ts';

/** What a name captures, and as what its text is read. */
export interface Capture {
  readonly name: string;
  readonly type: 'keyword' | 'integer' | 'long' | 'float' | 'double' | 'boolean';
}

export interface Grok {
  readonly regex: CompiledRegex;
  /** One for each group. */
  readonly captures: readonly Capture[];
}

/** Names inside of names end here. */
const MOST_DEPTH = 30;
const TYPES: ReadonlySet<string> = new Set(['int', 'long', 'float', 'double', 'boolean']);

/** Compiles a Grok pattern: names of patterns, and a regular expression around them, whose named groups are captures too. */
export function compileGrok(pattern: string): Grok | { readonly reason: string } {
  const captures: Capture[] = [];
  const expanded = expand(pattern, captures, MOST_DEPTH);
  if (typeof expanded !== 'string') return expanded;
  const compiled = compileRegex(expanded, { flavour: 'pcre', ignoreCase: false, flags: 'm', anchored: false });
  if (!compiled.ok) return { reason: compiled.reason };
  return { regex: compiled.regex, captures };
}

/** The pattern with names replaced; only captures are groups that are counted. */
function expand(pattern: string, captures: Capture[], depth: number): string | { readonly reason: string } {
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    if (rest.startsWith('\\')) {
      result += rest.slice(0, 2);
      at += 2;
      continue;
    }
    const named = inClass ? null : /^%\{(\w+)(?::([^:{}]+?)(?::(\w+))?)?\}/.exec(rest);
    if (named !== null) {
      const inner = expandName(named, captures, depth);
      if (typeof inner !== 'string') return inner;
      result += inner;
      at += named[0].length;
      continue;
    }
    const group = inClass ? null : /^\((?:\?<([^=!>][^>]*)>|(?!\?))/.exec(rest);
    if (group !== null) {
      if (group[1] !== undefined) captures.push({ name: group[1], type: 'keyword' });
      result += group[1] === undefined ? '(?:' : '(';
      at += group[0].length;
      continue;
    }
    if (rest.startsWith('[')) inClass = true;
    else if (rest.startsWith(']')) inClass = false;
    result += rest.slice(0, 1);
    at += 1;
  }
  return result;
}

function expandName(
  [, pattern = '', name, type]: RegExpExecArray,
  captures: Capture[],
  depth: number,
): string | { readonly reason: string } {
  const definition = Object.hasOwn(GROK_PATTERNS, pattern) ? GROK_PATTERNS[pattern] : undefined;
  if (definition === undefined || depth === 0) return { reason: `there is no pattern \`${pattern}\`` };
  if (type !== undefined && !TYPES.has(type)) return { reason: `there is no type \`${type}\` for a capture` };
  if (name !== undefined) {
    captures.push({ name, type: type === 'int' ? 'integer' : isCaptureType(type) ? type : 'keyword' });
  }
  const inner = expand(definition, captures, depth - 1);
  if (typeof inner !== 'string') return inner;
  return name === undefined ? `(?:${inner})` : `(${inner})`;
}

function isCaptureType(type: string | undefined): type is Capture['type'] {
  return type === 'long' || type === 'float' || type === 'double' || type === 'boolean';
}

/** The columns of some patterns, each once, in the order of the patterns. */
export function columnsOfGrok(groks: readonly Grok[]): readonly Capture[] {
  const columns = new Map<string, Capture>();
  for (const { captures } of groks) {
    for (const capture of captures) if (!columns.has(capture.name)) columns.set(capture.name, capture);
  }
  return [...columns.values()];
}

/** The values by name of the first place where a pattern fits; undefined where there is none. A name that repeats has several. */
export function grok({ regex, captures }: Grok, text: string): Readonly<Record<string, readonly Value[]>> | undefined {
  const found = regex.groups(text);
  if (found === undefined) return undefined;
  const values: Record<string, Value[]> = {};
  for (const [place, { name, type }] of captures.entries()) {
    const group = found.groups[place + 1];
    const value = group === undefined ? null : readAs(group, type);
    const known = Object.hasOwn(values, name) ? values[name] : undefined;
    if (known === undefined) values[name] = value === null ? [] : [value];
    else if (value !== null) known.push(value);
  }
  return values;
}

function readAs(text: string, type: Capture['type']): Value {
  switch (type) {
    case 'keyword':
      return text;
    case 'boolean':
      return text === 'true';
    case 'integer':
    case 'long':
      return /^[+-]?\d+$/.test(text) ? BigInt(text) : null;
    case 'float':
      return Number.isNaN(Number(text)) ? null : Math.fround(Number(text));
    case 'double':
      return Number.isNaN(Number(text)) ? null : Number(text);
  }
}
