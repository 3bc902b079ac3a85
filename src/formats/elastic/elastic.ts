import { diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import type { Format, LoadContext, LoadOutcome, RuleFile } from '../rule-file.ts';
import { readJsonValues } from '../source/json-source.ts';
import type { Located, LocatedTable } from '../source/located.ts';
import { readToml } from '../source/toml-source.ts';
import { readInFile } from './beside.ts';
import { loadElasticRule } from './rule.ts';

/**
 * Elastic's rules: the TOML of elastic/detection-rules, and JSON as Kibana exports it (one rule a line, exception lists and
 * a summary among them), as its API gives it (one rule, a list, a page with `data`), and as its rule packages hold it.
 */
export const elasticFormat: Format = {
  load(file, context) {
    return /\.toml$/i.test(file.path) ? loadToml(file, context) : loadJson(file, context);
  },
};

function loadToml(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  const read = readToml(file.source);
  if (!read.ok) {
    // A broken file tells nothing of itself but what its text shows.
    if (!/^[ \t]*\[+[ \t]*rule\b|^[ \t]*rule_id[ \t]*=/m.test(file.source.text)) return undefined;
    return [broken(file, read.diagnostics, whole(file.source))];
  }
  const rule = read.value.entries.get('rule');
  // A file of exceptions, as the command line of detection-rules writes it: it is read where a rule refers to it.
  if (rule === undefined) return read.value.entries.has('exceptions') ? [] : undefined;
  const first = rule.value.kind === 'list' ? rule.value.items[0] : rule.value;
  if (first?.kind !== 'table') {
    const found = { key: 'rule', expected: 'a table', found: `a ${rule.value.kind}` };
    return [broken(file, [diagnostic('input/wrong-type', found, rule.value.span)], whole(file.source))];
  }
  const maturity = maturityOf(read.value);
  const inFile = { ...readInFile([]), ...(maturity !== undefined && { maturity }) };
  return [loadElasticRule(first, rule.keySpan, file, inFile, context)];
}

function maturityOf({ entries }: LocatedTable): string | undefined {
  const metadata = entries.get('metadata')?.value;
  const maturity = metadata?.kind === 'table' ? metadata.entries.get('maturity')?.value : undefined;
  return maturity?.kind === 'string' ? maturity.value : undefined;
}

function loadJson(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  const items = readJsonValues(file.source);
  const inFile = readInFile(items.flatMap((item) => (item.ok ? rulesIn(item.value).filter(isBesides) : [])));
  const outcomes: LoadOutcome[] = [];
  let known = false;
  for (const item of items) {
    if (!item.ok) {
      // A file cut off in the middle of its only rule shows no more than this.
      known ||= /"(?:rule_id|risk_score)"\s*:/.test(file.source.text);
      outcomes.push(broken(file, [item.diagnostic], item.diagnostic.labels[0]?.span ?? whole(file.source)));
      continue;
    }
    for (const table of rulesIn(item.value)) {
      if (isBesides(table)) {
        known = true;
      } else if (isRule(table)) {
        known = true;
        outcomes.push(loadElasticRule(table, startOf(table.span), file, inFile, context));
      } else {
        const reason = 'it has neither `rule_id` nor the keys of a rule';
        const found = diagnostic('input/not-a-rule', { reason }, startOf(table.span));
        // Among rules it was meant to be one.
        outcomes.push(broken(file, [{ ...found, severity: 'error' }], table.span));
      }
    }
  }
  return known ? outcomes : undefined;
}

/** The tables that may be rules: the value itself, the items of a list, those under `data`, a package's `attributes`. */
function rulesIn(value: Located): readonly LocatedTable[] {
  if (value.kind === 'list') return value.items.flatMap(rulesIn);
  if (value.kind !== 'table') return [];
  const data = value.entries.get('data')?.value;
  if (data?.kind === 'list' && value.entries.has('total')) return data.items.flatMap(rulesIn);
  const attributes = value.entries.get('attributes')?.value;
  const type = value.entries.get('type')?.value;
  if (attributes?.kind === 'table' && type?.kind === 'string' && type.value === 'security-rule') return [attributes];
  return [value];
}

function isRule(table: LocatedTable): boolean {
  return table.entries.has('rule_id') || (table.entries.has('risk_score') && table.entries.has('type'));
}

/** What an export holds besides rules: exception lists and their items, connectors, the summary. */
function isBesides(table: LocatedTable): boolean {
  if (isRule(table)) return false;
  const { entries } = table;
  return (
    entries.has('exported_count') ||
    entries.has('exported_rules_count') ||
    entries.has('list_id') ||
    (entries.has('attributes') && entries.has('references'))
  );
}

function broken(file: RuleFile, diagnostics: LoadOutcome['diagnostics'], span: Span): LoadOutcome {
  const name = file.path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  return {
    status: 'invalid',
    identity: { id: name, name, file: file.path, format: 'elastic', language: 'none', span },
    diagnostics,
  };
}

function whole(source: SourceText): Span {
  return source.span(0, source.text.length);
}

function startOf(span: Span): Span {
  return { ...span, end: Math.min(span.end, span.start + 1) };
}
