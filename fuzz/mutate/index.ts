import { byteMutators } from './bytes.ts';
import { lineMutators } from './lines.ts';
import type { Material, Mutator } from './mutator.ts';
import { tokenMutators } from './tokens.ts';

/** Some mutations, one on the other. Each kind of mutator is as likely as the others, however many there are of it. */
export function mutated(input: Buffer, own: readonly Mutator[], most: number, material: Material): Buffer {
  const { random } = material;
  const kinds = [byteMutators, tokenMutators, tokenMutators, lineMutators, ...(own.length > 0 ? [own, own] : [])];
  let made = input;
  for (let left = 1 << random.below(4); left > 0; left -= 1) made = random.pick(random.pick(kinds))(made, material);
  return made.length > most ? made.subarray(0, most) : made;
}
