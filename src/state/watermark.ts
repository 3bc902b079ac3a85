/** How far event time has come: no row from before this moment (in ticks) will come any more; `end`: no row at all will. */
export type Watermark = bigint | 'end';

/** Whether all of a window that ends with this moment (itself included) has come. */
export function isPast(moment: bigint, watermark: Watermark): boolean {
  return watermark === 'end' || moment < watermark;
}

/** The watermark after another one has come; they do not go back. */
export function later(a: Watermark | undefined, b: Watermark): Watermark {
  if (a === 'end' || b === 'end') return 'end';
  if (a !== undefined && a > b) return a;
  return b;
}

/** Whether a watermark moves on what has come. */
export function isAhead(watermark: Watermark, passed: Watermark | undefined): boolean {
  if (passed === undefined || passed === 'end') return passed === undefined;
  return watermark === 'end' || watermark > passed;
}

/** The watermark of what comes out so much later than what it is made of. */
export function delayed(watermark: Watermark | undefined, by: bigint | 'forever'): Watermark | undefined {
  if (watermark === undefined || watermark === 'end') return watermark;
  return by === 'forever' ? undefined : watermark - by;
}

/** The watermark of what is made of two inputs. */
export function earlier(a: Watermark, b: Watermark): Watermark {
  if (a === 'end') return b;
  return b === 'end' || a < b ? a : b;
}
