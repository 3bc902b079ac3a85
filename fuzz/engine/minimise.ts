/** Whether an input still shows what is wanted of it. */
export type Shows = (input: Buffer) => Promise<boolean>;

/**
 * A smaller input that shows the same: pieces are left out while it does, of half of it at first, of single bytes at last (delta
 * debugging, Zeller and Hildebrandt), then bytes are made plain. Ends after `most` tries, or when `isOver`.
 */
export async function minimised(input: Buffer, shows: Shows, most: number, isOver: () => boolean): Promise<Buffer> {
  let best = input;
  let tries = 0;
  const holds = async (candidate: Buffer): Promise<boolean> => {
    if (tries >= most || isOver()) return false;
    tries += 1;
    return shows(candidate);
  };
  for (let size = Math.ceil(input.length / 2); size >= 1; ) {
    let shrunk = false;
    for (let at = 0; at < best.length; ) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (await holds(without)) {
        best = without;
        shrunk = true;
      } else at += size;
    }
    if (size === 1 && !shrunk) break;
    if (!shrunk || size > best.length) size = Math.max(1, Math.min(Math.ceil(size / 2), Math.max(1, best.length)));
    if (tries >= most || isOver()) break;
  }
  return plain(best, holds);
}

/** Letters, digits and what is no text become `a`, `0` and blanks, where that changes nothing. */
async function plain(input: Buffer, holds: Shows): Promise<Buffer> {
  let best = input;
  for (let at = 0; at < input.length; at += 1) {
    const byte = best[at] ?? 0;
    const plainer = /[b-zA-Z]/.test(String.fromCharCode(byte)) ? 0x61 : byte >= 0x31 && byte <= 0x39 ? 0x30 : undefined;
    if (plainer === undefined) continue;
    const made = Buffer.from(best);
    made[at] = plainer;
    if (await holds(made)) best = made;
  }
  return best;
}
