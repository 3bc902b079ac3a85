import type { Match, Pattern } from '../../ir/expr.ts';
import type { Predicate } from '../stream/program.ts';
import { regexLiterals } from './regex-literals.ts';

/**
 * A text that a value must hold. It is in lower case, and so is the value it is looked for in (JavaScript's `toLowerCase`,
 * as the memory engine folds): that holds for every value that the pattern fits, also with regard to case.
 */
export interface Literal {
  readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains';
  readonly text: string;
}

/** Literals of which at least one holds whenever the predicate is true. */
export interface LiteralOption {
  readonly literals: readonly Literal[];
  /** Whether, over one value, the predicate is true exactly when one of them holds. */
  readonly exact: boolean;
}

/** Every way to look for a predicate; none where it cannot be found by its text. */
export function literalOptions(predicate: Predicate): readonly LiteralOption[] {
  return predicate.kind === 'opaque' || predicate.test.kind !== 'match' ? [] : literalsOf(predicate.test);
}

/** The same of a match. */
export function literalsOf(test: Pick<Match, 'pattern' | 'collation'>): readonly LiteralOption[] {
  return optionsOfMatch(test).filter(({ literals }) => literals.every(isUseful));
}

function isUseful({ kind, text }: Literal): boolean {
  return kind === 'equals' || text !== '';
}

function optionsOfMatch(test: Pick<Match, 'pattern' | 'collation'>): readonly LiteralOption[] {
  const ignoreCase = test.collation === 'ignore-case';
  return optionsOfPattern(test.pattern, ignoreCase, test);
}

function optionsOfPattern(
  pattern: Pattern,
  ignoreCase: boolean,
  test: Pick<Match, 'collation'>,
): readonly LiteralOption[] {
  const plain = (kind: Literal['kind'], text: string): readonly LiteralOption[] => {
    if (ignoreCase) return [{ literals: [{ kind, text: text.toLowerCase() }], exact: true }];
    if (kind === 'equals') return [{ literals: [{ kind, text: text.toLowerCase() }], exact: false }];
    // Outside of ASCII a character's lower case may depend on what stands beside it, which the text does not say.
    if (isAscii(text)) return [{ literals: [{ kind, text: text.toLowerCase() }], exact: false }];
    return asciiRuns(text).map((run) => ({ literals: [{ kind: 'contains', text: run }], exact: false }));
  };
  switch (pattern.kind) {
    case 'equals':
      return plain('equals', String(pattern.value));
    case 'one-of': {
      const texts = new Set(pattern.values.map((value) => String(value).toLowerCase()));
      return [{ literals: [...texts].map((text) => ({ kind: 'equals', text })), exact: ignoreCase }];
    }
    case 'prefix':
    case 'suffix':
    case 'contains':
      return plain(pattern.kind, pattern.text);
    case 'wildcard':
      return pattern.parts.flatMap((part) =>
        'text' in part ? plain('contains', part.text).map((option) => ({ ...option, exact: false })) : [],
      );
    case 'term':
      return plain('contains', pattern.text).map((option) => ({ ...option, exact: false }));
    case 'regex': {
      const texts = regexLiterals(pattern, test.collation);
      if (texts === undefined) return [];
      return [{ literals: texts.map((text) => ({ kind: 'contains', text })), exact: false }];
    }
    case 'cidr':
    case 'range':
    case 'analysed':
    case 'token-wildcard':
      return [];
  }
}

function isAscii(text: string): boolean {
  return asciiRuns(text).length === 1 && asciiRuns(text)[0] === text.toLowerCase();
}

/** The stretches of ASCII in a text, in lower case. */
export function asciiRuns(text: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return [...text.matchAll(/[\x00-\x7f]+/g)].map(([run]) => run.toLowerCase());
}
