import { diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Rule, RuleSeverity } from '../../ir/rule/rule.ts';
import type { MapFields } from '../../languages/panther/index.ts';

export const SEVERITIES: ReadonlyMap<string, RuleSeverity> = new Map([
  ['INFO', 'informational'],
  ['LOW', 'low'],
  ['MEDIUM', 'medium'],
  ['HIGH', 'high'],
  ['CRITICAL', 'critical'],
]);

/** What any rule, policy or correlation rule says of itself. */
export interface PantherMetadata {
  /** In capitals, as rules' functions give it; undefined, with a diagnostic, where it is missing or none. */
  readonly severity: string | undefined;
  readonly createAlert: boolean;
  readonly dedupMinutes: number;
  readonly threshold: number;
  readonly runbook: string;
  readonly summaryAttributes: readonly string[];
  readonly rule: Pick<
    Rule,
    | 'description'
    | 'severity'
    | 'enabled'
    | 'tags'
    | 'techniques'
    | 'tactics'
    | 'references'
    | 'falsePositives'
    | 'schema'
  >;
}

export function readMetadata(fields: MapFields): PantherMetadata {
  const severity = readSeverity(fields);
  const reference = fields.text('Reference');
  return {
    severity,
    createAlert: fields.boolean('CreateAlert') ?? true,
    dedupMinutes: fields.number('DedupPeriodMinutes') ?? 60,
    threshold: fields.number('Threshold') ?? 1,
    runbook: fields.text('Runbook') ?? '',
    summaryAttributes: fields.texts('SummaryAttributes'),
    rule: {
      description: fields.text('Description') ?? '',
      severity: SEVERITIES.get(severity ?? ''),
      enabled: fields.boolean('Enabled') ?? true,
      tags: fields.texts('Tags'),
      ...readAttack(fields),
      references: reference === undefined || reference.trim() === '' ? [] : [reference.trim()],
      falsePositives: [],
      schema: 'panther',
    },
  };
}

/** Keys that a description does not have, with the nearest that it has. */
export function reportUnknownKeys(fields: MapFields, keys: readonly string[]): void {
  for (const { key, keySpan } of fields.node.entries()) {
    if (keys.includes(key)) continue;
    fields.diagnostics.push(diagnostic('panther/unknown-key', { key, near: didYouMean(key, keys) }, keySpan));
  }
}

function readSeverity(fields: MapFields): string | undefined {
  const written = fields.requiredText('Severity');
  const severity = written?.toUpperCase();
  if (severity === undefined || SEVERITIES.has(severity)) return severity;
  fields.diagnostics.push(diagnostic('panther/severity', { severity: written ?? '' }, fields.get('Severity')?.span));
  return undefined;
}

/** `Reports: {MITRE ATT&CK: [TA0006:T1040]}`. */
function readAttack(fields: MapFields): {
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
} {
  const techniques = new Set<string>();
  const tactics = new Set<string>();
  for (const { key, value } of fields.map('Reports')?.entries() ?? []) {
    const items = value.asList();
    if (items === undefined) {
      if (value.kind !== 'null') fields.wrong(`Reports.${key}`, 'a list', value);
      continue;
    }
    if (key !== 'MITRE ATT&CK') continue;
    for (const item of items) {
      const text = item.written()?.trim() ?? '';
      const mapped = /^(?:(TA\d{4}):)?(T\d{4}(?:\.\d{3})?)$|^(TA\d{4})$/i.exec(text);
      if (mapped === null) {
        fields.diagnostics.push(
          diagnostic('panther/attack-id', { text: text === '' ? item.kindInWords : text }, item.span),
        );
        continue;
      }
      const [, with_, technique, alone] = mapped;
      const tactic = with_ ?? alone;
      if (tactic !== undefined) tactics.add(tactic.toUpperCase());
      if (technique !== undefined) techniques.add(technique.toUpperCase());
    }
  }
  return { techniques: [...techniques], tactics: [...tactics] };
}
