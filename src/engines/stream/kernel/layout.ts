/** What the numbers in the kernel's memory mean; `assembly/` says the same. */

/** What a watched key is watched for. */
export const WATCH_CHILDREN = 1;
export const WATCH_SIGN_KIND = 2;
export const WATCH_SIGN_VALUE = 4;
export const WATCH_ENVELOPE = 8;
/** Its first three characters. */
export const WATCH_SIGN_START = 16;
/** Of the root: whether a line has names beside those that are watched for this. */
export const WATCH_NAMES = 32;
export const WATCH_NAME = 64;

/** Why the kernel stopped reading. */
export const DONE = 0;
/** At a line whose signature it does not know. */
export const UNKNOWN_CLASS = 1;
/** At a line that it does not read: no object, not JSON, or too unusual. */
export const ODD_LINE = 2;
/** There is no room for more lines that have targets. */
export const OUT_FULL = 3;
/** Stamps must begin anew. */
export const STAMPS_END = 4;

/** What a value is, in the flags of its span. */
export const KIND_MASK = 15;
export const KIND_STRING = 1;
export const HAS_BACKSLASH = 16;

/** Kleene's truth, and what is not decided. */
export const TRUTH = { no: 0, yes: 1, unknown: 2, undecided: 3 } as const;

/** Added to targets of which nothing is left to decide. */
export const CERTAIN = 0x8000_0000;

export const SPAN_SIZE = 16;
export const KEY_ENTRY = 32;

export const ANCHOR_START = 1;
export const ANCHOR_END = 2;

/** Offsets inside of a slot, in bytes; see `assembly/search.ts`. */
export const SLOT = {
  field: 0,
  whole: 4,
  component: 12,
  start: 20,
  end: 28,
  gram: 36,
  filter: 44,
  filterShift: 48,
  short: 52,
  present: 56,
  null: 60,
  missing: 64,
  nonAscii: 68,
  unknown: 72,
  hasText: 76,
  nibbles: 80,
  stride: 84,
  size: 96,
} as const;
