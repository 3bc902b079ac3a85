import { and, field, match, not, or } from '../../ir/construct.ts';
import type { Expr, WildcardPart } from '../../ir/expr.ts';
import type { LocatedText } from '../source/located.ts';

/**
 * The rule's index patterns as a condition on `_index`, which views give as the name of the data stream or index that the
 * vendor's agent would have written to. A leading `-` takes away again; the name of a remote cluster says nothing of logs.
 * Null for a rule about whatever there is: one that names no index, or all of them.
 */
export function scopeOf(patterns: readonly Pick<LocatedText, 'value' | 'span'>[]): Expr | null {
  const wanted: Expr[] = [];
  const unwanted: Expr[] = [];
  let isOpen = false;
  for (const { value, span } of patterns) {
    const excluded = value.startsWith('-');
    const name = (excluded ? value.slice(1) : value).trim().replace(/^[^<:]*:/, '');
    if (name === '') continue;
    const isAll = name === '_all' || /^\*+$/.test(name);
    if (isAll && !excluded) isOpen = true;
    const parts = wildcardParts(isAll ? '*' : name);
    const [first] = parts;
    const plain = parts.length === 1 && first !== undefined && 'text' in first;
    const condition = match(
      field('_index', span),
      plain ? { kind: 'equals', value: first.text } : { kind: 'wildcard', parts },
      { span },
    );
    (excluded ? unwanted : wanted).push(condition);
  }
  const conditions = [...(wanted.length > 0 && !isOpen ? [or(wanted)] : []), ...unwanted.map((one) => not(one))];
  return conditions.length === 0 ? null : and(conditions);
}

export function wildcardParts(pattern: string): readonly WildcardPart[] {
  return pattern
    .split(/(\*+)/)
    .filter((piece) => piece !== '')
    .map((piece): WildcardPart => (piece.startsWith('*') ? { any: 'many' } : { text: piece }));
}

/**
 * Of a rule that reads alerts: it does not match what it has made itself, nor what was made of that (Kibana,
 * `filter_duplicate_signals`). Undefined where no pattern is of an index of alerts.
 */
export function notOfItself(patterns: readonly Pick<LocatedText, 'value'>[], id: string): Expr | undefined {
  if (!patterns.some(({ value }) => ALERTS.test(value))) return undefined;
  const own = { kind: 'equals', value: id } as const;
  return not(or([match(field('kibana.alert.rule.uuid'), own), match(field('kibana.alert.ancestors.rule'), own)]));
}

/** `.alerts-security.*`, and where those stand and stood in Elasticsearch. */
const ALERTS = /^(?:[^<:]*:)?\.(?:alerts-security|internal\.alerts-security|siem-signals)/;
