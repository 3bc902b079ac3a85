/** Where in a table with linear probing each of some hashes stands. */
export interface HashPlaces {
  /** How many places there are: a power of two, at least twice as many as hashes. */
  readonly size: number;
  /** By hash as given. */
  readonly places: Uint32Array;
  /** How many places were looked at. */
  readonly steps: number;
}

/** Each stands in the first free place from its home on. However many have the same home, each takes a few steps. */
export function placeHashes(hashes: readonly number[]): HashPlaces {
  let size = 4;
  while (size < 2 * hashes.length) size *= 2;
  /** From each place on, none is free before this one: itself, where it is free. */
  const free = Uint32Array.from({ length: size }, (_, place) => place);
  let steps = 0;
  const freeFrom = (home: number): number => {
    let place = home;
    for (let next = free[place] ?? place; next !== place; next = free[place] ?? place) {
      const further = free[next] ?? next;
      free[place] = further;
      place = further;
      steps += 1;
    }
    return place;
  };
  const places = Uint32Array.from(hashes, (hash) => {
    const place = freeFrom(homeOf(hash, size));
    free[place] = (place + 1) & (size - 1);
    steps += 1;
    return place;
  });
  return { size, places, steps };
}

/** Where the kernel begins to look. */
function homeOf(hash: number, size: number): number {
  return (hash ^ (hash >>> 15)) & (size - 1);
}
