// Where things lie in the kernel's memory, and what the numbers in it mean. The TypeScript side (`../layout.ts`) says the same.

// Kinds of values, as recorded in spans.
export const KIND_STRING: u32 = 1;
export const KIND_INTEGER: u32 = 2;
export const KIND_TRUE: u32 = 3;
export const KIND_FALSE: u32 = 4;
export const KIND_NULL: u32 = 5;
// A number whose canonical text is not its spelling.
export const KIND_NUMBER: u32 = 6;
export const KIND_OBJECT: u32 = 7;
export const KIND_ARRAY: u32 = 8;
// Something below an array: one or several values, or none.
export const KIND_BELOW_ARRAY: u32 = 9;

export const KIND_MASK: u32 = 15;
export const HAS_BACKSLASH: u32 = 16;

// What a watched key is watched for.
export const WATCH_CHILDREN: u32 = 1;
export const WATCH_SIGN_KIND: u32 = 2;
export const WATCH_SIGN_VALUE: u32 = 4;
export const WATCH_ENVELOPE: u32 = 8;
export const WATCH_SIGN_START: u32 = 16;
export const WATCH_NAMES: u32 = 32;
export const WATCH_NAME: u32 = 64;

// Why `run` returned.
export const DONE: u32 = 0;
export const UNKNOWN_CLASS: u32 = 1;
export const ODD_LINE: u32 = 2;
export const OUT_FULL: u32 = 3;
export const STAMPS_END: u32 = 4;

// Bytes of a recorded span: stamp, start, end, flags.
export const SPAN_SIZE: u32 = 16;
// Bytes of an entry of the key table: two words of the key, node << 16 | length, child, address, 4 unused.
export const KEY_ENTRY: u32 = 32;
