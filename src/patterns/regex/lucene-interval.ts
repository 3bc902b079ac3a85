import { alternation, concat, oneOf, type RegexNode } from './ast.ts';

const ZERO = 0x30;
const MOST = 2_147_483_647;

const digits = (from: number, to: number): RegexNode => oneOf([ZERO + from, ZERO + to]);
const repeated = (body: RegexNode, min: number, max: number | undefined): RegexNode => ({
  kind: 'repeat',
  body,
  min,
  max,
  greedy: true,
});

/**
 * Lucene's `<1-100>`: the whole numbers from one to another, in either order. Bounds with as many digits as each other ask for so many digits;
 * otherwise any number of zeros may lead. Undefined where the text between `<` and `>` is none.
 */
export function intervalPattern(written: string): RegexNode | undefined {
  const found = /^(\d+)-(\d+)$/.exec(written);
  const [, first = '', second = ''] = found ?? [];
  if (found === null || Number(first) > MOST || Number(second) > MOST) return undefined;
  const [low, high] = Number(first) <= Number(second) ? [first, second] : [second, first];
  if (low.length === high.length) return between(low, high);
  const [least, most] = [String(Number(low)), String(Number(high))];
  const lengths = Array.from({ length: most.length - least.length + 1 }, (_, at) => least.length + at);
  const ofLength = lengths.map((length) => {
    const from = length === least.length ? least : `1${'0'.repeat(length - 1)}`;
    return between(from, length === most.length ? most : '9'.repeat(length));
  });
  return concat([repeated(digits(0, 0), 0, undefined), alternation(ofLength)]);
}

/** Numbers of one length between two of that length, digit by digit. */
function between(low: string, high: string): RegexNode {
  const [first, last] = [Number(low[0]), Number(high[0])];
  if (low.length === 1) return digits(first, last);
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  if (first === last) return concat([digits(first, first), between(lowRest, highRest)]);
  const [zeros, nines] = ['0'.repeat(lowRest.length), '9'.repeat(lowRest.length)];
  const any = repeated(digits(0, 9), lowRest.length, lowRest.length);
  const middle = last - first > 1 ? [concat([digits(first + 1, last - 1), any])] : [];
  return alternation([
    concat([digits(first, first), between(lowRest, nines)]),
    ...middle,
    concat([digits(last, last), between(zeros, highRest)]),
  ]);
}
