import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { Span } from '../../../base/span.ts';
import type { Condition } from '../ast.ts';

/** What stands behind the pipe of a condition of Sigma 1; correlation rules replace it. */
export type Aggregation = FunctionAggregation | NearAggregation;

/** `count(field) by a, b > 5`: over the events of the condition that have the same values in `by`. */
interface FunctionAggregation {
  readonly kind: 'function';
  readonly fn: AggregationFunction;
  readonly field: string | null;
  readonly by: readonly string[];
  readonly op: AggregationOp;
  readonly value: number;
  readonly span: Span;
}

/** `near a and not b`: the condition's event has such events near it. */
interface NearAggregation {
  readonly kind: 'near';
  readonly expression: Condition;
  readonly span: Span;
}

const FUNCTIONS = ['count', 'min', 'max', 'avg', 'sum'] as const;
export type AggregationFunction = (typeof FUNCTIONS)[number];
export type AggregationOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

const OPS: Readonly<Record<string, AggregationOp>> = {
  '=': '==',
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/**
 * Parses `function ( [field] ) [by field {, field}] op number`, which starts at `start` and goes to the end of the text.
 * Reports what is wrong and gives undefined then.
 */
export function parseFunctionAggregation(
  source: SourceText,
  start: number,
  report: (found: Diagnostic) => void,
): Aggregation | undefined {
  const tokens = [...source.text.slice(start).matchAll(/[(),]|[<>=!]+|[^\s(),<>=!]+/g)].map((found) => ({
    text: found[0],
    start: start + found.index,
    end: start + found.index + found[0].length,
  }));
  let at = 0;
  const fail = (expected: string): undefined => {
    const token = tokens[at];
    const found = token === undefined ? 'the end' : `\`${token.text}\``;
    const end = source.text.length;
    const span = token === undefined ? source.span(end, end) : source.span(token.start, token.end);
    report(diagnostic('sigma/condition-syntax', { expected, found }, span));
  };
  const isName = (text: string | undefined): text is string => text !== undefined && !/^[(),<>=!]/.test(text);

  const name = tokens[at]?.text.toLowerCase() ?? '';
  const fn = FUNCTIONS.find((one) => one === name);
  if (fn === undefined) {
    const near = didYouMean(name, [...FUNCTIONS, 'near']);
    return fail(
      near.length > 0 ? `an aggregation (did you mean \`${near[0]}\`?)` : 'an aggregation such as `count()` after `|`',
    );
  }
  at += 1;
  if (tokens[at]?.text !== '(') return fail('`(`');
  at += 1;
  const written = tokens[at]?.text;
  const field = isName(written) ? written : null;
  if (field !== null) at += 1;
  if (tokens[at]?.text !== ')') return fail('`)`');
  if (field === null && fn !== 'count') return fail(`the field that \`${fn}\` is of`);
  at += 1;
  const by: string[] = [];
  if (tokens[at]?.text.toLowerCase() === 'by') {
    do {
      at += 1;
      const group = tokens[at]?.text;
      if (!isName(group)) return fail('a field to group by');
      by.push(group);
      at += 1;
    } while (tokens[at]?.text === ',');
  }
  const op = OPS[tokens[at]?.text ?? ''];
  if (op === undefined) return fail('`by` or a comparison such as `>`');
  at += 1;
  const number = tokens[at]?.text ?? '';
  if (!/^[-+]?\d+(?:\.\d+)?$/.test(number)) return fail('a number');
  at += 1;
  if (at < tokens.length) return fail('the end');
  return { kind: 'function', fn, field, by, op, value: Number(number), span: source.span(start, source.text.length) };
}
