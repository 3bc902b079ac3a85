import type { Json } from '../base/json.ts';
import { compileExpr, compilePredicate, type Evaluate, type Row } from '../engines/memory/index.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan/plan.ts';
import { rowPath } from '../ir/plan/row-path.ts';
import type { AlertTemplate } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { mapChildren } from '../ir/traverse.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import { bind } from '../passes/bind.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { keyOfAll } from '../values/key.ts';
import { displayText, toJson } from '../values/text-of.ts';
import type { Value } from '../values/value.ts';
import type { Match } from './match.ts';

/** Longer titles and dedup texts are cut, as those of Python rules are. */
const LONGEST_TEXT = 1000;
const TRUNCATED = '... (truncated)';

/** What a rule's template says of a match. */
export type Told = Pick<Match, 'title' | 'dedup' | 'alertContext' | 'severity' | 'riskScore' | 'group'>;

/** The kind of record that a row stands for. */
export interface RecordKind {
  readonly type: LogType;
  readonly shape: Shape;
}

/** `kind` is undefined for rows made of several records, whose columns are all there is. */
export type Teller = (row: Row, kind: RecordKind | undefined) => Told;

interface Known {
  readonly unbound: Teller;
  readonly byShape: Map<Shape, Teller>;
}

const known = new WeakMap<Rule, Known>();
const NOTHING: Told = {};

/** How a rule's matches are told; undefined where its template says nothing of a single match. */
export function tellerOf(rule: Rule): Teller | undefined {
  const template = rule.alert;
  if (template === undefined || template.of !== undefined || isSilent(template)) return undefined;
  let found = known.get(rule);
  if (found === undefined) {
    found = { unbound: compileTemplate(rule, template, ofColumns), byShape: new Map() };
    known.set(rule, found);
  }
  const { unbound, byShape } = found;
  return (row, kind) => {
    if (kind === undefined) return unbound(row, kind);
    let teller = byShape.get(kind.shape);
    if (teller === undefined) {
      teller = compileTemplate(rule, template, binder(rule, kind));
      byShape.set(kind.shape, teller);
    }
    return teller(row, kind);
  };
}

function isSilent({ title, dedup, context, severities, risk, group }: AlertTemplate): boolean {
  const parts = [title, dedup, risk, ...context, ...severities, ...group.fields];
  return parts.every((part) => part === undefined);
}

/** Fields become what they are in the records of one kind, as they do at the top of the rule's own plan. */
export function binder(rule: Rule, { type, shape }: RecordKind): (expr: Expr) => Expr {
  const { logic } = rule;
  const inputs = branchesOf(logic.plan);
  const binding = bindingOf(type, shape);
  return (expr) => {
    for (const input of inputs) {
      const bound = bind({ kind: 'project', input, columns: [{ name: 'told', expr }] }, binding);
      if (bound.kind !== 'project' || isNever(bound)) continue;
      const [column] = bound.columns;
      if (column !== undefined) return column.expr;
    }
    return ofColumns(expr);
  };
}

/** Fields of rows that are no records. */
function ofColumns(expr: Expr): Expr {
  if (expr.kind === 'field' && expr.of === undefined) return { kind: 'column', name: expr.name };
  return mapChildren(expr, ofColumns);
}

/** The inputs of a union at the top: a record's row came from one of them. */
function branchesOf(plan: Plan): readonly Plan[] {
  return plan.kind === 'union' ? plan.inputs.flatMap(branchesOf) : [plan];
}

function isNever(plan: Plan): boolean {
  return rowPath(plan).below.kind === 'never';
}

function compileTemplate(rule: Rule, template: AlertTemplate, bound: (expr: Expr) => Expr): Teller {
  const clock = { now: fromEpochMs(0) };
  const value = (expr: Expr | undefined): Evaluate | undefined => expr && compileExpr(bound(expr), clock);
  const title = value(template.title);
  const dedup = value(template.dedup);
  const score = value(template.risk?.from);
  const context = template.context.map(({ name, expr }) => ({ name, read: compileExpr(bound(expr), clock) }));
  const fields = template.group.fields.map(({ expr }) => compileExpr(bound(expr), clock));
  const severities = template.severities.map(({ when, severity }) => ({
    holds: compilePredicate(bound(when), clock),
    severity,
  }));
  return (row) => {
    const own = title && cut(displayText(title(row)) ?? '');
    const severity = severities.find(({ holds }) => holds(row) === true)?.severity ?? rule.severity;
    const risk = template.risk && (highest(score?.(row)) ?? template.risk.score);
    return {
      ...(own !== undefined && own !== '' && { title: own }),
      ...((template.group.by === 'dedup' || dedup !== undefined) && { dedup: dedupText(rule, dedup?.(row)) }),
      ...(context.length > 0 || template.group.by === 'dedup' ? { alertContext: told(context, row) } : NOTHING),
      ...(severity !== undefined && { severity }),
      ...(risk !== undefined && { riskScore: risk }),
      ...groupOf(fields, template, row),
    };
  };
}

function told(context: readonly { readonly name: string; readonly read: Evaluate }[], row: Row): Json {
  return Object.fromEntries(context.map(({ name, read }) => [name, toJson(read(row) ?? null)]));
}

/** Panther's own text for matches that say nothing to tell them apart. */
function dedupText(rule: Rule, value: Value): string {
  const text = cut(displayText(value) ?? '');
  return text === '' ? `defaultDedupString:${rule.id}` : text;
}

function groupOf(fields: readonly Evaluate[], { group }: AlertTemplate, row: Row): Pick<Told, 'group'> {
  if (group.by !== 'fields') return NOTHING;
  const values = fields.map((read) => read(row));
  const lacks = values.some(
    (value) => value === undefined || value === null || (Array.isArray(value) && value.length === 0),
  );
  return lacks && group.missing === 'match' ? NOTHING : { group: keyOfAll(values) };
}

/** The largest of several values that is a number from 0 to 100, or the text of one. */
function highest(value: Value): number | undefined {
  const values: readonly Value[] = Array.isArray(value) ? value : [value];
  const scores = values
    .map((one) => (typeof one === 'string' && one.trim() !== '' ? Number(one) : one))
    .filter((one): one is number => typeof one === 'number' && one >= 0 && one <= 100);
  return scores.length === 0 ? undefined : Math.max(...scores);
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT - TRUNCATED.length) + TRUNCATED;
}
