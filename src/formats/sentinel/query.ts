import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { labelled } from '../../ir/rule/labels.ts';
import type { Rule, RuleIdentity } from '../../ir/rule/rule.ts';
import { type LoweredKusto, lowerKusto, parseKusto } from '../../languages/kusto/index.ts';
import { isError, refused } from '../refused.ts';
import type { KustoText, LoadContext, LoadOutcome } from '../rule-file.ts';
import { lintPeriod } from './period.ts';

/** A rule's query, read and lowered. `lowered` is undefined when it cannot run; the diagnostics say why. */
export interface LoadedQuery {
  readonly kusto: KustoText;
  readonly lowered: LoweredKusto | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function loadQuery(query: SourceText, context: LoadContext): LoadedQuery {
  const schema = context.schema('kusto');
  const parsed = parseKusto(query);
  const lowered = lowerKusto(parsed.ast, schema, { warnOfUnknownTables: true });
  const diagnostics = [...parsed.diagnostics, ...lowered.diagnostics];
  const failed = !lowered.ok || diagnostics.some(isError);
  const columns = lowered.ok && lowered.value.complete ? lowered.value.columns : undefined;
  return { kusto: { text: query, schema, columns }, lowered: failed ? undefined : lowered.value, diagnostics };
}

/** What a format knows of a rule besides its query. */
export type RuleMetadata = Omit<Rule, keyof RuleIdentity | 'schema' | 'logic' | 'tests'>;

export const NO_METADATA: RuleMetadata = {
  description: '',
  severity: undefined,
  enabled: true,
  tags: [],
  techniques: [],
  tactics: [],
  references: [],
  falsePositives: [],
};

/** The outcome of a rule. */
export function outcomeOf(
  identity: RuleIdentity,
  metadata: RuleMetadata,
  query: LoadedQuery | undefined,
  diagnostics: readonly Diagnostic[],
): LoadOutcome {
  const lowered = query?.lowered;
  const written = query && { kusto: query.kusto };
  if (lowered === undefined || diagnostics.some(isError)) {
    return { ...refused(labelled(identity, metadata), diagnostics), ...written };
  }
  const rule: Rule = {
    ...identity,
    ...metadata,
    schema: 'kusto',
    logic: {
      kind: 'plan',
      plan: lowered.plan,
      columns: lowered.output,
      ...(lowered.shared.length > 0 && { shared: lowered.shared }),
    },
    tests: [],
  };
  return { status: 'loaded', rule, diagnostics, lint: () => lintPeriod(lowered.plan, metadata.schedule), ...written };
}
