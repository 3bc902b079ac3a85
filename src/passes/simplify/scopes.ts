import { bool } from '../../ir/construct.ts';
import type { Expr, Let, Quantified } from '../../ir/expr.ts';
import { anywhere, mapChildren } from '../../ir/traverse.ts';
import { asFilter } from './logic.ts';

/** What is asked of elements that are not there, or answered whatever they are, is known; else the body is a filter. */
export function simplifyQuantified(node: Quantified, evaluate: (node: Expr) => Expr): Expr {
  const { how, over } = node;
  if (over.kind === 'missing' || (over.kind === 'literal' && over.value === null)) return evaluate(node);
  if (how === 'collect') return node;
  const body = asFilter(node.body);
  if (body.kind === 'literal') {
    if (body.value === true && how === 'all') return bool(true);
    if (body.value === false && (how === 'any' || how === 'one')) return bool(false);
    if (body.value === false && how === 'none') return bool(true);
  }
  return body === node.body ? node : { ...node, body };
}

/** A variable that is not read goes, and a constant or a column is read where it is; `fold` folds what that gives. */
export function simplifyLet(node: Let, fold: (body: Expr) => Expr): Expr {
  const { variable, value, body } = node;
  if (!reads(body, variable)) return body;
  if (value.kind !== 'literal' && value.kind !== 'missing' && value.kind !== 'column') return node;
  const inlined = inline(body, variable, value);
  return reads(inlined, variable) ? node : fold(inlined);
}

function reads(expr: Expr, variable: string): boolean {
  return anywhere(expr, (node) => (node.kind === 'raw' || node.kind === 'field') && node.of === variable);
}

/** With the value for every reading of the variable as a whole, but where another of its name stands. */
function inline(expr: Expr, variable: string, value: Expr): Expr {
  if (expr.kind === 'raw' && expr.of === variable && expr.paths.every((path) => path.length === 0)) return value;
  if (binds(expr, variable)) return expr;
  return mapChildren(expr, (child) => inline(child, variable, value));
}

function binds(expr: Expr, variable: string): boolean {
  if (expr.kind === 'let') return expr.variable === variable;
  return expr.kind === 'quantified' && (expr.variable === variable || expr.index === variable);
}
