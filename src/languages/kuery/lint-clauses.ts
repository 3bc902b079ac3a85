import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { KueryQuery, KueryValue } from './ast.ts';
import { printKuery } from './print.ts';

/** Clauses that stand beside each other twice, or once as they are and once negated. */
export function lintClauses(ast: KueryQuery): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(ast, found);
  return found;
}

function visit(ast: KueryQuery, found: Diagnostic[]): void {
  switch (ast.kind) {
    case 'and':
    case 'or':
      beside(ast.items, ast.kind, found);
      for (const item of ast.items) visit(item, found);
      return;
    case 'not':
      visit(ast.item, found);
      return;
    case 'nested':
      visit(ast.query, found);
      return;
    case 'is':
      values(ast.value, ast, found);
      return;
    case 'free-text':
    case 'range':
    case 'everything':
    case 'error':
      return;
  }
}

function beside(items: readonly KueryQuery[], how: 'and' | 'or', found: Diagnostic[]): void {
  const seen = new Map<string, { plain: boolean; negated: boolean }>();
  for (const item of items) {
    const isNegated = item.kind === 'not';
    const clause = printKuery(isNegated ? item.item : item);
    if (clause === '') continue;
    const known = seen.get(clause) ?? { plain: false, negated: false };
    seen.set(clause, known);
    if (isNegated ? known.negated : known.plain) {
      found.push(diagnostic('elastic/duplicate-clause', { clause: isNegated ? `not ${clause}` : clause }, item.span));
    } else if (isNegated ? known.plain : known.negated) {
      found.push(diagnostic('elastic/contradiction', { clause, how }, item.span));
    }
    if (isNegated) known.negated = true;
    else known.plain = true;
  }
}

/** `field: (a or a)` */
function values(value: KueryValue, { field }: KueryQuery & { kind: 'is' }, found: Diagnostic[]): void {
  if (value.kind !== 'and' && value.kind !== 'or') return;
  const seen = new Set<string>();
  for (const item of value.items) {
    const clause = printKuery({ kind: 'is', field, value: item, span: item.span });
    if (seen.has(clause)) found.push(diagnostic('elastic/duplicate-clause', { clause }, item.span));
    seen.add(clause);
  }
}
