import { numberOf, type YamlScalar, type YamlScalarTree } from './tree.ts';

/** Begins something else than a plain scalar, or nothing at all. `-` and `:` may begin one; `:` is left to the package. */
const NO_START: ReadonlySet<string> = new Set('?:,[]{}#&*!|>\'"%@`'.split(''));
const MAY_BE_TYPED = /^[-+.~0-9nNtTfF]/;
const NULL = /^(?:~|[Nn]ull|NULL)$/;
const TRUTH = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const OCTAL = /^0o[0-7]+$/;
const WHOLE = /^[-+]?[0-9]+$/;
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/;
const FRACTION = /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/;
/** The numbers that nobody writes in rules, as the core schema has them: infinities, no-numbers, exponents. */
const ODD_NUMBER =
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
  ' ': ' ',
};

/** Whether a plain scalar may stand at a place. */
export function mayStartPlain(text: string, at: number): boolean {
  const first = text.charAt(at);
  return !NO_START.has(first) && !(first === '-' && /^(?:[ \n]|$)/.test(text.charAt(at + 1)));
}

/**
 * The plain scalar at a place, within its line: to the `: ` of a key, to a comment, or to the line's end. The blanks behind it are no
 * part of it.
 */
export function plainEnd(text: string, start: number, lineEnd: number): number {
  // Of the line alone: to look further for what most lines lack would be quadratic.
  const line = text.slice(start, lineEnd);
  const comment = line.indexOf(' #');
  let end = comment === -1 ? line.length : comment;
  for (let colon = line.indexOf(':'); colon !== -1 && colon < end; colon = line.indexOf(':', colon + 1)) {
    if (colon + 1 === line.length || line.charCodeAt(colon + 1) === 0x20) {
      end = colon;
      break;
    }
  }
  while (end > 0 && line.charCodeAt(end - 1) === 0x20) end -= 1;
  return start + end;
}

/** A plain scalar by the core schema; undefined where it is a number of a rare kind. */
export function plainScalar(text: string, start: number, end: number): YamlScalarTree | undefined {
  const source = text.slice(start, end);
  const value = MAY_BE_TYPED.test(source) ? typed(source) : source;
  return value === undefined ? undefined : { kind: 'scalar', start, end, value, source, style: 'PLAIN' };
}

function typed(source: string): YamlScalar | undefined {
  if (NULL.test(source)) return null;
  if (TRUTH.test(source)) return /^t/i.test(source);
  if (OCTAL.test(source)) return numberOf(Number.parseInt(source.slice(2), 8), source);
  if (WHOLE.test(source)) return numberOf(Number.parseInt(source, 10), source);
  if (HEXADECIMAL.test(source)) return numberOf(Number.parseInt(source.slice(2), 16), source);
  if (FRACTION.test(source)) return numberOf(Number.parseFloat(source), source);
  return ODD_NUMBER.test(source) ? undefined : source;
}

/** The quoted scalar at a place; undefined where it does not end on its line, or has an escape of a rare kind. */
export function quotedScalar(text: string, start: number, lineEnd: number): YamlScalarTree | undefined {
  return text.charCodeAt(start) === 0x27 ? singleQuoted(text, start, lineEnd) : doubleQuoted(text, start, lineEnd);
}

function singleQuoted(text: string, start: number, lineEnd: number): YamlScalarTree | undefined {
  let close = text.indexOf("'", start + 1);
  let isDoubled = false;
  while (close !== -1 && text.charCodeAt(close + 1) === 0x27) {
    isDoubled = true;
    close = text.indexOf("'", close + 2);
  }
  if (close === -1 || close >= lineEnd) return undefined;
  const written = text.slice(start + 1, close);
  const value = isDoubled ? written.replaceAll("''", "'") : written;
  return { kind: 'scalar', start, end: close + 1, value, source: value, style: 'QUOTE_SINGLE' };
}

function doubleQuoted(text: string, start: number, lineEnd: number): YamlScalarTree | undefined {
  let value = '';
  let from = start + 1;
  for (let at = from; at < lineEnd; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      value += text.slice(from, at);
      return { kind: 'scalar', start, end: at + 1, value, source: value, style: 'QUOTE_DOUBLE' };
    }
    if (code !== 0x5c) continue;
    const meant = ESCAPES[text.charAt(at + 1)];
    if (meant === undefined || at + 1 >= lineEnd) return undefined;
    value += text.slice(from, at) + meant;
    at += 1;
    from = at + 1;
  }
  return undefined;
}
