import { FALSE, match, TRUE } from '../../../../ir/construct.ts';
import type { WildcardPart } from '../../../../ir/expr.ts';
import { compileRegex } from '../../../../patterns/regex/index.ts';
import type { Expression } from '../../ast.ts';
import { STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { pythonRegex } from './regex.ts';
import { boolean, isOf, type Outcomes, type PyValue, sure } from './value.ts';

/** The flags of a regular expression; undefined where one is not known. */
export function flagsOf(...given: readonly (Outcomes | undefined)[]): string | undefined {
  let flags = '';
  for (const outcomes of given) {
    for (const { value } of outcomes ?? []) {
      if (value.kind === 'foreign' && /^re\.(?:I|IGNORECASE)$/.test(value.name)) flags += 'i';
      else if (value.kind === 'foreign' && /^re\.(?:S|DOTALL)$/.test(value.name)) flags += 's';
      else return undefined;
    }
  }
  return flags;
}

/** A search by a regular expression: a match, which is true, or None. */
export function regexMatch(
  source: string,
  flags: string,
  how: string,
  value: PyValue,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const pattern = pythonRegex(source, flags, how);
  if (pattern === undefined) return of.note('this regular expression', node);
  const options = { flavour: 'pcre', flags: pattern.flags, anchored: how === 'fullmatch', ignoreCase: false } as const;
  const compiled = compileRegex(pattern.source, options);
  if (!compiled.ok) return of.note('this regular expression', node);
  if (value.kind === 'const') {
    if (typeof value.value !== 'string') return [];
    const found = compiled.regex.test(value.value);
    return sure({ kind: 'maybe', t: found ? TRUE : FALSE, f: found ? FALSE : TRUE });
  }
  if (value.kind !== 'dynamic') return of.note('this regular expression', node);
  const test = match(
    value.expr,
    { kind: 'regex', source: pattern.source, flavour: 'pcre', flags: pattern.flags, anchored: how === 'fullmatch' },
    { quantifier: 'whole' },
  );
  const { t, f } = of.pairOf(test);
  return [{ cond: isOf(value, STR), value: { kind: 'maybe', t, f } }];
}

/** `fnmatch`. */
export function wildcard(value: PyValue, pattern: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  if (pattern.kind !== 'const' || typeof pattern.value !== 'string' || pattern.value.includes('['))
    return of.note('this pattern', node);
  if (value.kind !== 'dynamic')
    return value.kind === 'const' && value.value === null ? [] : of.note('this pattern', node);
  const parts: WildcardPart[] = pattern.value
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? { any: 'many' } : part === '?' ? { any: 'one' } : { text: part }));
  const test = match(value.expr, { kind: 'wildcard', parts }, { quantifier: 'whole' });
  return [{ cond: isOf(value, STR), value: boolean(of.pairOf(test)) }];
}
