import type { Expr } from '../../ir/expr.ts';
import type { Source } from '../../ir/plan/plan.ts';
import { usedRules } from '../../ir/plan/uses.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { matchesIn, namesIn, sourceWords } from '../../ir/scope-words.ts';
import { sourceNodes } from '../../ir/traverse.ts';
import { claimedBy } from '../../logs/claims.ts';
import type { LogType } from '../../logs/log-type.ts';
import { claimants } from '../../logs/registry.ts';

/** Records of one kind that were seen, and how many rules there are that look at them. */
export interface SeenRecords {
  readonly type: LogType;
  readonly form: string;
  readonly records: number;
  /** Rules about their log source. */
  readonly rules: number;
  /** Rules about whatever there is. */
  readonly general: number;
}

/** What became of the records that were read: which rules were they for? */
export interface SourceReport {
  /** How many records of each log type came in each of its forms, most first. */
  readonly forms: readonly { readonly logType: string; readonly form: string; readonly records: number }[];
  /** Records of undeclared types that were taken for a log source, and by what. */
  readonly taken: readonly {
    readonly logType: string;
    readonly records: number;
    readonly as: string;
    readonly by: string;
  }[];
  /** Log types whose records reached no rule that is about a log source; empty where no rule is about any. */
  readonly unreached: readonly {
    readonly logType: string;
    readonly declared: boolean;
    readonly records: number;
    /** Rules without a log source, which look at everything. */
    readonly general: number;
  }[];
  /** Tables that rules ask for, and of which no record was a row; with the number of those rules. */
  readonly emptyTables: readonly { readonly table: string; readonly rules: number }[];
  /** Log sources that rules are about, of which there was no record; those of most rules first. */
  readonly emptySources: readonly EmptySource[];
  /** The log sources that rules are about, as the options write them; those of most rules first. */
  readonly wanted: WantedSources;
}

/** A log source that rules are about, and of which no record was. */
export interface EmptySource {
  /** `product=okta,service=okta`, an index pattern, a log type of Panther's. */
  readonly source: string;
  readonly rules: number;
  /** Declared log types that are such logs: what has to be given. */
  readonly logTypes: readonly string[];
}

export interface WantedSources {
  /** `product=okta,service=okta`, for `--log-source`. */
  readonly sigma: readonly string[];
  /** Index patterns, for `--log-source index=…`. */
  readonly indices: readonly string[];
  /** Panther's log types, for `--log-type`. */
  readonly panther: readonly string[];
}

export function sourceReport(rules: readonly Rule[], seen: readonly SeenRecords[]): SourceReport {
  const taken = sumUp(
    seen.flatMap(({ type, records }) =>
      (type.undeclared?.taken ?? []).map(({ as, by }) => ({ key: [type.name, as, by], records })),
    ),
  ).map(({ key: [logType = '', as = '', by = ''], records }) => ({ logType, records, as, by }));
  return {
    forms: sumUp(seen.map(({ type, form, records }) => ({ key: [type.name, form], records }))).map(
      ({ key: [logType = '', form = ''], records }) => ({ logType, form, records }),
    ),
    taken,
    unreached: rules.some(hasLogSource) ? unreachedTypes(seen) : [],
    emptyTables: emptyTables(rules, seen),
    // Only results for programs have them, and each run of a schedule makes a report.
    get emptySources() {
      return emptySources(rules, seen);
    },
    wanted: wantedSources(rules),
  };
}

function hasLogSource(rule: Rule): boolean {
  return sourcesOf(rule).some(({ scope, table }) => scope !== null || table !== undefined);
}

function unreachedTypes(seen: readonly SeenRecords[]): SourceReport['unreached'] {
  const unreached = seen.filter(({ rules, records }) => rules === 0 && records > 0);
  const sums = sumUp(unreached.map(({ type, records }) => ({ key: [type.name], records })));
  return sums.map(({ key: [logType = ''], records }) => {
    const kinds = unreached.filter(({ type }) => type.name === logType);
    const general = Math.max(...kinds.map((one) => one.general));
    return { logType, declared: kinds.some(({ type }) => type.declared), records, general };
  });
}

interface Counted {
  readonly key: readonly string[];
  readonly records: number;
}

/** The sums of what has the same key, largest first. */
function sumUp(counted: readonly Counted[]): readonly Counted[] {
  const sums = new Map<string, Counted>();
  for (const { key, records } of counted) {
    const id = key.join('\0');
    sums.set(id, { key, records: records + (sums.get(id)?.records ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.records - a.records);
}

function emptyTables(rules: readonly Rule[], seen: readonly SeenRecords[]): SourceReport['emptyTables'] {
  const filled = new Set(seen.flatMap(({ type }) => type.views.map((view) => view.table)));
  const tables = rules.flatMap((rule) => [...new Set(sourcesOf(rule).flatMap(({ table }) => table ?? []))]);
  return countEach(tables)
    .filter(([table]) => !filled.has(table))
    .map(([table, number]) => ({ table, rules: number }));
}

/** A rule with several sources misses none as long as there are records of one. */
function emptySources(rules: readonly Rule[], seen: readonly SeenRecords[]): readonly EmptySource[] {
  const types = [...new Set(seen.filter(({ records }) => records > 0).map(({ type }) => type))];
  // Thousands of rules are about a hundred sources.
  const known = new Map<string, { readonly scope: Expr; readonly isSeen: boolean; rules: number }>();
  for (const rule of rules) {
    const scopes = new Map(
      sourcesOf(rule).flatMap((source) => (source.scope === null ? [] : [[nameOf(source), source.scope]])),
    );
    const wanted = [...scopes].map(([name, scope]) => {
      const isSeen = (): boolean => types.some((type) => claimedBy(type, scope));
      const one = known.get(name) ?? { scope, isSeen: isSeen(), rules: 0 };
      known.set(name, one);
      return one;
    });
    if (!wanted.some(({ isSeen }) => isSeen)) for (const one of wanted) one.rules += 1;
  }
  return [...known]
    .filter(([, one]) => one.rules > 0)
    .map(([source, { scope, rules: number }]) => ({
      source,
      rules: number,
      logTypes: claimants(scope).map(({ name }) => name),
    }))
    .sort((a, b) => b.rules - a.rules || (a.source < b.source ? -1 : 1));
}

/** A scope in the words of its system. */
function nameOf({ schema, scope }: Source): string {
  if (scope === null) return '';
  return schema === 'sigma' ? sourceWords(scope) : valuesOf(scope).join(', ');
}

function wantedSources(rules: readonly Rule[]): WantedSources {
  const sources = rules.flatMap(sourcesOf);
  const scopes = (schema: Source['schema']): readonly Expr[] =>
    sources.flatMap((source) => (source.schema === schema && source.scope !== null ? [source.scope] : []));
  return {
    sigma: names(scopes('sigma').map(sourceWords)),
    indices: names(scopes('ecs').flatMap(valuesOf)),
    panther: names(scopes('panther').flatMap(valuesOf)),
  };
}

function names(all: readonly string[]): readonly string[] {
  return countEach(all).map(([name]) => name);
}

/** How often each occurs, most frequent first. */
function countEach(all: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Those of the rules that it uses are its own too. */
function sourcesOf(rule: Rule): readonly Source[] {
  return [...usedRules(rule)].flatMap(({ logic }) => plansOf(logic).flatMap(sourceNodes));
}

/** The values that a scope lets in; what it takes away again is none. */
function valuesOf(scope: Expr): readonly string[] {
  return matchesIn(scope).flatMap(namesIn);
}
