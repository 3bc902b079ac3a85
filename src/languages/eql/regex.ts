import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Regex } from '../../ir/expr.ts';
import { compileRegex } from '../../patterns/regex/index.ts';
import type { EqlString } from './ast.ts';

/** Lucene's regular expressions, any of which the whole value fits; undefined, with the reason, where one does not run. */
export function regexPattern(
  texts: readonly EqlString[],
  ignoreCase: boolean,
  report: (found: Diagnostic) => void,
): Regex | undefined {
  const options = { flavour: 'lucene', flags: '', anchored: true } as const;
  const sound = texts.filter(({ value, span }) => {
    const compiled = compileRegex(value, { ...options, ignoreCase });
    if (!compiled.ok) report(diagnostic('eql/bad-regex', { reason: compiled.reason }, span));
    return compiled.ok;
  });
  if (sound.length < texts.length || sound.length === 0) return undefined;
  const source = sound.length === 1 ? (sound[0]?.value ?? '') : sound.map(({ value }) => `(${value})`).join('|');
  return { kind: 'regex', source, ...options };
}
