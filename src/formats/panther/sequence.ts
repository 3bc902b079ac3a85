import { FOLDED, field, fieldAt } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Link } from '../../ir/plan/keyed.ts';
import {
  type ColumnType,
  EVENT_TIME,
  type Matches,
  type NamedExpr,
  type Plan,
  type Sequence,
  type Step,
} from '../../ir/plan/plan.ts';
import { mapInputs } from '../../ir/traverse.ts';
import { TICKS_PER_SECOND } from '../../values/date-time.ts';
import type { SignalCorrelation, SignalMember } from './signals.ts';

/** What a match of a correlation rule tells: the values that its signals have in common, and what it is made of. */
export const CORRELATION_COLUMNS: readonly ColumnType[] = [
  { name: 'values', type: 'dynamic' },
  { name: 'signals', type: 'long' },
  { name: 'rules', type: 'dynamic' },
  { name: 'first_time', type: 'datetime' },
  { name: 'last_time', type: 'datetime' },
];

/** The column of a match that has what a rule's alert says of it. */
const CONTEXT = 'p_alert_context';

/**
 * A correlation over the matches of rules, their signals. Panther's own evaluator is not public; this is what its documentation
 * says and what all published tests hold to.
 */
export function signalsPlan(correlation: SignalCorrelation): Plan {
  const { kind, lookbackMinutes } = correlation;
  const within = ticks(lookbackMinutes);
  const sequence: Sequence = {
    kind: 'sequence',
    ...stepsOf(correlation),
    order: kind === 'group' ? { kind: 'any', within } : { kind: 'linked', within, links: linksOf(correlation) },
    emit: { how: 'once-per-window', rows: 'all', mostRows: 0 },
    summary: { shared: 'values', count: 'signals', inputs: 'rules', first: 'first_time', last: 'last_time' },
  };
  const columns = CORRELATION_COLUMNS.map(({ name }): NamedExpr => ({ name, expr: { kind: 'column', name } }));
  return { kind: 'project', input: sequence, columns };
}

/**
 * The plan of a correlation over rules some of which are correlations themselves: what such a match has in common is found at
 * every field.
 */
export function overCorrelations(plan: Plan, isCorrelation: (rule: string) => boolean): Plan {
  if (plan.kind !== 'sequence') return mapInputs(plan, (input) => overCorrelations(input, isCorrelation));
  const steps = plan.steps.map((step): Step => {
    const leaf = leafOf(step.plan);
    if (leaf === undefined || !isCorrelation(leaf.rule.id)) return step;
    const common: Expr = { kind: 'column', name: 'values' };
    const columns = fieldsOf(step).map((name) => ({ name, expr: common }));
    return { ...step, plan: signalColumns({ ...leaf, columns: CORRELATION_COLUMNS }, columns) };
  });
  return { ...plan, steps };
}

function stepsOf({ members, criteria, transitions }: SignalCorrelation): Pick<Sequence, 'by' | 'steps'> {
  // What only absent members must have in common asks nothing.
  const asked = criteria.filter(({ fields }) =>
    fields.some(({ member }) => members.some(({ id, absent }) => id === member && !absent)),
  );
  const steps = members.map((member): Step => {
    const keys = asked.map(({ fields }) => fields.find((one) => one.member === member.id)?.field ?? null);
    const linked = transitions.flatMap(({ from, to, match }) => [
      ...(match !== undefined && from === member.id ? [match.from] : []),
      ...(match !== undefined && to === member.id ? [match.to] : []),
    ]);
    const kept = [...new Set(linked)];
    return {
      name: member.rule,
      plan: signalsOf(member.rule, [...keys.filter((name) => name !== null), ...kept]),
      time: field(EVENT_TIME),
      keys: keys.map((name) => (name === null ? null : field(name))),
      keep: kept.map((name) => ({ name, expr: field(name) })),
      count: countOf(member),
    };
  });
  return { steps, by: asked.map(({ name }) => ({ name, missing: 'drop', many: 'each' })) };
}

function countOf({ absent, minimum, maximum }: SignalMember): Step['count'] {
  return absent ? { atLeast: 0, atMost: minimum - 1 } : { atLeast: minimum, atMost: maximum ?? null };
}

function linksOf({ members, transitions }: SignalCorrelation): readonly Link[] {
  const place = (id: string): number => members.findIndex((member) => member.id === id);
  return transitions.map(({ from, to, withinMinutes, match = null }) => ({
    from: place(from),
    to: place(to),
    within: ticks(withinMinutes),
    share: match,
  }));
}

/** The matches of a rule with what is asked of them: fields of their events, or of what their alerts say. */
function signalsOf(rule: string, asked: readonly string[]): Plan {
  const context: ColumnType = { name: CONTEXT, type: 'dynamic' };
  const leaf: Matches = {
    kind: 'matches',
    rule: { format: 'panther', id: rule },
    schema: 'panther',
    columns: [context],
    which: 'told',
  };
  return signalColumns(
    leaf,
    [...new Set(asked)].map((name) => ({ name, expr: signalField(name) })),
  );
}

function signalColumns(leaf: Matches, columns: readonly NamedExpr[]): Plan {
  return { kind: 'project', input: leaf, columns: [{ name: EVENT_TIME, expr: field(EVENT_TIME) }, ...columns] };
}

/** By a flat name or a path, in any case, as in match expressions. */
function signalField(name: string): Expr {
  const [first, ...path] = name.split('.');
  if (first !== CONTEXT) return { kind: 'field', name, ...FOLDED };
  const context: Expr = { kind: 'column', name: CONTEXT };
  if (path.length === 0) return context;
  return { kind: 'let', variable: 'context', value: context, body: fieldAt(path, undefined, 'context') };
}

function leafOf(plan: Plan): Matches | undefined {
  if (plan.kind === 'project') return leafOf(plan.input);
  return plan.kind === 'matches' ? plan : undefined;
}

/** The fields that a step reads, but for the time. */
function fieldsOf({ keys, keep }: Step): readonly string[] {
  const exprs = [...keys, ...keep.map(({ expr }) => expr)];
  return [...new Set(exprs.flatMap((expr) => (expr?.kind === 'field' ? [expr.name] : [])))];
}

function ticks(minutes: number): string {
  return (BigInt(minutes) * 60n * TICKS_PER_SECOND).toString();
}
