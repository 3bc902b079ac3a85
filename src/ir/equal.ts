/** Whether two IR objects (expressions, plans, patterns) are the same but for their spans. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if ('kind' in a && (!('kind' in b) || a.kind !== b.kind)) return false;
  // Most comparisons are between different things, and the fingerprints, once taken, tell at once.
  if (fingerprint(a) !== fingerprint(b)) return false;
  return sameStructure(a, b);
}

/** The same, found out by looking: cheaper where the two are compared once, and mostly differ. */
export function sameStructure(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameStructure(item, b[index]));
  }
  if ('kind' in a && (!('kind' in b) || a.kind !== b.kind)) return false;
  let members = 0;
  for (const key in a) {
    if (key === 'span') continue;
    if (!Object.hasOwn(b, key) || !sameStructure(memberOf(a, key), memberOf(b, key))) return false;
    members += 1;
  }
  for (const key in b) if (key !== 'span') members -= 1;
  return members === 0;
}

function memberOf(node: object, key: string): unknown {
  return (node as Readonly<Record<string, unknown>>)[key];
}

const fingerprints = new WeakMap<object, number>();

/** A number that equal IR objects share, taken once for each object; unequal ones rarely share it. IR is never changed. */
export function fingerprint(node: object): number {
  const known = fingerprints.get(node);
  if (known !== undefined) return known;
  let hash = 17;
  if (Array.isArray(node)) {
    for (const item of node) hash = mix(hash, valueHash(item));
  } else {
    // The order of keys says nothing, so their hashes are added.
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'span') hash = (hash + mix(textHash(key), valueHash(value))) | 0;
    }
  }
  fingerprints.set(node, hash);
  return hash;
}

function valueHash(value: unknown): number {
  return typeof value === 'object' && value !== null ? fingerprint(value) : textHash(`${typeof value} ${value}`);
}

function mix(hash: number, next: number): number {
  return (Math.imul(hash, 31) + next) | 0;
}

function textHash(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at += 1) hash = mix(hash, text.charCodeAt(at));
  return hash;
}
