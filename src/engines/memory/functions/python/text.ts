import { isJsonObject } from '../../../../base/json.ts';
import type { Value } from '../../../../values/value.ts';

/** Python's `str`. `wrapped`: a list or map is one of the event's own, which say what they are. */
export function pythonText(value: Value, wrapped: boolean): string {
  if (typeof value === 'string') return value;
  if (!wrapped) return pythonRepr(value);
  if (Array.isArray(value)) {
    const items = value.map((item: Value) => pythonRepr(item));
    return `ImmutableList((${items.join(', ')}${items.length === 1 ? ',' : ''}))`;
  }
  return isJsonObject(value) ? `ImmutableCaseInsensitiveDict(${pythonRepr(value)})` : pythonRepr(value);
}

/** Python's `repr` of what JSON holds. */
function pythonRepr(value: Value): string {
  if (value === undefined || value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map((item: Value) => pythonRepr(item)).join(', ')}]`;
  if (!isJsonObject(value)) return '';
  const members = Object.entries(value).map(([key, member]) => `${quoted(key)}: ${pythonRepr(member)}`);
  return `{${members.join(', ')}}`;
}

/** The shortest digits that give the number back, as both languages choose them; the exponent begins elsewhere. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let found = '';
  for (const point of text) {
    const code = point.codePointAt(0) ?? 0;
    if (point === '\\' || point === mark) found += `\\${point}`;
    else if (point === '\n') found += '\\n';
    else if (point === '\r') found += '\\r';
    else if (point === '\t') found += '\\t';
    else if (point !== ' ' && /^[\p{C}\p{Z}]$/u.test(point)) found += hex(code);
    else found += point;
  }
  return mark + found + mark;
}

function hex(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
