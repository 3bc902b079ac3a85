import { type Mutator, someRange, spliced } from './mutator.ts';

/** Numbers at which programs change their minds. */
const EDGES: readonly number[] = [
  0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fff_ffff, 0xffff_ffff,
];

/** Sequences that decoders of text trip over: a cut character, a lone surrogate, marks, ends of lines, what has two lengths in two cases. */
const TEXTS: readonly Uint8Array[] = [
  ...[
    '\0',
    '\r\n',
    '\r',
    '\ufeff',
    '\u2028',
    '\u212a',
    'İ',
    'ß',
    '\u{1f600}',
    '\u202e',
    '\x1b[31m',
    '\u00a0',
    '\\u0000',
  ].map((text) => Buffer.from(text)),
  Buffer.from([0xff]),
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf0, 0x9f]),
];

export const byteMutators: readonly Mutator[] = [
  function flipBit(input, { random }) {
    if (input.length === 0) return input;
    const made = Buffer.from(input);
    const at = random.below(made.length);
    made[at] = (made[at] ?? 0) ^ (1 << random.below(8));
    return made;
  },
  function setByte(input, { random }) {
    if (input.length === 0) return input;
    const made = Buffer.from(input);
    made[random.below(made.length)] = random.below(256);
    return made;
  },
  function setNumber(input, { random }) {
    const size = random.pick([1, 2, 4, 8]);
    if (input.length < size) return input;
    const made = Buffer.from(input);
    const at = random.below(made.length - size + 1);
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(random.pick(EDGES)));
    made.set(bytes.subarray(0, size), at);
    return made;
  },
  function insertText(input, { random }) {
    const at = random.below(input.length + 1);
    return spliced(input, at, at, random.pick(TEXTS));
  },
  function remove(input, { random }) {
    const [start, end] = someRange(input, random);
    return spliced(input, start, end, Buffer.alloc(0));
  },
  function repeat(input, { random }) {
    const [start, end] = someRange(input, random);
    const times = random.oneIn(8) ? 1 << random.below(10) : 1 + random.below(4);
    const piece = input.subarray(start, end);
    return spliced(input, end, end, Buffer.concat(Array.from({ length: times }, () => piece)));
  },
  function copyElsewhere(input, { random }) {
    const [start, end] = someRange(input, random);
    const at = random.below(input.length + 1);
    return spliced(input, at, at, input.subarray(start, end));
  },
  function cut(input, { random }) {
    return input.subarray(0, random.below(input.length + 1));
  },
  function takeFromOther(input, { random, other }) {
    const [start, end] = someRange(other, random);
    const [from, to] = someRange(input, random);
    return spliced(input, from, to, other.subarray(start, end));
  },
  function crossOver(input, { random, other }) {
    return Buffer.concat([
      input.subarray(0, random.below(input.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
];
