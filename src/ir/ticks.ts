/** A time or a duration in units of 100 ns, as decimal text: IR is JSON, which has no integers of that size. */
export type Ticks = string;
