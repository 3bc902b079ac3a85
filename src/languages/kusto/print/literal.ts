import { stripEnd } from '../../../base/strip.ts';
import type { LiteralExpression } from '../ast/index.ts';

const TICKS: readonly (readonly [string, bigint])[] = [
  ['d', 864_000_000_000n],
  ['h', 36_000_000_000n],
  ['m', 600_000_000n],
  ['s', 10_000_000n],
  ['ms', 10_000n],
  ['microsecond', 10n],
  ['tick', 1n],
];

const EPOCH = 621_355_968_000_000_000n;

/** A constant as text that is read as the same one. */
export function printLiteral({ type, value }: LiteralExpression): string {
  if (value === null) return `${type}(null)`;
  switch (type) {
    case 'string':
      return printText(String(value));
    case 'bool':
      return String(value);
    case 'long':
      return String(value).startsWith('-') ? `long(${value})` : String(value);
    case 'real':
      return printReal(Number(value));
    case 'timespan':
      return printTimespan(BigInt(String(value)));
    case 'datetime':
      return `datetime(${printMoment(BigInt(String(value)))})`;
    case 'int':
    case 'decimal':
    case 'guid':
    case 'dynamic':
      return `${type}(${value})`;
  }
}

/** A string as a person would write it: as it stands where it has backslashes and little else, else with escapes. */
export function printText(text: string): string {
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  if (text.includes('\\') && /^[\x20-\x7e]*$/.test(text) && !text.includes(quote)) return `@${quote}${text}${quote}`;
  return `${quote}${[...text].map((character) => escaped(character, quote)).join('')}${quote}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${character}`;
  const known = ESCAPES.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000);
  return isControl ? `\\u${code.toString(16).padStart(4, '0')}` : character;
}

function printReal(value: number): string {
  if (Number.isNaN(value)) return 'real(nan)';
  if (!Number.isFinite(value)) return value < 0 ? 'real(-inf)' : 'real(+inf)';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  const text = /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
  return text.startsWith('-') ? `real(${text})` : text;
}

/** `90m` and its like; durations of several units, and negative ones, by the clock. */
function printTimespan(ticks: bigint): string {
  if (ticks >= 0n) {
    const unit = TICKS.find(([, size]) => ticks % size === 0n && ticks > 0n) ?? TICKS.find(([name]) => name === 's');
    if (unit !== undefined && ticks / unit[1] < 10_000n) return `${ticks / unit[1]}${unit[0]}`;
  }
  const size = ticks < 0n ? -ticks : ticks;
  const part = (unit: bigint, of: bigint, digits: number): string =>
    ((size / unit) % of).toString().padStart(digits, '0');
  const days = size / 864_000_000_000n;
  const clock = `${part(36_000_000_000n, 24n, 2)}:${part(600_000_000n, 60n, 2)}:${part(10_000_000n, 60n, 2)}`;
  const fraction = size % 10_000_000n === 0n ? '' : `.${stripEnd(part(1n, 10_000_000n, 7), '0')}`;
  return `time(${ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${clock}${fraction})`;
}

function printMoment(ticks: bigint): string {
  const sinceEpoch = ticks - EPOCH;
  const fraction = ((sinceEpoch % 10_000_000n) + 10_000_000n) % 10_000_000n;
  const seconds = new Date(Number((sinceEpoch - fraction) / 10_000n)).toISOString().replace(/\.000Z$/, '');
  if (fraction !== 0n) return `${seconds}.${fraction.toString().padStart(7, '0')}Z`;
  return seconds.endsWith('T00:00:00') ? seconds.slice(0, 10) : `${seconds}Z`;
}
