// Addresses and sizes that the TypeScript side sets, and what a run leaves for it to read.

// Hash table of watched keys, and the mask of its index.
export let keyTable: u32 = 0;
export let keyMask: u32 = 0;
// One byte for each node of the trie of watched keys: WATCH_… flags.
export let watch: u32 = 0;
// One u32 for each node: address of { n, descendant … }.
export let descendants: u32 = 0;
// One span for each node.
export let spans: u32 = 0;

// Room for the keys of one line.
export let keySet: u32 = 0;

// The signature of the line at hand, and where its room ends.
export let signature: u32 = 0;
export let signatureLimit: u32 = 0;
// Table of known signatures: { hash, address, length, class }.
export let signTable: u32 = 0;
export let signMask: u32 = 0;

// One u32 for each class: address of its slots, or 0 where no rule wants its lines.
export let classes: u32 = 0;
// One u32 for each class: lines seen.
export let classLines: u32 = 0;

// One u32 for each target: the stamp of the line that had it last.
export let targetStamps: u32 = 0;

// Folded values of the line at hand.
export let arena: u32 = 0;
export let arenaLimit: u32 = 0;

// Lines that have targets: { start, end, line, class, n, targets … }.
export let out: u32 = 0;
export let outLimit: u32 = 0;
// How many targets a line can have at most.
export let maxTargets: u32 = 0;

// Left behind by a run.
export let stoppedAt: u32 = 0;
export let lineEnd: u32 = 0;
export let lines: u32 = 0;
export let blank: u32 = 0;
export let outEnd: u32 = 0;
export let signatureEnd: u32 = 0;
export let signatureHash: u32 = 0;

export function setKeys(table: u32, mask: u32, watchAt: u32, belowAt: u32, spansAt: u32): void {
  keyTable = table;
  keyMask = mask;
  watch = watchAt;
  descendants = belowAt;
  spans = spansAt;
}

export function setKeySet(at: u32): void {
  keySet = at;
}

export function setSignatures(at: u32, limit: u32, table: u32, mask: u32): void {
  signature = at;
  signatureLimit = limit;
  signTable = table;
  signMask = mask;
}

export function setClasses(at: u32, linesAt: u32, stampsAt: u32, most: u32): void {
  classes = at;
  classLines = linesAt;
  targetStamps = stampsAt;
  maxTargets = most;
}

export function setBuffers(arenaAt: u32, arenaEnd: u32, outAt: u32, outEndAt: u32): void {
  arena = arenaAt;
  arenaLimit = arenaEnd;
  out = outAt;
  outLimit = outEndAt;
}

export function setOut(end: u32): void {
  outEnd = end;
}

export function setStopped(at: u32): void {
  stoppedAt = at;
}

export function setLineEnd(at: u32): void {
  lineEnd = at;
}

export function setCounts(lineCount: u32, blankCount: u32): void {
  lines = lineCount;
  blank = blankCount;
}

export function setSignature(end: u32, hash: u32): void {
  signatureEnd = end;
  signatureHash = hash;
}
