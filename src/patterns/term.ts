/**
 * Kusto's term search (`has`, `hasprefix`, `hassuffix`): the needle stands in the value, without regard to case, and where
 * an end of the needle that counts is alphanumeric, the value has a boundary there: its neighbour is not alphanumeric, or
 * there is none. `_` is no letter, so it is a boundary. This is the one rule that agrees with all documented results
 * (Microsoft, "Kusto string operators", and dataexplorer-docs issue 1005).
 *
 * `ends` says which ends of the needle need the boundary: `has` both, `hasprefix` the start, `hassuffix` the end.
 */
export function compileTerm(
  needle: string,
  ends: 'both' | 'start' | 'end',
  ignoreCase: boolean,
): (value: string) => boolean {
  const wanted = ignoreCase ? needle.toLowerCase() : needle;
  const atStart = ends !== 'end' && isAlphanumeric(wanted, 0);
  const atEnd = ends !== 'start' && isAlphanumeric(wanted, wanted.length - 1);
  return (value) => {
    const text = ignoreCase ? value.toLowerCase() : value;
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      const opens = !atStart || at === 0 || !isAlphanumeric(text, at - 1);
      const closes = !atEnd || end === text.length || !isAlphanumeric(text, end);
      if (opens && closes) return true;
      if (wanted === '') return false;
    }
    return false;
  };
}

const ALPHANUMERIC = /[\p{L}\p{N}]/u;

function isAlphanumeric(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (Number.isNaN(unit)) return false;
  if (unit < 128) return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
  return ALPHANUMERIC.test(text.charAt(at));
}
