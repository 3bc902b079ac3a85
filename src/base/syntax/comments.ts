const MARK = /\/\*|\*\//g;

/** The place behind a comment that begins at `start` with `/*` and may hold others; undefined where it is never closed. */
export function endOfComment(text: string, start: number): number | undefined {
  let depth = 0;
  MARK.lastIndex = start;
  for (let found = MARK.exec(text); found !== null; found = MARK.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return MARK.lastIndex;
  }
  return undefined;
}
