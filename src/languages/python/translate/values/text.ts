import { call } from '../../../../ir/construct.ts';
import { DICT, LIST, STR } from '../conditions/types.ts';
import { dynamic, expressionOf, literal, type Outcomes, type PyValue, sure } from './value.ts';

/** Python's `str` of a value; undefined where its lists or maps print in a way that is not followed. */
export function textOf(value: PyValue): Outcomes | undefined {
  if (value.kind === 'const' && typeof value.value === 'string') return sure(value);
  const expr = expressionOf(value);
  if (expr === undefined || value.kind === 'seq') return undefined;
  if (value.kind !== 'dynamic') return sure(dynamic(call('python.str', [expr, literal(false)]), STR, 'plain'));
  if (value.mask === STR) return sure(value);
  const holds = (value.mask & (LIST | DICT)) !== 0;
  if (holds && (value.whole === true || value.made === 'list' || value.made === 'tuple')) return undefined;
  return sure(dynamic(call('python.str', [expr, literal(value.made === 'event')]), STR, 'plain'));
}
