import { stringifyJson } from '../../../../base/json.ts';
import { toJson } from '../../../../values/text-of.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import { illegal } from './multi-value.ts';

type Step = string | number;

/** `$.a.b[0]['c.d']`, where `$` may be left out; undefined for what is no path. */
function stepsOf(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const piece = /\.?([^.[\]'"]+)|\[(\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y;
  const start = path.startsWith('$') ? 1 : 0;
  for (let at = start; at < path.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const found = piece.exec(path);
    if (found === null) return undefined;
    const [whole, name, index, single, double] = found;
    if (at > start && name !== undefined && !whole.startsWith('.')) return undefined;
    steps.push(index === undefined ? (name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1')) : Number(index));
  }
  return steps;
}

/** What stands at a path of a JSON text, or of a map: scalars as text, what is compound as JSON without blanks. */
export function extract(source: Value, path: string, clock: Clock): Value {
  const steps = stepsOf(path);
  if (steps === undefined) return illegal(clock, `Invalid JSON path [${path}]`);
  const text = typeof source === 'string' ? source : stringifyJson(toJson(source));
  if (!isJson(text)) return illegal(clock, 'invalid JSON input');
  let at = behindBlanks(text, 0);
  for (const step of steps) {
    const found = typeof step === 'number' ? elementAt(text, at, step) : memberAt(text, at, step);
    if (found === 'beyond') return illegal(clock, 'array index out of bounds');
    if (found === 'missing') return illegal(clock, `path [${path}] does not exist`);
    at = found;
  }
  const written = text.slice(at, endOf(text, at));
  if (written === 'null') return null;
  if (written.startsWith('"')) return String(JSON.parse(written));
  return /^[{[]/.test(written) ? compact(written) : written;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function compact(json: string): string {
  return json.replace(/("[^"\\]*(?:\\.[^"\\]*)*"?)|\s+/g, (_, string: string | undefined) => string ?? '');
}

/** The start of a member's value: the first of those with its name. */
function memberAt(text: string, start: number, name: string): number | 'missing' {
  if (text[start] !== '{') return 'missing';
  let at = behindBlanks(text, start + 1);
  while (text[at] === '"') {
    const end = endOf(text, at);
    const value = behindBlanks(text, behindBlanks(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) return value;
    at = behindBlanks(text, endOf(text, value));
    if (text[at] === ',') at = behindBlanks(text, at + 1);
  }
  return 'missing';
}

function elementAt(text: string, start: number, index: number): number | 'missing' | 'beyond' {
  if (text[start] !== '[') return 'missing';
  let at = behindBlanks(text, start + 1);
  for (let place = 0; text[at] !== ']'; place += 1) {
    if (place === index) return at;
    at = behindBlanks(text, endOf(text, at));
    if (text[at] === ',') at = behindBlanks(text, at + 1);
  }
  return 'beyond';
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
  return at;
}

/** The end of the value that begins at a place of what is JSON. */
function endOf(text: string, start: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]|[^[\]{}",:\s]+|[,:\s]+/y;
  let depth = 0;
  token.lastIndex = start;
  do {
    const [found = ''] = token.exec(text) ?? [];
    if (found === '{' || found === '[') depth += 1;
    else if (found === '}' || found === ']') depth -= 1;
  } while (depth > 0 && token.lastIndex < text.length && token.lastIndex > 0);
  return token.lastIndex;
}
