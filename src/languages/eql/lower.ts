import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { failure, type Result, success } from '../../base/result.ts';
import { and, call, field, match, NULL } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Key } from '../../ir/plan/keyed.ts';
import {
  type ColumnType,
  EVENT_TIME,
  type KeyedInput,
  type Plan,
  type Sequence,
  type Step,
} from '../../ir/plan/plan.ts';
import type { Schema } from '../../ir/view.ts';
import { TICKS_PER_SECOND } from '../../values/date-time.ts';
import type { EqlExpr, EqlField, EqlFilter, EqlPipe, EqlSample, EqlSequence, EqlStatement, EqlTerm } from './ast.ts';
import { millisecondsOf } from './duration.ts';
import { ExpressionLowering } from './lower-expression.ts';
import { mayJoin } from './lower-field.ts';
import { EqlFields, type EqlTarget } from './target.ts';

/** What a query is asked of. */
export interface EqlSettings {
  readonly schema: Schema;
  /** Whether the schema is an index's mapping: then a field that it lacks is an error, otherwise the record may have it. */
  readonly isMapping: boolean;
  /** The events. */
  readonly source: Plan;
  /** The field with the event's category. */
  readonly category: string;
  /** The field with the event's time; null: what its log type says. */
  readonly timestamp: string | null;
  /** The field that orders events of one time; null: the order of reading. */
  readonly tiebreaker: string | null;
  /** How many samples a key gives. */
  readonly samples: number;
}

/** What a query gives: events, or rows for several of them. */
export interface LoweredEql {
  readonly plan: Plan;
  /** The columns of those rows; undefined where a match is the event. */
  readonly columns: readonly ColumnType[] | undefined;
  /** When an event happened, and what orders those of one time. */
  readonly time: Expr;
  readonly tie: Expr | null;
  /** Of a sequence or a sample: the names of the keys, and for each place in a match whether an event is there. */
  readonly steps: { readonly keys: readonly string[]; readonly places: readonly ('event' | 'missing')[] } | undefined;
  readonly pipes: readonly EqlPipe[];
}

/** The names of the columns of a sequence's match beside its keys. */
const EQL_SUMMARY = { count: 'events', first: 'first_time', last: 'last_time' } as const;

/** The query's meaning as a plan; fails on what Elasticsearch refuses. */
export function lowerEql(statement: EqlStatement, settings: EqlSettings): Result<LoweredEql> {
  const lowering = new Lowering(settings);
  const lowered = lowering.statement(statement);
  const failed = lowering.diagnostics.some((found) => found.severity === 'error');
  return failed ? failure(...lowering.diagnostics) : success(lowered, lowering.diagnostics);
}

/** The value of an expression that stands alone, for its own tests. */
export function lowerEqlExpression(expr: EqlExpr, schema: Schema, isMapping: boolean): Result<Expr> {
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic): void => void diagnostics.push(found);
  const value = new ExpressionLowering(new EqlFields(schema, isMapping, report), report).value(expr).expr;
  return diagnostics.some((found) => found.severity === 'error')
    ? failure(...diagnostics)
    : success(value, diagnostics);
}

class Lowering {
  readonly diagnostics: Diagnostic[] = [];
  private readonly settings: EqlSettings;
  private readonly fields: EqlFields;
  private readonly expressions: ExpressionLowering;

  constructor(settings: EqlSettings) {
    const report = (found: Diagnostic): void => this.report(found);
    this.settings = settings;
    this.fields = new EqlFields(settings.schema, settings.isMapping, report);
    this.expressions = new ExpressionLowering(this.fields, report);
  }

  /** Says it once: what stands in the list of keys is looked at for each step. */
  private report(found: Diagnostic): void {
    const isSaid = this.diagnostics.some((one) => one.code === found.code && samePlace(one, found));
    if (!isSaid) this.diagnostics.push(found);
  }

  statement({ query, pipes }: EqlStatement): LoweredEql {
    const { time, tie } = this;
    switch (query.kind) {
      case 'event':
        return { plan: this.filtered(query.filter, []), time, tie, columns: undefined, steps: undefined, pipes };
      case 'sequence': {
        const plan = this.sequence(query);
        const keys = plan.by.map(({ name }) => name);
        const places = query.terms.flatMap(({ missing, runs }) =>
          new Array<'event' | 'missing'>(runs?.count ?? 1).fill(missing ? 'missing' : 'event'),
        );
        return { plan, columns: columnsOf(keys), time, tie, steps: { keys, places }, pipes };
      }
      case 'sample': {
        const plan = this.sample(query);
        const keys = plan.by.map(({ name }) => name);
        return {
          plan,
          columns: columnsOf(keys),
          time,
          tie,
          steps: { keys, places: query.terms.map(() => 'event') },
          pipes,
        };
      }
    }
  }

  private get time(): Expr {
    const { timestamp } = this.settings;
    if (timestamp !== null) return call('eql.date', [this.named(timestamp).subject]);
    return call('eql.event-time', [field(EVENT_TIME), field('@timestamp')]);
  }

  private get tie(): Expr | null {
    const { tiebreaker } = this.settings;
    return tiebreaker === null ? null : this.named(tiebreaker).subject;
  }

  /** A field that an option names. */
  private named(name: string): EqlTarget {
    return this.fields.target({ kind: 'field', name, optional: true, span: { source: '', start: 0, end: 0 } });
  }

  /** `where` over the events; `present` are fields that must have a value. */
  private filtered({ category, condition }: EqlFilter, present: readonly Expr[]): Plan {
    const { source } = this.settings;
    const conditions: Expr[] = present.map((subject) => ({ kind: 'exists', subject, counts: 'value' }));
    if (category !== null) {
      const { subject } = this.named(this.settings.category);
      conditions.push(match(subject, { kind: 'equals', value: category.name }, { span: category.span }));
    }
    conditions.push(this.expressions.condition(condition, 'false'));
    return { kind: 'where', input: source, predicate: and(conditions, condition.span) };
  }

  private sequence({ by, maxspan, terms, until }: EqlSequence): Sequence {
    const all = until === null ? terms : [...terms, until];
    const keys = this.keys(by, all);
    const steps = terms.map((term, place): Step => {
      const { missing, runs } = term;
      const count = missing ? { atLeast: 0, atMost: 0 } : { atLeast: runs?.count ?? 1, atMost: null };
      return { ...this.input(`step ${place + 1}`, by, term, keys), count };
    });
    const within =
      maxspan === null
        ? null
        : ((BigInt(millisecondsOf(maxspan.count, maxspan.unit)) * TICKS_PER_SECOND) / 1000n).toString();
    return {
      kind: 'sequence',
      steps,
      by: keys,
      order: { kind: 'strict', within, until: until === null ? null : this.input('until', by, until, keys) },
      emit: { how: 'each', rows: 'steps', mostRows: 0 },
      summary: EQL_SUMMARY,
    };
  }

  private sample({ by, terms }: EqlSample): Sequence {
    const keys = this.keys(by, terms);
    return {
      kind: 'sequence',
      steps: terms.map(
        (term, place): Step => ({
          ...this.input(`step ${place + 1}`, by, term, keys),
          count: { atLeast: 1, atMost: null },
        }),
      ),
      by: keys,
      order: { kind: 'sample', most: this.settings.samples },
      emit: { how: 'first', rows: 'steps', mostRows: 0 },
      summary: EQL_SUMMARY,
    };
  }

  private input(name: string, by: readonly EqlField[], term: EqlTerm, keys: readonly Key[]): KeyedInput {
    const targets = [...by, ...term.by].map((one) => ({ optional: one.optional, ...this.fields.target(one) }));
    // Where another step's key may be null, this one's still may not.
    const present = targets.filter(({ optional }, place) => !optional && keys[place]?.missing === 'key');
    const { time, tie } = this;
    return {
      name,
      plan: this.filtered(
        term.filter,
        present.map(({ subject }) => subject),
      ),
      time,
      keys: targets.map(({ subject, absent }) => (absent === true ? NULL : subject)),
      keep: [],
      ...(tie !== null && { tie }),
    };
  }

  /** A key is null's own where one of its fields may be missing. */
  private keys(by: readonly EqlField[], terms: readonly EqlTerm[]): readonly Key[] {
    const names = new Set<string>(Object.values(EQL_SUMMARY));
    const count = by.length + (terms[0]?.by.length ?? 0);
    return Array.from({ length: count }, (_, place): Key => {
      const fields = terms.flatMap((term) => [...by, ...term.by][place] ?? []);
      const [first, ...others] = fields.map((one) => this.fields.target(one));
      for (const other of others) if (first !== undefined) this.checkKeys(first, other);
      const wanted = fields[0]?.name ?? `key ${place + 1}`;
      let name = wanted;
      for (let again = 2; names.has(name); again += 1) name = `${wanted} (${again})`;
      names.add(name);
      return { name, missing: fields.some(({ optional }) => optional) ? 'key' : 'drop', many: 'each' };
    });
  }

  private checkKeys(first: EqlTarget, other: EqlTarget): void {
    if (mayJoin(first.type, other.type)) return;
    const params = { first: first.name, firstType: first.type, other: other.name, otherType: other.type };
    this.report(diagnostic('eql/key-types', params, other.span));
  }
}

function columnsOf(keys: readonly string[]): readonly ColumnType[] {
  return [
    ...keys.map((name): ColumnType => ({ name, type: 'dynamic' })),
    { name: EQL_SUMMARY.count, type: 'long' },
    { name: EQL_SUMMARY.first, type: 'datetime' },
    { name: EQL_SUMMARY.last, type: 'datetime' },
  ];
}

function samePlace(one: Diagnostic, other: Diagnostic): boolean {
  const [a, b] = [one.labels[0]?.span, other.labels[0]?.span];
  return a?.start === b?.start && a?.end === b?.end;
}
