import { TRUE } from '../../../../ir/construct.ts';
import type { Expression } from '../../ast.ts';
import { FLOAT, INT, LIST, NUMBER, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { constant, expressionOf, isOf, maskOf, type Outcomes, operation, type PyValue, sure } from './value.ts';

export function arithmetic(op: string, a: PyValue, b: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  if (a.kind === 'const' && b.kind === 'const') {
    if (op === 'Add' && typeof a.value === 'string' && typeof b.value === 'string')
      return sure(constant(a.value + b.value));
    if (typeof a.value === 'number' && typeof b.value === 'number') {
      if (op === 'Add') return sure(constant(a.value + b.value));
      if (op === 'Sub') return sure(constant(a.value - b.value));
      if (op === 'Mult') return sure(constant(a.value * b.value));
    }
  }
  if (op === 'Add' && a.kind === 'seq' && b.kind === 'seq' && a.type === b.type) {
    return sure({ ...a, items: [...a.items, ...b.items] });
  }
  if (op === 'BitOr' && a.kind === 'seq' && b.kind === 'seq' && a.type === 'set' && b.type === 'set') {
    return sure({ ...a, items: [...a.items, ...b.items] });
  }
  return (op === 'Add' ? sum(a, b, of) : undefined) ?? of.note('this operator', node);
}

/** `+` of which one side is not known; undefined where it is not understood. */
function sum(a: PyValue, b: PyValue, of: Translator): Outcomes | undefined {
  const left = expressionOf(a);
  const right = expressionOf(b);
  if (left === undefined || right === undefined) return undefined;
  if (maskOf(a) === STR || maskOf(b) === STR) return operation('python.add', [left, right], STR);
  // A tuple is no list, and nothing can be added to the event's own lists, nor they to anything.
  const sides = [a, b].filter((each) => (maskOf(each) & LIST) !== 0);
  if (sides.some((each) => (each.kind === 'dynamic' ? each.made : typeOf(each)) === 'tuple')) return undefined;
  const lists = sides.length < 2 || sides.some((each) => each.kind === 'dynamic' && each.made === 'event') ? 0 : LIST;
  const conds = [a, b].map((each) => (each.kind === 'dynamic' && lists === 0 ? isOf(each, STR | NUMBER) : TRUE));
  const made = sides.some((each) => each.kind === 'dynamic' && each.made === 'list') ? 'list' : 'plain';
  return of.guard(of.all(conds), operation('python.add', [left, right], STR | INT | FLOAT | lists, made));
}

function typeOf(value: PyValue): string {
  return value.kind === 'seq' ? value.type : '';
}
