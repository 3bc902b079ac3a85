import { call } from '../../../../ir/construct.ts';
import type { CompareOperator } from '../../ast.ts';
import { BOOL, NONE, NUMBER, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { equality, pair } from './equality.ts';
import { membership } from './membership.ts';
import { boolean, constant, expressionOf, isOf, type Outcomes, type PyValue, sure } from './value.ts';

/** A comparison of two values; `undefined` where it is not understood. */
export function compareValues(op: CompareOperator, a: PyValue, b: PyValue, of: Translator): Outcomes | undefined {
  switch (op) {
    case 'Eq':
      return equality(a, b, of);
    case 'NotEq':
      return flipped(equality(a, b, of));
    case 'Is':
      return identity(a, b, of);
    case 'IsNot':
      return flipped(identity(a, b, of));
    case 'In':
      return membership(a, b, of);
    case 'NotIn':
      return flipped(membership(a, b, of));
    case 'Lt':
      return order(a, b, false, of);
    case 'LtE':
      return order(a, b, true, of);
    case 'Gt':
      return order(b, a, false, of);
    case 'GtE':
      return order(b, a, true, of);
  }
}

function flipped(outcomes: Outcomes | undefined): Outcomes | undefined {
  return outcomes?.map(({ cond, value }) => {
    if (value.kind === 'bool') return { cond, value: boolean({ t: value.f, f: value.t }) };
    return { cond, value: value.kind === 'const' ? constant(value.value !== true) : value };
  });
}

function identity(a: PyValue, b: PyValue, of: Translator): Outcomes | undefined {
  const [value, other] = b.kind === 'const' ? [a, b] : [b, a];
  if (other.kind !== 'const') return undefined;
  if (other.value === null) {
    if (value.kind === 'const') return sure(constant(value.value === null));
    if (value.kind === 'dynamic') return pair(of.pairOf(isOf(value, NONE)));
    if (value.kind === 'maybe') return pair({ t: value.f, f: value.t });
    return value.kind === 'unknown' ? undefined : sure(constant(false));
  }
  if (typeof other.value !== 'boolean') return undefined;
  if (value.kind === 'const') return sure(constant(value.value === other.value));
  if (value.kind === 'bool') return pair(other.value ? value : { t: value.f, f: value.t });
  if (value.kind !== 'dynamic') return undefined;
  const same = call('python.equals', [value.expr, { kind: 'literal', type: 'bool', value: other.value }]);
  return pair(of.pairOf(of.all([isOf(value, BOOL), same])));
}

function order(a: PyValue, b: PyValue, orEqual: boolean, of: Translator): Outcomes | undefined {
  if (a.kind === 'const' && b.kind === 'const') {
    if (typeof a.value === 'number' && typeof b.value === 'number')
      return sure(constant(orEqual ? a.value <= b.value : a.value < b.value));
    return undefined;
  }
  const left = expressionOf(a);
  const right = expressionOf(b);
  if (left === undefined || right === undefined) return undefined;
  const test = call(orEqual ? 'python.less-equal' : 'python.less', [left, right]);
  const [value, other] = a.kind === 'dynamic' ? [a, b] : [b, a];
  if (value.kind === 'dynamic' && other.kind === 'const') {
    if (typeof other.value === 'number') return [{ cond: isOf(value, NUMBER), value: boolean(of.pairOf(test)) }];
    if (typeof other.value === 'string') return [{ cond: isOf(value, STR), value: boolean(of.pairOf(test)) }];
  }
  return [{ cond: { kind: 'exists', subject: test, counts: 'present' }, value: boolean(of.pairOf(test)) }];
}
