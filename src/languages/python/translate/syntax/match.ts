import type { Expression, Match, MatchPattern, Stmt } from '../../ast.ts';

/** A `match` over plain values as a chain of `if`; undefined where a pattern takes something apart. */
export function asTests({ subject, cases, start, end }: Match): readonly Stmt[] | undefined {
  let chain: readonly Stmt[] = [];
  for (const { pattern, guard: condition, body } of cases.toReversed()) {
    const test = patternTest(pattern, subject);
    if (test === undefined) return undefined;
    const both: Expression =
      condition === null ? test : { kind: 'BoolOp', op: 'And', values: [test, condition], start, end };
    chain = [{ kind: 'If', test: both, body, orelse: chain, start, end }];
  }
  return chain;
}

function patternTest(pattern: MatchPattern, subject: Expression): Expression | undefined {
  const { start, end } = pattern;
  switch (pattern.kind) {
    case 'MatchValue':
      return { kind: 'Compare', left: subject, ops: ['Eq'], comparators: [pattern.value], start, end };
    case 'MatchSingleton': {
      const { value } = pattern;
      const wanted: Expression = { kind: 'Constant', type: value === null ? 'none' : 'bool', value, start, end };
      return { kind: 'Compare', left: subject, ops: ['Is'], comparators: [wanted], start, end };
    }
    case 'MatchOr': {
      const values: Expression[] = [];
      for (const each of pattern.patterns) {
        const test = patternTest(each, subject);
        if (test === undefined) return undefined;
        values.push(test);
      }
      return { kind: 'BoolOp', op: 'Or', values, start, end };
    }
    case 'MatchAs':
      if (pattern.pattern !== null || pattern.name !== null) return undefined;
      return { kind: 'Constant', type: 'bool', value: true, start, end };
    case 'MatchSequence':
    case 'MatchMapping':
    case 'MatchClass':
    case 'MatchStar':
      return undefined;
  }
}
