import { type Mutator, spliced } from '../mutate/mutator.ts';

/** What parts an input that holds rules from what they run over. A line of its own. */
const MARK = Buffer.from('\n%%%%\n');

/** The text before the mark, and the bytes behind it; without one, all is before it. */
export function sectionsOf(input: Buffer): readonly [head: string, body: Buffer] {
  const at = input.indexOf(MARK);
  if (at === -1) return [input.toString('utf8'), Buffer.alloc(0)];
  return [input.subarray(0, at).toString('utf8'), input.subarray(at + MARK.length)];
}

export function inSections(head: string, body: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(head), MARK, Buffer.from(body)]);
}

/** A mutator of what stands behind the mark only, so that the rules still mean something. */
export function ofBody(change: Mutator): Mutator {
  return (input, material) => {
    const at = input.indexOf(MARK);
    if (at === -1) return input;
    const from = at + MARK.length;
    const [, other] = sectionsOf(material.other);
    return spliced(input, from, input.length, change(input.subarray(from), { ...material, other }));
  };
}

/** A mutator of what stands before the mark only. */
export function ofHead(change: Mutator): Mutator {
  return (input, material) => {
    const at = input.indexOf(MARK);
    return at === -1 ? input : spliced(input, 0, at, change(input.subarray(0, at), material));
  };
}
