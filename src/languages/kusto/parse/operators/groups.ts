import type { Expression, OperatorForm, SeriesColumn } from '../../ast/index.ts';
import { assignment, assignments, options, properties } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import type { Readers } from './reader.ts';

/** Operators that make one row of many. */
export const groupReaders: Readers = { summarize, 'make-series': makeSeries, reduce };

/** `summarize := 'summarize' hints [assignments] ['by' assignments]` */
function summarize(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  const aggregates = cursor.seesWord('by') || cursor.atEndOfOperator() ? [] : assignments(cursor);
  const by = cursor.takeWord('by') ? assignments(cursor) : [];
  return { kind: 'summarize', options: hints, aggregates, by, span: cursor.since(start) };
}

/**
 * `make-series := 'make-series' ['kind' '=' 'nonempty'] series (',' series)* 'on' axis (['from' a] ['to' b] 'step' c |
 * 'in' 'range' '(' a ',' b ',' c ')') ['by' assignments]`
 */
function makeSeries(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, ['kind']);
  const aggregates = cursor.list(() => series(cursor));
  cursor.expectWord('on');
  const on = assignment(cursor, cursor.grammar.operand);
  const bounds = cursor.takeWord('in') ? range(cursor) : steps(cursor);
  const by = cursor.takeWord('by') ? assignments(cursor) : [];
  return { kind: 'make-series', options: found, aggregates, on, ...bounds, by, span: cursor.since(start) };
}

/** `series := assignment ['default' '=' expression]` */
function series(cursor: Cursor): SeriesColumn {
  const { start } = cursor.peek();
  const column = assignment(cursor);
  let value: Expression | undefined;
  if (cursor.takeWord('default')) {
    cursor.expect('=');
    value = cursor.grammar.expression(cursor);
  }
  return { column, default: value, span: cursor.since(start) };
}

interface Bounds {
  readonly form: 'from' | 'range';
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
  readonly step: Expression;
}

function steps(cursor: Cursor): Bounds {
  const from = cursor.takeWord('from') ? cursor.grammar.expression(cursor) : undefined;
  const to = cursor.takeWord('to') ? cursor.grammar.expression(cursor) : undefined;
  cursor.expectWord('step');
  return { form: 'from', from, to, step: cursor.grammar.expression(cursor) };
}

function range(cursor: Cursor): Bounds {
  cursor.expectWord('range');
  cursor.expect('(');
  const from = cursor.grammar.expression(cursor);
  cursor.expect(',');
  const to = cursor.grammar.expression(cursor);
  cursor.expect(',');
  const step = cursor.grammar.expression(cursor);
  cursor.closing(')');
  return { form: 'range', from, to, step };
}

/** `reduce := 'reduce' ['kind' '=' name] 'by' expression ['with' properties]` */
function reduce(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, ['kind']);
  cursor.expectWord('by');
  const by = cursor.grammar.expression(cursor);
  let given = properties(cursor);
  if (cursor.takeWord('with')) given = options(cursor);
  return { kind: 'reduce', options: found, by, with: given, span: cursor.since(start) };
}
