import type { Step } from './ast.ts';

/** A name, or what stands in brackets. */
const STEP = /([^.[\]]+)|\[\s*(-?\d+|\*|'[^']*'|"[^"]*")\s*\]/y;

/**
 * `path: ['$.'] step ('.' step | '[' place ']')*`, `place: number | '*' | quoted name`: `a.b[0].c[*]['d.e']`. A text is why it
 * is none.
 */
export function parseKeyPath(path: string): readonly Step[] | string {
  const written = path.startsWith('$.') ? path.slice(2) : path;
  const steps: Step[] = [];
  let at = 0;
  while (at < written.length) {
    if (steps.length > 0 && written[at] === '.') at += 1;
    STEP.lastIndex = at;
    const found = STEP.exec(written);
    if (found === null) return at >= written.length ? 'it ends with a dot' : `\`${written[at]}\` has no place there`;
    const [whole, name, bracket] = found;
    at += whole.length;
    if (name !== undefined) steps.push(name);
    else if (bracket !== undefined) steps.push(placeOf(bracket));
  }
  return steps.length === 0 ? 'it has no step' : steps;
}

function placeOf(bracket: string): Step {
  if (bracket === '*') return null;
  return /^-?\d+$/.test(bracket) ? Number(bracket) : bracket.slice(1, -1);
}
