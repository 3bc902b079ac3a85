import { call } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Assignment, Expression } from '../../ast/index.ts';
import type { KustoType } from '../../types.ts';
import { scalarFunction } from '../functions/table.ts';
import type { Tuple, TuplePart, Typed } from '../scope.ts';

/** The name a column gets when the query gives none; undefined when it is only numbered (`Column1`). */
export function nameOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member': {
      const target = nameOf(expression.target);
      return target === undefined ? undefined : `${target}_${expression.name.text}`;
    }
    case 'index': {
      const target = nameOf(expression.target);
      const { index } = expression;
      if (target === undefined || index.kind !== 'literal') return undefined;
      return `${target}_${index.value}`;
    }
    case 'call': {
      const first = expression.args[0]?.value;
      const naming = scalarFunction(expression.name.text)?.naming;
      if (first === undefined || naming === undefined) return undefined;
      if (naming === 'column-text') return first.kind === 'literal' ? String(first.value) : undefined;
      const inner = nameOf(first);
      if (naming === 'first') return inner;
      return `${naming}_${inner ?? ''}`;
    }
    case 'literal':
    case 'method':
    case 'star':
    case 'unary':
    case 'binary':
    case 'logic':
    case 'between':
    case 'list':
    case 'typeof':
    case 'pipe':
    case 'source':
    case 'bad':
      return undefined;
  }
}

/** A name that is not taken yet: `x`, `x1`, `x2`, … */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let number = 1; ; number += 1) {
    const numbered = `${name}${number}`;
    if (!isTaken(numbered)) return numbered;
  }
}

/** The name of a column that has none of its own: `Column1`, `Column2`, … never one that the input or the result has. */
export function numberedName(isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) if (!isTaken(`Column${number}`)) return `Column${number}`;
}

/** The columns of several values: those that the query names, or, where it names none, all of them by their own names. */
export function partsOf(
  { expr, parts }: Tuple,
  { names, value }: Assignment,
): readonly (Typed & { readonly name: string })[] {
  const named = names.length === 0 ? parts : parts.slice(0, names.length);
  return named.map((part, at) => ({
    name: names[at]?.text ?? nameOfPart(part, value),
    expr: ofType(call('kusto.member', [expr, { kind: 'literal', type: 'long', value: String(at) }]), part.type),
    type: part.type,
  }));
}

function nameOfPart({ prefix, argument, suffix }: TuplePart, node: Expression): string {
  const of = node.kind === 'call' ? node.args[argument]?.value : undefined;
  const words = [prefix, of === undefined ? '' : (nameOf(of) ?? ''), suffix];
  return words.filter((word) => word !== undefined).join('_');
}

/** A part of an array as a value of its type: JSON has one kind of numbers. */
function ofType(part: Expr, type: KustoType): Expr {
  if (type === 'real') return call('kusto.to-real', [part]);
  return type === 'long' ? call('kusto.to-long', [part]) : part;
}
