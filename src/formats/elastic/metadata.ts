import { diagnostic } from '../../base/diagnostic.ts';
import type { RuleLabels, RuleSeverity } from '../../ir/rule/rule.ts';
import type { LocatedTable } from '../source/located.ts';
import { RuleFields } from './fields.ts';

export interface Metadata extends RuleLabels {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly enabled: boolean;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
}

/** What a rule of any type has. Kibana refuses a rule without id, name, description, severity or risk score. */
export function readMetadata(fields: RuleFields, maturity: string | undefined): Metadata {
  const id = fields.get('rule_id') === undefined && fields.get('id') !== undefined ? 'id' : 'rule_id';
  const riskScore = fields.get('risk_score');
  fields.expect('risk_score');
  if (riskScore !== undefined && riskScore.kind !== 'number') fields.wrong('risk_score', 'a number', riskScore);
  return {
    id: fields.expected(id)?.value,
    name: fields.expected('name')?.value,
    description: fields.expected('description')?.value.trim(),
    severity: severityOf(fields),
    enabled: fields.boolean('enabled') ?? true,
    tags: fields.texts('tags'),
    ...attackOf(fields),
    ...(maturity !== undefined && { status: maturity }),
    authors: authorsOf(fields),
    references: fields.texts('references'),
    falsePositives: fields.texts('false_positives').map((text) => text.trim()),
  };
}

/** A list, or one name. */
function authorsOf(fields: RuleFields): readonly string[] {
  const author = fields.get('author');
  return author?.kind === 'string' ? [author.value] : fields.texts('author');
}

function severityOf(fields: RuleFields): RuleSeverity | undefined {
  const written = fields.expected('severity');
  switch (written?.value) {
    case 'low':
    case 'medium':
    case 'high':
    case 'critical':
      return written.value;
    case undefined:
      return undefined;
    default: {
      const params = { key: 'severity', expected: 'low, medium, high or critical', found: `\`${written?.value}\`` };
      fields.diagnostics.push(diagnostic('input/wrong-type', params, written?.span));
      return undefined;
    }
  }
}

/** ATT&CK ids from `threat`, in the order of the file, each once. */
function attackOf(fields: RuleFields): { readonly techniques: readonly string[]; readonly tactics: readonly string[] } {
  const techniques = new Set<string>();
  const tactics = new Set<string>();
  const below = (table: LocatedTable, key: string, ids: Set<string>): readonly LocatedTable[] => {
    const inner = new RuleFields(table, table.span);
    const tables = inner.tables(key);
    for (const one of tables) addId(one, ids);
    fields.diagnostics.push(...inner.diagnostics);
    return tables;
  };
  for (const threat of fields.tables('threat')) {
    const tactic = threat.entries.get('tactic')?.value;
    if (tactic?.kind === 'table') addId(tactic, tactics);
    for (const technique of below(threat, 'technique', techniques)) below(technique, 'subtechnique', techniques);
  }
  return { techniques: [...techniques], tactics: [...tactics] };
}

function addId(table: LocatedTable, ids: Set<string>): void {
  const id = table.entries.get('id')?.value;
  if (id?.kind === 'string') ids.add(id.value);
}
