import { dateTicks } from './date-math.ts';
import { EPOCH_TICKS, parseDateTime, TICKS_PER_SECOND } from './date-time.ts';

/** Reads the texts of a date field; undefined for what is no date in its format. */
export type DateFormat = (text: string) => bigint | undefined;

/**
 * A format of a date field's mapping: patterns of Java's `DateTimeFormatter` (`yyyy-MM-dd HH:mm:ss.SSS`, letters for numbers
 * and the zone, text in quotes) and Elasticsearch's own names, several between `||`. A name that is not known reads ISO 8601.
 */
export function compileDateFormat(written: string): DateFormat {
  const readers = written.split('||').map((one) => readerOf(one.trim()));
  return (text) => {
    for (const read of readers) {
      const moment = read(text);
      if (moment !== undefined) return moment;
    }
    return undefined;
  };
}

function readerOf(format: string): DateFormat {
  if (format === 'epoch_millis') return (text) => sinceEpoch(text, TICKS_PER_SECOND / 1000n);
  if (format === 'epoch_second') return (text) => sinceEpoch(text, TICKS_PER_SECOND);
  if (format === '' || /^[a-z][a-z_]{4,}$/.test(format)) return dateTicks;
  return patternReader(format);
}

function sinceEpoch(text: string, unit: bigint): bigint | undefined {
  return /^-?\d{1,16}$/.test(text) ? EPOCH_TICKS + BigInt(text) * unit : undefined;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'zone';

const LETTERS: ReadonlyMap<string, Part> = new Map([
  ['y', 'year'],
  ['u', 'year'],
  ['M', 'month'],
  ['d', 'day'],
  ['H', 'hour'],
  ['m', 'minute'],
  ['s', 'second'],
  ['S', 'fraction'],
  ['X', 'zone'],
  ['Z', 'zone'],
]);

/** Runs of one letter, text in quotes, and what stands for itself. */
const PIECES = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/g;

function patternReader(format: string): DateFormat {
  const parts: Part[] = [];
  let source = '';
  for (const [piece, letter, quoted] of format.matchAll(PIECES)) {
    const part = letter === undefined ? undefined : LETTERS.get(letter);
    if (part === undefined) {
      source += escaped(quoted === undefined ? piece : quoted.replaceAll("''", "'"));
      continue;
    }
    parts.push(part);
    source += `(${patternOf(part, piece.length)})`;
  }
  const whole = new RegExp(`^${source}$`);
  return (text) => {
    const found = whole.exec(text);
    if (found === null) return undefined;
    const values = new Map(parts.map((part, place): [Part, string] => [part, found[place + 1] ?? '']));
    const of = (part: Part, otherwise: string): string => (values.get(part) ?? otherwise).padStart(2, '0');
    const date = `${of('year', '1970')}-${of('month', '01')}-${of('day', '01')}`;
    const time = `${of('hour', '00')}:${of('minute', '00')}:${of('second', '00')}.${values.get('fraction') ?? '0'}`;
    return parseDateTime(`${date}T${time}${values.get('zone') ?? 'Z'}`)?.ticks;
  };
}

function patternOf(part: Part, length: number): string {
  if (part === 'zone') return 'Z|[+-]\\d{2}:?\\d{2}';
  if (part === 'fraction') return `\\d{${length}}`;
  return length === 1 ? '\\d{1,2}' : `\\d{${part === 'year' ? 4 : length}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
