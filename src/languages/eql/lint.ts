import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { lackedName, outsideClosedList } from '../../ir/schema-names.ts';
import type { Schema } from '../../ir/view.ts';
import type { EqlExpr, EqlField, EqlStatement, EqlString } from './ast.ts';
import { eqlFieldsOf } from './fields.ts';
import { allOf, filtersOf } from './parts.ts';
import { printEqlExpression } from './print.ts';

/**
 * What is legal and yet most likely not meant: stars that are no wildcards, wildcards that are regular expressions, fields and values
 * that ECS does not have, clauses that stand twice or exclude each other.
 */
export function lintEql(statement: EqlStatement, schema: Schema): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const field of eqlFieldsOf(statement)) found.push(...unknownField(field, schema));
  for (const { category, condition } of filtersOf(statement)) {
    if (category !== null) found.push(...outsideClosedList('event.category', category.name, category.span, schema));
    for (const expr of allOf(condition)) found.push(...expression(expr, schema));
  }
  return found;
}

function expression(expr: EqlExpr, schema: Schema): readonly Diagnostic[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return clauses(expr.items, expr.kind);
    case 'compare': {
      const { left, op, right } = expr;
      if (right.kind !== 'string' || (op !== '==' && op !== '!=')) return [];
      return [...literalStar(right, op), ...closedValues(left, [right], schema)];
    }
    case 'in': {
      const texts = expr.items.filter((item) => item.kind === 'string');
      const op = expr.ignoreCase ? 'in~' : 'in';
      return [
        ...texts.flatMap((item) => literalStar(item, op)),
        ...(expr.ignoreCase ? [] : closedValues(expr.subject, texts, schema)),
        ...alternatives(texts, expr.ignoreCase),
      ];
    }
    case 'matching': {
      const texts = expr.patterns.filter((item) => item.kind === 'string');
      const isRegex = expr.op === 'regex' || expr.op === 'regex~';
      const ignoreCase = expr.op !== 'like' && expr.op !== 'regex';
      return [...(isRegex ? texts.flatMap(globAsRegex) : []), ...alternatives(texts, ignoreCase)];
    }
    case 'not':
    case 'arithmetic':
    case 'sign':
    case 'call':
    case 'field':
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'error':
      return [];
  }
}

/** Fields that may be missing are asked for on purpose. */
function unknownField({ name, optional, span }: EqlField, schema: Schema): readonly Diagnostic[] {
  const suggestions = optional ? undefined : lackedName(name, schema);
  return suggestions === undefined ? [] : [diagnostic('elastic/unknown-field', { field: name, suggestions }, span)];
}

/** Not the value `*` alone, nor a share as Windows itself spells it. */
function literalStar({ value, span }: EqlString, op: string): readonly Diagnostic[] {
  if (!value.includes('*') || value === '*' || /^\\\\\*\\/.test(value)) return [];
  return [diagnostic('eql/literal-wildcard', { value, op }, span)];
}

/** Stars behind plain characters, and nothing else of a regular expression. */
function globAsRegex({ value, span }: EqlString): readonly Diagnostic[] {
  const isGlob = /(?:^|[^.\])}])\*/.test(value) && !/[[\](){}|+?^$]|\.\*|\\[dDwWsS.*]/.test(value);
  return isGlob ? [diagnostic('eql/glob-as-regex', { pattern: value }, span)] : [];
}

function closedValues(subject: EqlExpr, values: readonly EqlString[], schema: Schema): readonly Diagnostic[] {
  if (subject.kind !== 'field') return [];
  return values.flatMap(({ value, span }) => outsideClosedList(subject.name, value, span, schema));
}

function alternatives(texts: readonly EqlString[], ignoreCase: boolean): readonly Diagnostic[] {
  const seen = new Set<string>();
  return texts.flatMap(({ value, span }) => {
    const key = ignoreCase ? value.toLowerCase() : value;
    if (seen.has(key)) return [diagnostic('elastic/duplicate-clause', { clause: JSON.stringify(value) }, span)];
    seen.add(key);
    return [];
  });
}

/** Clauses beside each other that are the same, or of which one is the other's contrary. */
function clauses(items: readonly EqlExpr[], how: 'and' | 'or'): readonly Diagnostic[] {
  const seen = new Map<string, Set<boolean>>();
  return items.flatMap((item) => {
    const { clause, negated } = positive(item);
    const known = seen.get(clause) ?? new Set();
    seen.set(clause, known);
    const found = known.has(negated)
      ? [diagnostic('elastic/duplicate-clause', { clause: printEqlExpression(item) }, item.span)]
      : known.has(!negated)
        ? [diagnostic('elastic/contradiction', { clause, how }, item.span)]
        : [];
    known.add(negated);
    return found;
  });
}

function positive(expr: EqlExpr): { readonly clause: string; readonly negated: boolean } {
  if (expr.kind === 'not') {
    const inner = positive(expr.item);
    return { clause: inner.clause, negated: !inner.negated };
  }
  if (expr.kind === 'compare' && expr.op === '!=') {
    return { clause: printEqlExpression({ ...expr, op: '==' }), negated: true };
  }
  if (expr.kind === 'in' && expr.negated) {
    return { clause: printEqlExpression({ ...expr, negated: false }), negated: true };
  }
  return { clause: printEqlExpression(expr), negated: false };
}
