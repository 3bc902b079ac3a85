import { fromEpochMs, parseDateTime } from './date-time.ts';
import { momentOf } from './moment.ts';
import { textOf } from './text-of.ts';
import { DateTime, type Value } from './value.ts';

/**
 * A date as a field with a format reads it (Elasticsearch, `format` of mappings): names such as `epoch_second`, patterns such as
 * `dd-MM-yyyy`, several with `||` between them, of which the first that fits counts. Undefined where none does.
 */
export function parseFormattedDate(value: Value, format: string): DateTime | undefined {
  if (value instanceof DateTime) return value;
  const text = textOf(value)?.trim();
  if (text === undefined || text === '') return undefined;
  for (const one of format.split('||')) {
    const found = parseOne(text, one.trim());
    if (found !== undefined) return found;
  }
  return undefined;
}

function parseOne(text: string, format: string): DateTime | undefined {
  switch (format) {
    case 'epoch_millis':
      return epoch(text, 1);
    case 'epoch_second':
      return epoch(text, 1000);
    default:
      return /^(?:strict_)?(?:basic_)?[a-z]+_[a-z_]+$/.test(format) ? byName(text) : byPattern(text, format);
  }
}

function epoch(text: string, factor: number): DateTime | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? fromEpochMs(Math.floor(Number(text) * factor)) : undefined;
}

/** The named formats but for those of numbers are all spellings of ISO 8601. */
function byName(text: string): DateTime | undefined {
  const written = parseDateTime(text);
  if (written !== undefined) return written;
  const ticks = /^\d+$/.test(text) ? undefined : momentOf(text);
  return ticks === undefined ? undefined : new DateTime(ticks);
}

interface Pattern {
  readonly regex: RegExp;
  readonly letters: readonly string[];
}

const patterns = new Map<string, Pattern>();

function byPattern(text: string, format: string): DateTime | undefined {
  const pattern = patterns.get(format) ?? compile(format);
  patterns.set(format, pattern);
  const found = pattern.regex.exec(text);
  if (found === null) return undefined;
  const part = (letters: string, otherwise: number): number => {
    const at = pattern.letters.findIndex((one) => letters.includes(one));
    return at === -1 ? otherwise : Number(found[at + 1]);
  };
  const [year, month, day] = [part('yu', 1970), part('M', 1), part('d', 1)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = pattern.letters.indexOf('S');
  const ms = fraction === -1 ? 0 : Number((found[fraction + 1] ?? '').padEnd(3, '0').slice(0, 3));
  const zone = pattern.letters.indexOf('X');
  date.setUTCHours(part('H', 0), part('m', 0), part('s', 0), ms);
  return fromEpochMs(date.getTime() - (zone === -1 ? 0 : offsetMs(found[zone + 1] ?? 'Z')));
}

/** Letters as Java's date patterns have them; whatever stands in quotes, and every other character, stands for itself. */
function compile(format: string): Pattern {
  const letters: string[] = [];
  const source = format.replace(/'([^']*)'|([yuMdHmsSXZ])\2*|[^A-Za-z']|[A-Za-z]/g, (piece, quoted, letter) => {
    if (typeof quoted === 'string') return escaped(quoted === '' ? "'" : quoted);
    if (typeof letter !== 'string') return escaped(piece);
    letters.push(letter === 'Z' ? 'X' : letter);
    if (letter === 'X' || letter === 'Z') return '(Z|[+-]\\d{2}:?\\d{2})';
    if (letter === 'S') return '(\\d{1,9})';
    return piece.length >= 3 ? '(\\d{4})' : piece.length === 2 ? '(\\d{2})' : '(\\d{1,4})';
  });
  return { regex: new RegExp(`^${source}$`), letters };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (special) => `\\${special}`);
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
