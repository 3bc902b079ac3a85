import { parseFormattedDate } from '../../../../values/date-format.ts';
import { EPOCH_TICKS, mod } from '../../../../values/date-time.ts';

/** Date patterns as Java's `DateTimeFormatter` has them. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** A run of one letter, or text that stands for itself. */
type Piece = { readonly letter: string; readonly count: number } | { readonly text: string };

const known = new Map<string, readonly Piece[]>();

function piecesOf(pattern: string): readonly Piece[] {
  const found = known.get(pattern);
  if (found !== undefined) return found;
  const pieces: Piece[] = [];
  for (const [piece, quoted] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g)) {
    if (quoted !== undefined) pieces.push({ text: quoted === '' ? "'" : quoted.replaceAll("''", "'") });
    else if (/^[A-Za-z]/.test(piece)) pieces.push({ letter: piece.slice(0, 1), count: piece.length });
    else pieces.push({ text: piece });
  }
  if (known.size >= 1000) known.clear();
  known.set(pattern, pieces);
  return pieces;
}

/** Undefined where a letter is none that is known. */
export function formatJavaDate(pattern: string, ticks: bigint): string | undefined {
  const since = ticks - EPOCH_TICKS;
  const date = new Date(Number((since - mod(since, 10_000n)) / 10_000n));
  if (pattern === 'epoch_millis') return String(date.getTime());
  if (pattern === 'epoch_second') return String(Math.floor(date.getTime() / 1000));
  if (/^(?:strict_)?date_optional_time$/.test(pattern)) return date.toISOString();
  const parts: string[] = [];
  for (const piece of piecesOf(pattern)) {
    const text = 'text' in piece ? piece.text : formatted(piece.letter, piece.count, date, mod(ticks, 10_000_000n));
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return parts.join('');
}

function formatted(letter: string, count: number, date: Date, fraction: bigint): string | undefined {
  const padded = (number: number | bigint): string => String(number).padStart(count, '0');
  switch (letter) {
    case 'y':
    case 'u': {
      const year = date.getUTCFullYear();
      return count === 2 ? String(year % 100).padStart(2, '0') : padded(year);
    }
    case 'M':
    case 'L': {
      const name = MONTHS[date.getUTCMonth()] ?? '';
      return count >= 4 ? name : count === 3 ? name.slice(0, 3) : padded(date.getUTCMonth() + 1);
    }
    case 'd':
      return padded(date.getUTCDate());
    case 'D':
      return padded(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1);
    case 'E':
    case 'e':
    case 'c': {
      const name = DAYS[date.getUTCDay()] ?? '';
      if (letter !== 'E' && count < 3) return padded(date.getUTCDay() + 1);
      return count >= 4 ? name : name.slice(0, 3);
    }
    case 'Q':
    case 'q':
      return count >= 3 ? `Q${Math.floor(date.getUTCMonth() / 3) + 1}` : padded(Math.floor(date.getUTCMonth() / 3) + 1);
    case 'a':
      return date.getUTCHours() < 12 ? 'AM' : 'PM';
    case 'H':
      return padded(date.getUTCHours());
    case 'k':
      return padded(date.getUTCHours() === 0 ? 24 : date.getUTCHours());
    case 'h':
      return padded(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12);
    case 'K':
      return padded(date.getUTCHours() % 12);
    case 'm':
      return padded(date.getUTCMinutes());
    case 's':
      return padded(date.getUTCSeconds());
    case 'S':
      return (fraction * 100n).toString().padStart(9, '0').padEnd(count, '0').slice(0, count);
    case 'n':
      return (fraction * 100n).toString().padStart(count, '0');
    case 'X':
      return 'Z';
    case 'x':
    case 'Z':
      return count === 3 || count === 5 ? '+00:00' : count === 1 && letter === 'x' ? '+00' : '+0000';
    case 'z':
    case 'V':
      return letter === 'V' ? 'Z' : 'UTC';
    case 'G':
      return count === 4 ? 'Anno Domini' : 'AD';
    case 'Y':
      return weekOf(date)
        .year.toString()
        .padStart(count, '0')
        .slice(count === 2 ? -2 : 0);
    case 'w':
      return padded(weekOf(date).week);
    case 'W': {
      const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)).getUTCDay();
      return padded(Math.floor((date.getUTCDate() - 1 + first) / 7) + 1);
    }
    case 'F':
      return padded(Math.floor((date.getUTCDate() - 1) / 7) + 1);
    case 'A':
      return padded(mod(BigInt(date.getTime()), 86_400_000n));
    default:
      return undefined;
  }
}

/** Weeks as they are counted in the United States, whose customs Elasticsearch has: from Sunday, the first is that of January 1st. */
function weekOf(date: Date): { readonly year: number; readonly week: number } {
  const day = Math.floor(date.getTime() / 86_400_000);
  const saturday = new Date((day + 6 - date.getUTCDay()) * 86_400_000);
  const year = saturday.getUTCFullYear();
  const start = Math.floor(Date.UTC(year, 0, 1) / 86_400_000);
  return { year, week: Math.floor((saturday.getTime() / 86_400_000 - start) / 7) + 1 };
}

/** The moment of a text in ticks; undefined where it does not fit the pattern. */
export function parseJavaDate(pattern: string, text: string): bigint | undefined {
  const pieces = piecesOf(pattern);
  const hasNames = pieces.some(
    (piece) => 'letter' in piece && ('MLEa'.includes(piece.letter) || 'hK'.includes(piece.letter)),
  );
  if (!hasNames) return parseFormattedDate(text, pattern)?.ticks;
  return parseNamed(pieces, text);
}

/** Patterns with names of months or days, or halves of days. */
function parseNamed(pieces: readonly Piece[], text: string): bigint | undefined {
  const numbers = new Map<string, number>();
  let at = 0;
  for (const piece of pieces) {
    const rest = text.slice(at);
    if ('text' in piece) {
      if (!rest.startsWith(piece.text)) return undefined;
      at += piece.text.length;
      continue;
    }
    const found = readPiece(piece.letter, piece.count, rest);
    if (found === undefined) return undefined;
    numbers.set(piece.letter, found.number);
    at += found.length;
  }
  return at === text.length ? momentOfParts(numbers) : undefined;
}

function readPiece(letter: string, count: number, rest: string): { number: number; length: number } | undefined {
  const isMonth = (letter === 'M' || letter === 'L') && count >= 3;
  if (isMonth || letter === 'E') {
    const names = isMonth ? MONTHS : DAYS;
    const wanted = names.map((name) => (count >= 4 ? name : name.slice(0, 3)));
    const place = wanted.findIndex((name) => rest.toLowerCase().startsWith(name.toLowerCase()));
    return place === -1 ? undefined : { number: place + 1, length: wanted[place]?.length ?? 0 };
  }
  if (letter === 'a') {
    const half = /^[AP]M/i.exec(rest)?.[0];
    return half === undefined ? undefined : { number: half.toUpperCase() === 'PM' ? 1 : 0, length: 2 };
  }
  if ('XxZ'.includes(letter)) {
    const zone = /^(?:Z|([+-])(\d{2}):?(\d{2})?)/.exec(rest);
    if (zone === null) return undefined;
    const minutes = Number(zone[2] ?? 0) * 60 + Number(zone[3] ?? 0);
    return { number: zone[1] === '-' ? -minutes : minutes, length: zone[0].length };
  }
  const digits = new RegExp(`^\\d{${count === 1 ? '1,9' : count}}`).exec(rest)?.[0];
  if (digits === undefined) return undefined;
  const number = letter === 'S' ? Number(digits.padEnd(3, '0').slice(0, 3)) : Number(digits);
  return { number: 'yu'.includes(letter) && count === 2 ? 2000 + number : number, length: digits.length };
}

function momentOfParts(parts: ReadonlyMap<string, number>): bigint | undefined {
  const of = (...letters: readonly string[]): number | undefined =>
    letters.map((letter) => parts.get(letter)).find((part) => part !== undefined);
  const [year, month, day] = [of('y', 'u') ?? 1970, of('M', 'L') ?? 1, of('d') ?? 1];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const half = of('h', 'K');
  const hour = half === undefined ? (of('H', 'k') ?? 0) : (half % 12) + (of('a') ?? 0) * 12;
  date.setUTCHours(hour, of('m') ?? 0, of('s') ?? 0, of('S') ?? 0);
  const minutes = of('X', 'x', 'Z') ?? 0;
  return EPOCH_TICKS + BigInt(date.getTime() - minutes * 60_000) * 10_000n;
}
