import type { Expr, Match } from '../../ir/expr.ts';
import type { Source } from '../../ir/plan/plan.ts';
import { usedRules } from '../../ir/plan/uses.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { matchesIn, namesIn, sourceWords, textOf } from '../../ir/scope-words.ts';
import { sourceNodes } from '../../ir/traverse.ts';
import { claimants, logTypes } from '../../logs/registry.ts';
import { ruleReach } from '../rule-profile.ts';
import { reasonUnserved } from './unserved/reason-unserved.ts';

/** Whose word for logs it is: Sigma's `logsource`, Elastic's index patterns, Panther's log types, Kusto's tables. */
export type SourceSystem = 'sigma' | 'elastic' | 'panther' | 'kusto';

/** Logs that rules are about, in the words of their system, and the log types that serve them. */
export interface SourceCoverage {
  readonly system: SourceSystem;
  /** `product=windows,service=security`, an index pattern, a log type, a table. */
  readonly source: string;
  /** Rules that name it. */
  readonly rules: number;
  /** Those of them that can match records of a declared log type, by their conditions and its views. */
  readonly served: number;
  /** The declared log types whose records are such logs. */
  readonly logTypes: readonly string[];
  /** Why there is none. */
  readonly reason: string | undefined;
}

export interface Coverage {
  readonly sources: readonly SourceCoverage[];
  /** Rules about logs that no declared log type serves by what their conditions ask. */
  readonly unserved: readonly Rule[];
  /** Rules that are about some logs. */
  readonly rules: number;
}

interface Named {
  readonly system: SourceSystem;
  readonly source: string;
  /** What stands for it in a scope; a table has none. */
  readonly scope: Expr | undefined;
}

/** Which logs some rules are about, and which declared log types serve them. */
export function coverageOf(rules: readonly Rule[]): Coverage {
  const reaches = ruleReach();
  const sources = new Map<
    string,
    { readonly named: Named; readonly types: readonly string[]; rules: number; served: number }
  >();
  const unserved: Rule[] = [];
  let counted = 0;
  for (const rule of rules) {
    const named = sourcesOf(rule);
    if (named.length === 0) continue;
    counted += 1;
    const found = named.map((one) => {
      const id = `${one.system} ${one.source}`;
      const known = sources.get(id) ?? { named: one, types: typesOf(one), rules: 0, served: 0 };
      sources.set(id, known);
      return known;
    });
    const isServed = [...new Set(found.flatMap(({ types }) => types))].some((type) => reaches(rule, type));
    for (const one of found) {
      one.rules += 1;
      if (isServed) one.served += 1;
    }
    if (!isServed) unserved.push(rule);
  }
  return {
    sources: [...sources.values()]
      .map(({ named: { system, source }, types, rules: number, served }) => ({
        system,
        source,
        rules: number,
        served,
        logTypes: types,
        reason: types.length === 0 ? reasonUnserved(system, source) : undefined,
      }))
      .sort((a, b) => b.rules - a.rules || (a.source < b.source ? -1 : 1)),
    unserved,
    rules: counted,
  };
}

function typesOf({ system, source, scope }: Named): readonly string[] {
  if (system === 'kusto') {
    return logTypes.flatMap(({ name, views }) => (views.some(({ table }) => table === source) ? [name] : []));
  }
  return scope === undefined ? [] : claimants(scope).map(({ name }) => name);
}

/** The logs that a rule is about, each once. */
function sourcesOf(rule: Rule): readonly Named[] {
  const nodes = [...usedRules(rule)].flatMap(({ logic }) => plansOf(logic).flatMap(sourceNodes));
  const named = nodes.flatMap(namedOf);
  return [...new Map(named.map((one) => [`${one.system} ${one.source}`, one])).values()];
}

function namedOf({ schema, scope, table }: Source): readonly Named[] {
  if (table !== undefined) return [{ system: 'kusto', source: table, scope: undefined }];
  if (scope === null) return [];
  switch (schema) {
    case 'sigma':
      return [{ system: 'sigma', source: sourceWords(scope), scope }];
    case 'ecs':
      return matchesIn(scope).map((match) => ({ system: 'elastic', source: textOf(match), scope: match }));
    case 'panther':
      return matchesIn(scope).flatMap((match) => namesIn(match).map((name): Named => pantherSource(match, name)));
    case 'kusto':
      return [];
  }
}

function pantherSource(match: Match, name: string): Named {
  return { system: 'panther', source: name, scope: { ...match, pattern: { kind: 'equals', value: name } } };
}
