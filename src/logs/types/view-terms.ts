import { call, list, MISSING, match, PLAIN, raw, text } from '../../ir/construct.ts';
import type { Cond, Expr, Raw } from '../../ir/expr.ts';
import type { FieldType, ValueType } from '../../ir/types.ts';
import type { ViewField } from '../../ir/view.ts';

/** The words that views are written in. */

/** A raw field by the first of several names that exists; dots separate steps. */
export function own(...names: readonly string[]): Raw {
  return { kind: 'raw', paths: names.map((name) => name.split('.')), ...PLAIN };
}

/** A raw field by its steps, for names that hold dots themselves. */
export function ownPath(...path: readonly string[]): Expr {
  return raw(...path);
}

export function fieldOf(expr: Expr, type: FieldType | ValueType = 'keyword'): ViewField {
  return { expr, type };
}

export function constant(value: string): ViewField {
  return { expr: text(value), type: 'keyword' };
}

function number(value: number): Expr {
  return { kind: 'literal', type: 'int', value: String(value) };
}

/** Whether a raw value, in its text form, is one of these. */
export function isOneOf(subject: Expr, values: readonly string[], ignoreCase = false): Expr {
  const only = values[0];
  return match(
    subject,
    values.length === 1 && only !== undefined ? { kind: 'equals', value: only } : { kind: 'one-of', values },
    {
      collation: ignoreCase ? 'ignore-case' : 'exact',
    },
  );
}

/** A value where a condition holds, else missing (or another value). */
export function given(when: Expr, then: Expr, otherwise: Expr = MISSING): Cond {
  return { kind: 'cond', branches: [{ when, then }], otherwise };
}

/** The first of several conditions' values. */
export function choose(branches: readonly (readonly [when: Expr, then: Expr])[], otherwise: Expr = MISSING): Expr {
  return { kind: 'cond', branches: branches.map(([when, then]) => ({ when, then })), otherwise };
}

/** A value by what another value is: `{from: to}`. */
export function mapped(subject: Expr, table: Readonly<Record<string, string>>, otherwise: Expr = MISSING): Expr {
  return choose(
    Object.entries(table).map(([from, to]) => [isOneOf(subject, [from]), text(to)] as const),
    otherwise,
  );
}

/**
 * The labels that apply, as a list: each stands by itself, so that a rule that asks for one of them comes down to that
 * label's own condition.
 */
export function labels(entries: Iterable<readonly [label: string, when: Expr | null]>): Expr {
  return list([...entries].map(([label, when]) => (when === null ? text(label) : given(when, text(label)))));
}

/** A value unless it is one of these texts, which mean that there is none. */
export function unless(subject: Expr, ...nothing: readonly string[]): Expr {
  return given(isOneOf(subject, nothing), MISSING, subject);
}

export function coalesce(...items: readonly Expr[]): Expr {
  return call('view.coalesce', items);
}

export function lower(item: Expr): Expr {
  return call('text.lower', [item]);
}

export function concat(...items: readonly Expr[]): Expr {
  return call('text.concat', items);
}

export function afterLast(item: Expr, mark: string): Expr {
  return call('text.after-last', [item, text(mark)]);
}

export function beforeLast(item: Expr, mark: string): Expr {
  return call('text.before-last', [item, text(mark)]);
}

/** What a group of a linear-time regular expression (case-insensitive, `.` fits line ends) captures. */
export function capture(item: Expr, pattern: string, group = 1): Expr {
  return call('view.capture', [item, text(pattern), number(group)]);
}

export function pair(item: Expr, key: string): Expr {
  return call('view.pair', [item, text(key)]);
}

export function integer(item: Expr): Expr {
  return call('view.integer', [item]);
}

const CONVERSIONS = {
  bool: 'convert.bool',
  int: 'convert.long',
  long: 'convert.long',
  real: 'convert.real',
  decimal: 'convert.real',
  string: 'convert.string',
  datetime: 'convert.datetime',
  timespan: 'convert.timespan',
  guid: 'convert.guid',
  dynamic: 'convert.dynamic',
} as const satisfies Record<ValueType, string>;

/** A column of a typed table. */
export function column(type: ValueType, expr: Expr): ViewField {
  return { expr: call(CONVERSIONS[type], [expr]), type };
}

/** Columns of one type by name. */
export function columns(
  type: ValueType,
  exprs: Readonly<Record<string, Expr>>,
): readonly (readonly [string, ViewField])[] {
  return Object.entries(exprs).map(([name, expr]) => [name, column(type, expr)] as const);
}

/** Fields of one type by name. */
export function fields(
  type: FieldType,
  exprs: Readonly<Record<string, Expr>>,
): readonly (readonly [string, ViewField])[] {
  return Object.entries(exprs).map(([name, expr]) => [name, fieldOf(expr, type)] as const);
}

/** What the shipper adds to every document of a data stream, and the indices that such documents stand in. */
export function agentFields(about: {
  readonly module: string;
  readonly dataset: string;
  /** The data stream's own dataset where it differs from `event.dataset`. */
  readonly stream?: string;
  readonly indices: readonly string[];
}): readonly (readonly [string, ViewField])[] {
  const stream = about.stream ?? about.dataset;
  return [
    ['event.module', constant(about.module)],
    ['event.dataset', constant(about.dataset)],
    ['data_stream.type', { expr: text('logs'), type: 'constant_keyword' }],
    ['data_stream.dataset', { expr: text(stream), type: 'constant_keyword' }],
    ['data_stream.namespace', { expr: text('default'), type: 'constant_keyword' }],
    ['_index', fieldOf(list(about.indices.map((index) => text(index))))],
    ['event.kind', constant('event')],
  ];
}
