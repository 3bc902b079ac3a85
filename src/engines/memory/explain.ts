import type { Json } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';
import { equal } from '../../ir/equal.ts';
import type { Expr } from '../../ir/expr.ts';
import { describe, describeValue } from '../../ir/print/describe.ts';
import { printExpr } from '../../ir/print/print.ts';
import { alike, anywhere, children, type Handlers, LOGIC, PLACES, visit } from '../../ir/traverse.ts';
import { toJson } from '../../values/text-of.ts';
import type { Truth } from '../../values/value.ts';
import { compileExpr, compilePredicate } from './compile.ts';
import type { Clock, Row } from './row.ts';

/** Why a condition is true, false or unknown on one record. The verdict is the engine's own. */
export interface Explanation {
  readonly verdict: Truth;
  /** The condition as the rule has it, in words. */
  readonly text: string;
  readonly children: readonly Explanation[];
  /** What kind of condition it is, where it is one: `and`, `not`, `match`, … */
  readonly op?: Expr['kind'];
  /** At a leaf: the field it tests, the value there (undefined: missing), and how the view made that value. */
  readonly field?: string;
  readonly actual?: Json | undefined;
  readonly derivation?: string;
  /** Where the condition stands in the rule file. */
  readonly span?: Span;
}

/**
 * Explains a predicate as the rule wrote it (`written`, over schema fields) by the same predicate with a view bound in
 * (`bound`): the two have the same structure down to the leaves.
 */
export function explainPredicate(written: Expr, bound: Expr, row: Row, clock: Clock): Explanation {
  const verdict = compilePredicate(bound, clock)(row);
  const node = { verdict, text: describe(written), op: written.kind, ...(written.span && { span: written.span }) };
  if (isJunction(written)) {
    const inner = children(bound);
    const parts = children(written).map((child, index) => explainPredicate(child, inner[index] ?? child, row, clock));
    return { ...node, children: parts };
  }
  const subject = subjectOf(written);
  const boundSubject = subjectOf(bound);
  if (subject === undefined || boundSubject === undefined) return { ...node, children: [] };
  const actual = compileExpr(boundSubject, clock)(row);
  return {
    ...node,
    children: [],
    field: describeValue(subject),
    actual: actual === undefined ? undefined : toJson(actual),
    ...derivationOf(subject, boundSubject, row, clock),
  };
}

function isJunction({ kind }: Expr): boolean {
  return kind === 'and' || kind === 'or' || kind === 'not' || kind === 'at-least';
}

/** What a leaf looks at. */
function subjectOf(expr: Expr): Expr | undefined {
  return visit(expr, SUBJECTS, undefined);
}

const SUBJECTS: Handlers<Expr | undefined> = {
  ...alike([...LOGIC, 'literal', 'missing', 'list', 'cond'], () => undefined),
  ...alike([...PLACES, 'scalar-of'], (expr) => expr),
  ...alike(['match', 'exists', 'is-null', 'in-plan'], ({ subject }) => subject),
  compare: ({ left, right }) => (left.kind === 'literal' ? right : left),
  quantified: ({ over }) => over,
  let: ({ value }) => value,
  call: ({ args }) => args[0],
};

/** How a view computed the value, with the raw fields it read; nothing where the field is simply a raw field. */
function derivationOf(subject: Expr, bound: Expr, row: Row, clock: Clock): { derivation?: string } {
  if (subject.kind === 'leaves' || bound.kind === 'column' || equal(subject, bound)) return {};
  if (bound.kind === 'missing') return { derivation: 'this log type has no such field' };
  // It is a field of the event that the whole record is.
  if (anywhere(bound, (node) => node.kind === 'call' && node.fn === 'view.event')) return {};
  const read: string[] = [];
  anywhere(bound, (node) => {
    if (node.kind !== 'raw' || node.of !== undefined) return false;
    const name = node.paths[0]?.join('.') ?? '';
    const value = compileExpr(node, clock)(row);
    const shown = value === undefined ? 'is missing' : `= ${JSON.stringify(toJson(value), bigintAsText)}`;
    if (!read.some((earlier) => earlier.startsWith(`${name} `))) read.push(`${name} ${shown}`);
    return false;
  });
  if (bound.kind === 'raw')
    return bound.paths[0]?.join('.') === describeValue(subject) ? {} : { derivation: read.join(', ') };
  // The field itself, wherever this form of the record has it: its value is told already.
  const own = compileExpr(bound, clock)(row);
  const itself = `${describeValue(subject)} = ${JSON.stringify(own === undefined ? null : toJson(own), bigintAsText)}`;
  if (read.length === 1 && read[0] === itself) return {};
  if (read.length === 0) return { derivation: `always ${printExpr(bound)} for this log type` };
  return { derivation: `from ${read.join(', ')}` };
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
