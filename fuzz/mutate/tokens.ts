import type { Random } from '../engine/random.ts';
import { type Mutator, spliced } from './mutator.ts';

/** A word or number, blanks, or one other character. Bytes are characters here, so that nothing is lost of them. */
const TOKEN = /[\w\u0080-\u00ff]+|\s+|[^\w\s]/g;

/** Spellings of numbers that lexers, converters and limits differ on. */
const NUMBERS: readonly string[] = [
  ...['0', '-0', '-1', '1', '00', '1e3', '1E+400', '0x10', '1.0', '.5', '1.', '1_000'],
  ...['127', '128', '255', '256', '65535', '65536', '2147483648', '4294967296'],
  ...['9007199254740993', '9223372036854775807', '9223372036854775808', '1e-400', 'NaN', 'Infinity', '9'.repeat(40)],
];

const PAIRS: readonly (readonly [string, string])[] = [
  ...(['()', '[]', '{}', '<>', '""', "''", '``', '//', '%%'] as const).map(
    (both) => [both[0] ?? '', both[1] ?? ''] as const,
  ),
  ['not (', ')'],
  ['"""', '"""'],
];

interface Place {
  readonly start: number;
  readonly end: number;
}

/** The tokens of an input, those of blanks left out. */
function tokensOf(input: Buffer): Place[] {
  const text = input.toString('latin1');
  return [...text.matchAll(TOKEN)].flatMap((found) =>
    found[0].trim() === '' ? [] : [{ start: found.index, end: found.index + found[0].length }],
  );
}

function someToken(input: Buffer, random: Random): Place {
  const tokens = tokensOf(input);
  return tokens.length === 0 ? { start: 0, end: input.length } : random.pick(tokens);
}

function bytesAt(input: Buffer, { start, end }: Place): Buffer {
  return input.subarray(start, end);
}

export const tokenMutators: readonly Mutator[] = [
  function insertWord(input, { random, words }) {
    if (words.length === 0) return input;
    const { start, end } = someToken(input, random);
    const at = random.oneIn(2) ? start : end;
    const blank = random.oneIn(3) ? '' : ' ';
    return spliced(input, at, at, Buffer.from(`${blank}${random.pick(words)}${blank}`));
  },
  function putWord(input, { random, words }) {
    if (words.length === 0) return input;
    const { start, end } = someToken(input, random);
    return spliced(input, start, end, Buffer.from(random.pick(words)));
  },
  function dropToken(input, { random }) {
    const { start, end } = someToken(input, random);
    return spliced(input, start, end, Buffer.alloc(0));
  },
  function doubleToken(input, { random }) {
    const place = someToken(input, random);
    return spliced(input, place.end, place.end, Buffer.concat([Buffer.from(' '), bytesAt(input, place)]));
  },
  function swapTokens(input, { random }) {
    const tokens = tokensOf(input);
    if (tokens.length < 2) return input;
    const [first, second] = [random.pick(tokens), random.pick(tokens)].sort((a, b) => a.start - b.start);
    if (first === undefined || second === undefined || first.start === second.start) return input;
    return Buffer.concat([
      input.subarray(0, first.start),
      bytesAt(input, second),
      input.subarray(first.end, second.start),
      bytesAt(input, first),
      input.subarray(second.end),
    ]);
  },
  function putOthersToken(input, { random, other }) {
    const { start, end } = someToken(input, random);
    return spliced(input, start, end, bytesAt(other, someToken(other, random)));
  },
  function putNumber(input, { random }) {
    const numbers = tokensOf(input).filter(({ start }) => /[0-9]/.test(String.fromCharCode(input[start] ?? 0)));
    const { start, end } = numbers.length === 0 ? someToken(input, random) : random.pick(numbers);
    return spliced(input, start, end, Buffer.from(random.pick(NUMBERS)));
  },
  function enclose(input, { random }) {
    const tokens = tokensOf(input);
    if (tokens.length === 0) return input;
    const first = random.below(tokens.length);
    const last = Math.min(tokens.length - 1, first + random.below(4));
    const [open, close] = random.pick(PAIRS);
    const depth = random.oneIn(16) ? 1 << random.below(12) : 1;
    const { start } = tokens[first] ?? { start: 0 };
    const { end } = tokens[last] ?? { end: input.length };
    return Buffer.concat([
      input.subarray(0, start),
      Buffer.from(open.repeat(depth)),
      input.subarray(start, end),
      Buffer.from(close.repeat(depth)),
      input.subarray(end),
    ]);
  },
  function changeCase(input, { random }) {
    const place = someToken(input, random);
    const text = bytesAt(input, place).toString('latin1');
    const changed = random.oneIn(2) ? text.toUpperCase() : text.toLowerCase();
    return spliced(input, place.start, place.end, Buffer.from(changed, 'latin1'));
  },
];
