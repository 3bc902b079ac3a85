import type { Material, Mutator } from './mutator.ts';

/** A mutator of the list of lines, each with its end. */
function ofLines(change: (lines: Buffer[], material: Material) => void): Mutator {
  return (input, material) => {
    const lines = linesOf(input);
    change(lines, material);
    return Buffer.concat(lines);
  };
}

function linesOf(input: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < input.length; ) {
    const feed = input.indexOf(0x0a, at);
    const end = feed === -1 ? input.length : feed + 1;
    lines.push(input.subarray(at, end));
    at = end;
  }
  return lines;
}

const INDENTS: readonly string[] = [' ', '  ', '\t', '- ', '    '];

export const lineMutators: readonly Mutator[] = [
  ofLines(function drop(lines, { random }) {
    lines.splice(random.below(lines.length), 1);
  }),
  ofLines(function double(lines, { random }) {
    const at = random.below(lines.length);
    const line = lines[at];
    const times = random.oneIn(8) ? 1 << random.below(8) : 1;
    if (line !== undefined) lines.splice(at, 0, ...Array.from({ length: times }, () => line));
  }),
  ofLines(function move(lines, { random }) {
    const [line] = lines.splice(random.below(lines.length), 1);
    if (line !== undefined) lines.splice(random.below(lines.length + 1), 0, line);
  }),
  ofLines(function takeOthers(lines, { random, other }) {
    const others = linesOf(other);
    const from = random.below(others.length);
    const taken = others.slice(from, from + 1 + random.below(4));
    lines.splice(random.below(lines.length + 1), random.below(2), ...taken);
  }),
  ofLines(function indent(lines, { random }) {
    const at = random.below(lines.length);
    const line = lines[at];
    if (line !== undefined) lines[at] = Buffer.concat([Buffer.from(random.pick(INDENTS)), line]);
  }),
  ofLines(function join(lines, { random }) {
    const at = random.below(lines.length);
    const line = lines[at];
    if (line !== undefined) lines[at] = Buffer.from(line.toString('latin1').replace(/\r?\n$/, ''), 'latin1');
  }),
];
