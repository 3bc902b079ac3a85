import type { Collation, Pattern } from '../../../ir/expr.ts';
import { sqlCall, sqlText } from '../tree/construct.ts';
import type { SqlExpr } from '../tree/sql-expr.ts';

type Term = Extract<Pattern, { kind: 'term' }>;

/**
 * A regex of RE2 that finds any of some terms as `compileTerm` does: where an end of a term counts and is alphanumeric, there is a
 * boundary. The texts are in lower case where case does not count.
 */
export function termRegex(terms: readonly Term[], collation: Collation): SqlExpr {
  const groups = new Map<string, { readonly opens: string; readonly closes: string; readonly texts: string[] }>();
  for (const { text: written, ends } of terms) {
    const text = collation === 'exact' ? written : written.toLowerCase();
    const opens = ends !== 'end' && isAlphanumeric(text.charAt(0)) ? `(?:^|${MARK})` : '';
    const closes = ends !== 'start' && isAlphanumeric(text.charAt(text.length - 1)) ? `(?:$|${MARK})` : '';
    const key = `${opens} ${closes}`;
    const group = groups.get(key) ?? { opens, closes, texts: [] };
    group.texts.push(literal(text));
    groups.set(key, group);
  }
  const ways = [...groups.values()].map(({ opens, closes, texts }) => {
    return `${opens}${texts.length === 1 ? texts[0] : `(?:${texts.join('|')})`}${closes}`;
  });
  const [first = '', ...more] = ways.join('|').split(MARK);
  return more.length === 0
    ? sqlText(first)
    : sqlCall('concat', sqlText(first), ...more.flatMap((part) => [VARIABLE, sqlText(part)]));
}

/** Where the class of boundaries stands. It is in no literal of ours. */
const MARK = '\0';
const VARIABLE = { kind: 'variable', name: 'boundary' } as const;

function isAlphanumeric(unit: string): boolean {
  return /[\p{L}\p{N}]/u.test(unit);
}

/** A text as a regex: all that is no letter or digit is escaped. */
function literal(text: string): string {
  return text.replace(/[\0-\x7F]/g, (unit) =>
    /[0-9A-Za-z]/.test(unit) ? unit : `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/**
 * A class of all that is no letter or digit, as JavaScript knows these now: of the first plane only, as half a surrogate pair is a
 * boundary to us.
 */
export const BOUNDARY: string = `[^${classOf(isAlphanumeric)}]`;

function classOf(isIn: (unit: string) => boolean): string {
  const ranges: string[] = [];
  let start: number | undefined;
  for (let code = 0; code <= 0x1_0000; code += 1) {
    const is = code < 0x1_0000 && isIn(String.fromCharCode(code));
    if (is) start ??= code;
    else if (start !== undefined) {
      ranges.push(code - 1 === start ? hex(start) : `${hex(start)}-${hex(code - 1)}`);
      start = undefined;
    }
  }
  return ranges.join('');
}

function hex(code: number): string {
  return code < 128 ? String.fromCharCode(code) : `\\x{${code.toString(16)}}`;
}
