/** A time as tables show it: without the fraction of a second. */
export function timeCell(time: string | null | undefined): string {
  return (time ?? '-').replace(/\.\d+Z$/, 'Z');
}
