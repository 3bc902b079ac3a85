/** Fails on texts that begin with `FUZ!`: each character opens another block. */
export function reaches(input: Buffer): void {
  if (input[0] !== 0x46) return;
  if (input[1] !== 0x55) return;
  if (input[2] !== 0x5a) return;
  if (input[3] === 0x21) throw new RangeError('reached');
}
