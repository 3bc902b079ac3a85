/** Functions over the rows in their order, by the most arguments that they take. */
export const WINDOW_FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['row_number', 2],
  ['row_cumsum', 2],
  ['row_rank_dense', 2],
  ['row_rank_min', 2],
  ['row_window_session', 4],
  ['prev', 3],
  ['next', 3],
]);

export function isWindowFunction(name: string): boolean {
  return WINDOW_FUNCTIONS.has(name);
}
