import type { Bound, Collation, Pattern, PatternScalar } from '../../ir/expr.ts';
import { compileWildcard } from '../../ir/wildcard.ts';
import { compileCidr } from '../../patterns/cidr.ts';
import { compileRegex } from '../../patterns/regex/index.ts';
import { compileTerm } from '../../patterns/term.ts';
import { textOf } from '../../values/text-of.ts';
import type { Value } from '../../values/value.ts';
import { compileAnalysed, tokens } from './analysed.ts';

/** A pattern made into a test of one value that is neither null nor missing. */
export type ValueTest = (value: Value) => boolean;

/** Patterns see a scalar's canonical text; a map or an array fits none of them. */
export function compilePattern(pattern: Pattern, collation: Collation): ValueTest {
  const ignoreCase = collation === 'ignore-case';
  switch (pattern.kind) {
    case 'equals':
      return compileOneOf([pattern.value], ignoreCase);
    case 'one-of':
      return compileOneOf(pattern.values, ignoreCase);
    case 'prefix': {
      const wanted = fold(pattern.text, ignoreCase);
      return onText((text) => fold(text, ignoreCase).startsWith(wanted));
    }
    case 'suffix': {
      const wanted = fold(pattern.text, ignoreCase);
      return onText((text) => fold(text, ignoreCase).endsWith(wanted));
    }
    case 'contains': {
      const wanted = fold(pattern.text, ignoreCase);
      return onText((text) => fold(text, ignoreCase).includes(wanted));
    }
    case 'wildcard':
      return onText(compileWildcard(pattern.parts, ignoreCase));
    case 'regex': {
      const { source, flavour, flags, anchored } = pattern;
      const compiled = compileRegex(source, { flavour, ignoreCase, flags, anchored });
      // Formats compile every regex while they load a rule, so one that cannot run never comes here.
      if (!compiled.ok) throw new Error(`a regex reached the engine that cannot run: ${compiled.reason}`);
      return onText(compiled.regex.test);
    }
    case 'cidr':
      return onText(compileCidr(pattern.network));
    case 'range':
      return compileRange(pattern.low, pattern.high);
    case 'term':
      return onText(compileTerm(pattern.text, pattern.ends, ignoreCase));
    case 'analysed':
      return onText(compileAnalysed(pattern.text, pattern.mode, pattern.analyzer));
    case 'token-wildcard': {
      const fits = compileWildcard(pattern.parts, true);
      return onText((text) => tokens(text, pattern.analyzer).some(fits));
    }
  }
}

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => {
    const text = textOf(value);
    return text !== undefined && test(text);
  };
}

/** Without regard to case means: the same in lower case, in Unicode's default mapping. */
function fold(text: string, ignoreCase: boolean): string {
  return ignoreCase ? text.toLowerCase() : text;
}

function compileOneOf(values: readonly PatternScalar[], ignoreCase: boolean): ValueTest {
  const texts = new Set(values.map((value) => fold(String(value), ignoreCase)));
  const [only] = texts;
  if (texts.size === 1 && only !== undefined) return onText((text) => fold(text, ignoreCase) === only);
  return onText((text) => texts.has(fold(text, ignoreCase)));
}

function compileRange(low: Bound | undefined, high: Bound | undefined): ValueTest {
  return (value) => (low === undefined || above(value, low)) && (high === undefined || below(value, high));
}

function above(value: Value, bound: Bound): boolean {
  const order = orderOf(value, bound.value);
  return order !== undefined && (order > 0 || (order === 0 && bound.inclusive));
}

function below(value: Value, bound: Bound): boolean {
  const order = orderOf(value, bound.value);
  return order !== undefined && (order < 0 || (order === 0 && bound.inclusive));
}

/** Negative, zero or positive as the value is below, at or above the bound; undefined when they cannot be compared. */
function orderOf(value: Value, bound: string | number): number | undefined {
  if (typeof bound === 'string') {
    const text = textOf(value);
    if (text === undefined) return undefined;
    return text < bound ? -1 : text > bound ? 1 : 0;
  }
  const number = typeof value === 'bigint' || typeof value === 'number' ? value : numberIn(value);
  if (number === undefined) return undefined;
  return number < bound ? -1 : number > bound ? 1 : 0;
}

function numberIn(value: Value): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
