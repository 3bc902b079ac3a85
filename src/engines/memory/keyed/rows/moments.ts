/** The earliest of some moments; undefined where there are none. */
export function earliestOf(moments: Iterable<bigint>): bigint | undefined {
  let found: bigint | undefined;
  for (const moment of moments) if (found === undefined || moment < found) found = moment;
  return found;
}

/** The latest of some moments. */
export function latestOf(moments: Iterable<bigint>): bigint | undefined {
  let found: bigint | undefined;
  for (const moment of moments) if (found === undefined || moment > found) found = moment;
  return found;
}
