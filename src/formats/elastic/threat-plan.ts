import { and, call, field, list, not, or, text } from '../../ir/construct.ts';
import type { Column, Expr } from '../../ir/expr.ts';
import type { ColumnType, Join, NamedExpr, Plan } from '../../ir/plan/plan.ts';
import type { SharedPlan } from '../../ir/plan/query.ts';
import type { JoinColumn } from '../../ir/plan/relational.ts';
import type { PlanLogic } from '../../ir/rule/rule.ts';
import type { Schema } from '../../ir/view.ts';
import { targetOf } from '../../languages/kuery/index.ts';
import type { ThreatEntry, ThreatMatchSettings } from './threat-match.ts';

const INDICATORS = 'indicators';
/** The column that an alert shows. */
const ENRICHMENTS = 'threat.enrichments';

interface Comparison extends ThreatEntry {
  /** The column of the indicator's value. */
  readonly column: string;
}

/**
 * Events that an indicator is about (Kibana, `create_threat_signal.ts`): all entries of one item hold between the event and one
 * indicator. Of an indicator with no value of an entry's field, or with several, the item says nothing. An event's field is compared
 * as `match` searches it: any of its values, by the field's type. What is told of a match is each entry that holds with any
 * indicator whose item says something, as the named queries of one search tell it.
 */
export function threatPlan(
  events: Plan,
  indicators: Plan,
  { items, path }: ThreatMatchSettings,
  schema: Schema,
): PlanLogic {
  const values = new Map<string, string>();
  const compared = items.map((item) =>
    item.map((entry): Comparison => {
      const column = values.get(entry.value.value) ?? `value ${values.size + 1}`;
      values.set(entry.value.value, column);
      return { ...entry, column };
    }),
  );
  const columns: readonly NamedExpr[] = [
    ...INDICATOR_COLUMNS,
    { name: 'indicator', expr: field(path) },
    ...[...values].map(([name, column]) => ({ name: column, expr: call('elastic.only', [field(name)]) })),
  ];
  const shared: SharedPlan = { name: INDICATORS, plan: { kind: 'project', input: indicators, columns } };
  const given: Plan = {
    kind: 'shared',
    name: INDICATORS,
    columns: columns.map(({ name }): ColumnType => ({ name, type: 'dynamic' })),
  };
  let plan = events;
  const paired: Column[] = [];
  for (const [at, item] of compared.entries()) {
    const into = `item ${at + 1}`;
    paired.push({ kind: 'column', name: into });
    plan = nested(plan, complete(given, item), item, into, schema);
  }
  plan = { kind: 'where', input: plan, predicate: or(paired.map(hasAny)) };
  const told: Column[] = [];
  for (const [at, item] of compared.entries()) {
    const positive = item.filter(({ negate }) => !negate);
    for (const [place, entry] of positive.entries()) {
      const into = item.length === 1 ? `item ${at + 1}` : `item ${at + 1} entry ${place + 1}`;
      told.push({ kind: 'column', name: into });
      if (item.length > 1) plan = nested(plan, complete(given, item), [entry], into, schema);
    }
  }
  const enrichments: NamedExpr = { name: ENRICHMENTS, expr: call('elastic.enrichments', [list(told)]) };
  return {
    kind: 'plan',
    plan: { kind: 'extend', input: plan, columns: [enrichments] },
    shared: [shared],
    columns: [{ name: ENRICHMENTS, type: 'dynamic' }],
  };
}

const INDICATOR_COLUMNS: readonly NamedExpr[] = [
  { name: 'id', expr: field('_id') },
  { name: 'index', expr: field('_index') },
  { name: 'feed', expr: field('threat.feed.name') },
];

/** The indicators that have a value for each entry. */
function complete(indicators: Plan, item: readonly Comparison[]): Plan {
  const present = item.map(({ column }) => hasAny({ kind: 'column', name: column }));
  return { kind: 'where', input: indicators, predicate: and(present) };
}

/** The events, each with the indicators that the entries hold with. */
function nested(left: Plan, right: Plan, item: readonly Comparison[], into: string, schema: Schema): Join {
  const positive = item.filter(({ negate }) => !negate);
  const negative = item.filter(({ negate }) => negate);
  const [first] = positive;
  const sides = negative.map((entry, at) => ({ at, ...termsOf(entry, schema) }));
  const columns: readonly JoinColumn[] = [
    ...sides.flatMap(({ at, left: of, right: other }): JoinColumn[] => [
      { name: `left ${at}`, side: 'left', expr: of },
      { name: `right ${at}`, side: 'right', expr: other },
    ]),
    ...['indicator', 'id', 'index', 'feed'].map(
      (name): JoinColumn => ({
        name,
        side: 'right',
        expr: { kind: 'column', name },
      }),
    ),
    ...(first === undefined
      ? []
      : ([
          { name: 'atomic', side: 'right', expr: { kind: 'column', name: first.column } },
          { name: 'field', side: 'left', expr: text(first.field.value) },
        ] as const)),
  ];
  const apart = sides.map(({ at }) =>
    not(
      call('elastic.have-common', [
        { kind: 'column', name: `left ${at}` },
        { kind: 'column', name: `right ${at}` },
      ]),
    ),
  );
  return {
    kind: 'join',
    left,
    right,
    on: positive.map((entry) => ({ ...termsOf(entry, schema), elements: 'any' })),
    flavour: 'left-nest',
    into,
    nulls: 'differ',
    columns,
    ...(apart.length > 0 && { residual: and(apart) }),
  };
}

/** What an event and an indicator have in common where an entry holds: terms, as the event's field is searched. */
function termsOf({ field: name, column }: Comparison, schema: Schema): { readonly left: Expr; readonly right: Expr } {
  const { subject, family, collation } = targetOf(name.value, name.span, schema, undefined);
  const kind = termKind(family, collation);
  return {
    left: call('elastic.terms', [subject, text(kind)]),
    right: call('elastic.terms', [{ kind: 'column', name: column }, text(kind === 'address' ? 'network' : kind)]),
  };
}

type TermKind = 'exact' | 'folded' | 'words' | 'number' | 'boolean' | 'moment' | 'address';

function termKind(family: ReturnType<typeof targetOf>['family'], collation: 'exact' | 'ignore-case'): TermKind {
  switch (family) {
    case 'text':
      return 'words';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'moment';
    case 'ip':
      return 'address';
    case 'keyword':
    case 'whole':
    case 'version':
    case 'point':
    case 'unknown':
      return collation === 'exact' ? 'exact' : 'folded';
  }
}

function hasAny(subject: Column): Expr {
  return { kind: 'exists', subject, counts: 'value' };
}
