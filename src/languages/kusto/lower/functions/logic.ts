import { diagnostic } from '../../../../base/diagnostic.ts';
import { and, call, FALSE, field, match, NULL, not, or, TRUE, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { isLoose, type KustoType } from '../../types.ts';
import type { Typed } from '../scope.ts';
import { asText, constantText, convert } from '../values/convert.ts';
import { commonType } from './call.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

/** Null, or for text and dynamic values also the empty string. A string has no null: missing and empty are the same. */
function empty(value: Typed): Expr {
  const isNull: Expr = { kind: 'is-null', subject: value.expr };
  if (value.type !== 'string' && !isLoose(value.type)) return isNull;
  return or([isNull, match(value.expr, { kind: 'equals', value: '' }, { quantifier: 'whole' })]);
}

/** A string is never null. */
function isNull(value: Typed): Expr {
  return value.type === 'string' ? FALSE : { kind: 'is-null', subject: value.expr };
}

const one =
  (make: (value: Typed) => Expr): Lowering =>
  ([value]) =>
    value === undefined ? NULL : make(value);

const iff: Lowering = ([when, then, otherwise], node) => {
  if (when === undefined || then === undefined || otherwise === undefined) return NULL;
  return {
    expr: {
      kind: 'cond',
      branches: [{ when: when.expr, then: then.expr }],
      otherwise: otherwise.expr,
      span: node.span,
    },
    type: commonType([then.type, otherwise.type]),
  };
};

/** `case(condition, value, …, otherwise)` */
const caseOf: Lowering = (args, node, { context }) => {
  const otherwise = args.at(-1);
  if (args.length % 2 === 0 || otherwise === undefined || args.length < 3) {
    const params = { name: 'case', expected: 'conditions and values in turn, and a last value', found: args.length };
    context.report(diagnostic('kusto/argument-count', params, node.span));
    return NULL;
  }
  const branches: { when: Expr; then: Expr }[] = [];
  const types = [otherwise.type];
  for (let index = 0; index + 1 < args.length; index += 2) {
    const [when, then] = [args[index], args[index + 1]];
    if (when === undefined || then === undefined) continue;
    if (when.type !== 'bool' && when.type !== 'unknown') {
      const params = { name: 'case', parameter: index + 1, expected: 'a bool', found: when.type };
      context.report(diagnostic('kusto/argument-type', params, node.args[index]?.span ?? node.span));
    }
    branches.push({ when: when.expr, then: then.expr });
    types.push(then.type);
  }
  return { expr: { kind: 'cond', branches, otherwise: otherwise.expr, span: node.span }, type: commonType(types) };
};

/** `column_ifexists("Name", otherwise)`: decided here where the columns are known. */
const columnIfExists: Lowering = ([name, otherwise], node, { columns, context }) => {
  if (name === undefined || otherwise === undefined) return NULL;
  const wanted = constantText(name);
  if (wanted === undefined) {
    context.report(diagnostic('kusto/constant-needed', { what: 'the column name' }, node.span));
    return NULL;
  }
  const type = columns?.typeOf(wanted);
  if (type !== undefined) return { expr: field(wanted, node.span), type };
  if (columns?.open !== true) return otherwise;
  columns.want(wanted);
  const subject = field(wanted, node.span);
  const when: Expr = { kind: 'exists', subject, counts: 'present' };
  return {
    expr: { kind: 'cond', branches: [{ when, then: subject }], otherwise: otherwise.expr, span: node.span },
    type: otherwise.type,
  };
};

const columnExists: Lowering = ([name], node, { columns, context }) => {
  const wanted = name === undefined ? undefined : constantText(name);
  if (wanted === undefined) {
    context.report(diagnostic('kusto/constant-needed', { what: 'the column name' }, node.span));
    return NULL;
  }
  if (columns?.has(wanted) === true) return TRUE;
  if (columns?.open !== true) return FALSE;
  columns.want(wanted);
  return { kind: 'exists', subject: field(wanted, node.span), counts: 'present' };
};

/** `around(value, center, delta)`: no further from the center than that. */
const around: Lowering = ([value, center, delta], node) => {
  if (value === undefined || center === undefined || delta === undefined) return NULL;
  const edge = (op: 'kusto.add' | 'kusto.subtract'): Expr => call(op, [center.expr, delta.expr]);
  const test = (op: '<=' | '>=', right: Expr): Expr => ({
    kind: 'compare',
    op,
    left: value.expr,
    right,
    nulls: 'unknown',
    many: 'whole',
    span: node.span,
  });
  return and([test('>=', edge('kusto.subtract')), test('<=', edge('kusto.add'))], node.span);
};

/** Raw logs carry no time of arrival: the event's own time stands for it, and that is said. */
const ingestionTime: Lowering = (_args, node, { columns, context }) => {
  context.report(diagnostic('kusto/ingestion-time', {}, node.span));
  const name = ['_TimeReceived', 'TimeGenerated', 'Timestamp'].find((known) => columns?.has(known)) ?? 'TimeGenerated';
  if (columns?.typeOf(name) === undefined && columns?.open !== true)
    return { kind: 'literal', type: 'datetime', value: null };
  columns?.want(name);
  return convert({ expr: field(name, node.span), type: columns?.typeOf(name) ?? 'unknown' }, 'datetime');
};

const typeName: Lowering = ([value], node) => {
  if (value === undefined) return NULL;
  return isLoose(value.type) ? call('kusto.type-name', [value.expr], node.span) : text(value.type);
};

/** A conversion to a type, whatever is given. */
const to = (type: Parameters<typeof convert>[1]): Lowering => one((value) => convert(value, type));

const toDateTime: Lowering = ([value], node) => {
  if (value === undefined || value.type === 'datetime') return value?.expr ?? NULL;
  return call('kusto.to-datetime', [value.expr], node.span);
};

const bin = fn('dated dated', 'first', binOf(), 'first');
function binOf(): Lowering {
  return (args, node, { context }) => {
    const [value, size] = args;
    if (value !== undefined && size !== undefined && !isStepOf(size.type, value.type)) {
      const expected = isTime(value.type) ? 'a timespan' : 'a number';
      const params = { name: 'bin', parameter: 2, expected, found: size.type };
      context.report(diagnostic('kusto/argument-type', params, node.args[1]?.span ?? node.span));
      return NULL;
    }
    const wide =
      value !== undefined && size !== undefined && size.type === 'real' && value.type !== 'datetime'
        ? 'real'
        : value?.type;
    const type = wide === 'int' ? (size?.type === 'int' ? 'int' : 'long') : (wide ?? 'unknown');
    return {
      expr: call(
        'kusto.bin',
        args.map((arg) => arg.expr),
        node.span,
      ),
      type,
    };
  };
}

/** Whether values of a type can be rounded to multiples of another: moments and lengths of time to lengths, numbers to numbers. */
function isStepOf(step: KustoType, type: KustoType): boolean {
  return step === 'unknown' || type === 'unknown' || (step !== 'datetime' && isTime(step) === isTime(type));
}

function isTime(type: KustoType): boolean {
  return type === 'datetime' || type === 'timespan';
}

const conditional: ScalarFunction = fn('bool any any', 'computed', iff);
const isEmpty = fn('any', 'bool', one(empty));
const isNotEmpty = fn(
  'any',
  'bool',
  one((value) => not(empty(value))),
);
const isNotNull = fn(
  'any',
  'bool',
  one((value) => not(isNull(value))),
);
const columnIf = fn('string any', 'computed', columnIfExists, 'column-text');

export const logicFunctions: Readonly<Record<string, ScalarFunction>> = {
  iff: conditional,
  iif: conditional,
  case: fn('any*', 'computed', caseOf),
  not: fn(
    'bool',
    'bool',
    one((value) => not(value.expr)),
  ),
  coalesce: fn('any*', 'common', 'kusto.coalesce'),
  isempty: isEmpty,
  isnotempty: isNotEmpty,
  notempty: isNotEmpty,
  isnull: fn('any', 'bool', one(isNull)),
  isnotnull: isNotNull,
  notnull: isNotNull,
  column_ifexists: columnIf,
  columnifexists: columnIf,
  ingestion_time: fn('', 'datetime', ingestionTime),
  gettype: fn('any', 'string', typeName, 'type'),
  min_of: fn('any*', 'common', 'kusto.min-of'),
  max_of: fn('any*', 'common', 'kusto.max-of'),
  bin,
  floor: bin,
  bin_at: fn('dated dated dated', 'first', 'kusto.bin-at'),
  tostring: fn('any', 'string', one(asText), 'first'),
  toint: fn('any', 'int', 'kusto.to-int', 'first'),
  tolong: fn('any', 'long', to('long'), 'first'),
  todouble: fn('any', 'real', to('real'), 'first'),
  toreal: fn('any', 'real', to('real'), 'first'),
  todecimal: fn('any', 'decimal', to('decimal'), 'first'),
  tobool: fn('any', 'bool', to('bool'), 'first'),
  toboolean: fn('any', 'bool', to('bool'), 'first'),
  toguid: fn('any', 'guid', 'kusto.to-guid', 'first'),
  todatetime: fn('any', 'datetime', toDateTime, 'first'),
  totimespan: fn('any', 'timespan', to('timespan'), 'first'),
  totime: fn('any', 'timespan', to('timespan'), 'first'),
  iscolumnexists: fn('string', 'bool', columnExists),
  around: fn('any any any', 'bool', around),
  assert: fn(
    'bool string',
    'bool',
    one((value) => value.expr),
  ),
};
