import {
  checkPython,
  limitInWords,
  loadRules,
  profileRule,
  pythonOf,
  type Rule,
  type RuleProfile,
  scheduleInWords,
} from '../../index.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { checkLogType } from '../log-type.ts';
import { printable } from '../render/cells.ts';
import { placeOf, type Sources } from '../render/diagnostics.ts';
import { type Terms, termsOf, writeDiagnostics } from '../render/report.ts';
import { labelled } from '../render/table.ts';
import { type SelectionArguments, saidNothingSelected, selectionOf } from '../selection.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';

interface ShowArguments extends SigmaArguments, KustoArguments, EsqlArguments, SelectionArguments {
  readonly runPython?: boolean;
  readonly logType?: string;
  readonly format: 'text' | 'json';
}

const SHOWN_DIAGNOSTICS = 20;

/** `dragoman show`: each rule as normalized logic. */
export async function show(path: string, given: ShowArguments, _command: unknown, io: Io): Promise<ExitCode> {
  await checkLogType(given.logType, io);
  const read = await loadRules([path], {
    ...sigmaOptions(given),
    ...kustoOptions(given),
    ...esqlOptions(given),
    ...selectionOf(given),
  });
  if (await saidNothingSelected(read, io)) return exit.input;
  const loaded = given.runPython === true ? await checkPython(read) : read;
  for (const rule of loaded.rules) {
    const profile = profileRule(rule, given.logType);
    const said =
      given.format === 'json'
        ? ruleJson(rule, profile)
        : ruleText(rule, profile, given.logType, loaded.sources, termsOf(io, 'stdout'));
    await io.stdout.write(`${said}\n`);
  }
  const wrong = [
    ...loaded.diagnostics,
    ...loaded.outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [] : outcome.diagnostics)),
  ];
  await writeDiagnostics(io, wrong, loaded.sources, SHOWN_DIAGNOSTICS, '`dragoman check` shows all');
  return loaded.rules.length === 0 || wrong.some((found) => found.severity === 'error') ? exit.input : exit.done;
}

function ruleText(
  rule: Rule,
  profile: RuleProfile,
  typeName: string | undefined,
  sources: Sources,
  { paint }: Terms,
): string {
  const threshold = rule.alert?.threshold;
  const list = (items: readonly string[]): string => items.map(printable).join(', ') || '-';
  const lines = [
    paint('bold', printable(rule.name)),
    ...labelled([
      ['id', printable(rule.id)],
      ['file', printable(rule.file)],
      ['format', `${rule.format} (${rule.language})`],
      ['severity', rule.severity ?? '-'],
      ['enabled', rule.enabled ? 'yes' : 'no'],
      ...(rule.schedule === undefined ? [] : [['schedule', scheduleInWords(rule.schedule)] as const]),
      ...(threshold === undefined ? [] : [[threshold.called, limitInWords(threshold)] as const]),
      ['attack', list([...rule.tactics, ...rule.techniques])],
      ['tags', list(rule.tags)],
      ...(profile.uses.length > 0 ? [['uses', list(profile.uses)] as const] : []),
      ...(profile.sources.length > 0 ? [['sources', list(profile.sources)] as const] : []),
      ...(profile.text === undefined ? [] : [['fields', list(profile.fields)] as const]),
      ['can match', profile.logTypes.length > 0 ? list(profile.logTypes) : 'no known log type'],
    ]),
    '',
  ];
  if (profile.tier !== undefined) lines.push(...tierLines(profile.tier, sources), '');
  const program = pythonOf(rule);
  if (program !== undefined) lines.push('Python:', '', ...program.module.code.trimEnd().split('\n').map(printable));
  else lines.push('As the rule says, over the fields of its schema:', '', printableLines(profile.text ?? ''));
  if (typeName !== undefined && profile.text !== undefined) {
    lines.push('');
    if (profile.residuals.length === 0) lines.push(`On ${typeName}: never.`);
    for (const [at, residual] of profile.residuals.entries()) {
      if (at > 0) lines.push('');
      lines.push(`On ${residual.logType} (${residual.shape}), over raw fields:`, '', printableLines(residual.text));
    }
  }
  return `${lines.join('\n')}\n`;
}

const TIERS = {
  1: 'Tier 1: exactly this, without Python (titles and the like are Python, on a match):',
  2: 'Tier 2: Python decides, where this holds:',
  3: 'Tier 3: Python decides.',
} as const;

const NEVER = {
  raises: 'It raises on every event',
  false: 'It never matches: `rule` returns True for no event',
  import: 'It cannot be loaded',
} as const;

/** What is known of a Python rule without Python, and why it is not more. */
function tierLines({ tier, text, reasons, never }: NonNullable<RuleProfile['tier']>, sources: Sources): string[] {
  if (never !== undefined) {
    const place = never.span && placeOf(never.span, sources);
    const where = place === undefined ? '' : ` (${printable(place.file)}:${place.line})`;
    const said = NEVER[never.kind];
    return [`${said}${never.text === '' ? '' : `: ${printable(never.text)}`}${where}.`];
  }
  const lines: string[] = [TIERS[tier]];
  if (text !== undefined) lines.push('', printableLines(text));
  const why = reasons.map(
    (reason) => `  ${printable(reason.text)}${reason.span === undefined ? '' : ` (${printable(reason.span.source)})`}`,
  );
  return why.length === 0 ? lines : [...lines, '', 'because of:', ...why];
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function tierJson({ tier, plan, text, reasons, never }: NonNullable<RuleProfile['tier']>): object {
  return { tier, tier_plan: plan ?? null, tier_text: text ?? null, tier_reasons: reasons, tier_never: never ?? null };
}

/** One object a line. */
function ruleJson(rule: Rule, profile: RuleProfile): string {
  const { logic, tests, span, uses: _, ...metadata } = rule;
  const program = pythonOf(rule);
  return JSON.stringify({
    ...metadata,
    severity: rule.severity ?? null,
    fields: profile.fields,
    uses: profile.uses,
    sources: profile.sources,
    log_types: profile.logTypes,
    tests: tests.map((test) => test.name),
    plan: profile.plan ?? null,
    text: profile.text ?? null,
    ...(profile.tier !== undefined && tierJson(profile.tier)),
    ...(logic.kind === 'plan' && program === undefined && { columns: logic.columns ?? null }),
    ...(program !== undefined && { python: program.module.code }),
    span,
    residuals: profile.residuals.map((one) => ({
      log_type: one.logType,
      shape: one.shape,
      plan: one.plan,
      text: one.text,
    })),
  });
}
