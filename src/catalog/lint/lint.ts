import { type Diagnostic, primarySpan } from '../../base/diagnostic.ts';
import { DiagnosticKinds } from '../../base/diagnostic-kinds.ts';
import { fewOfEach, MOST_OF_RULE } from '../../base/few-of-each.ts';
import { type GivenIndex, readIndices } from '../../detect/index-inputs.ts';
import { declaredBindings, neverByViews } from '../../detect/seen/never-by-views.ts';
import type { InputRecord } from '../../detect/session.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { DecodedBatch } from '../../logs/decode/index.ts';
import { readLogs } from '../../logs/input/index.ts';
import type { LogPath } from '../../logs/input/log-path.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { type TypingOptions, typingsOf } from '../../logs/typing.ts';
import type { Binding } from '../../passes/bind.ts';
import { identityOf, type RuleSet } from '../../rules/load-rules.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { CaseOnlyLint } from './case-only.ts';
import { lintAttackIds } from './elastic-attack.ts';
import { lintPython } from './python.ts';
import { SeveralValuesLint } from './several-values.ts';
import type { SigmaLintProfile } from './sigma/index.ts';
import { lintSources } from './unserved-sources.ts';

export interface LintOptions extends TypingOptions {
  /** Logs whose values are compared with those that rules ask for. */
  readonly logs?: readonly LogPath[];
  /** Documents of indices, whose values are compared with them as well. */
  readonly indices?: readonly GivenIndex[];
  /** Told of what is read of the logs, and of what cannot be. */
  readonly onLogs?: (batch: DecodedBatch) => void;
  /** Microsoft's binder is asked about Kusto rules too, where it is installed. */
  readonly secondOpinion?: boolean;
  /** A repository whose own conventions are looked at too. */
  readonly profile?: SigmaLintProfile;
  /** The time that the ages of rules are told by, in milliseconds since 1970; the present one where it is left out. */
  readonly now?: number;
}

/** Everything that is wrong or suspicious in rules: what loading found, what each language finds, and what the logs show. */
export async function lint(loaded: RuleSet, options: LintOptions = {}): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [...loaded.diagnostics];
  const rules: Rule[] = [];
  for (const outcome of loaded.outcomes) {
    found.push(...outcome.diagnostics);
    if (outcome.status !== 'loaded') continue;
    rules.push(outcome.rule);
    found.push(...fewOfEach(outcome.lint()));
  }
  found.push(...(await lintSigmaRules(loaded, options)));
  const bindings = declaredBindings();
  for (const rule of rules) {
    const ofRule = [...neverByViews(rule, bindings), ...lintPython(rule), ...lintSources(rule, bindings)];
    found.push(...fewOfEach(ofRule));
    found.push(...lintAttackIds(rule, loaded.sources.get(rule.file)));
  }
  if (options.secondOpinion === true) {
    found.push(...(await import('./second-opinion/second-opinion.ts')).secondOpinion(loaded.outcomes));
  }
  const { logs, indices = [] } = options;
  if (logs !== undefined || indices.length > 0) found.push(...(await lintWithLogs(rules, logs ?? [], options)));
  return inOrder(found);
}

/** Sigma rules as they are written, also those that do not load. */
async function lintSigmaRules(loaded: RuleSet, options: LintOptions): Promise<readonly Diagnostic[]> {
  const outcomes = loaded.outcomes.filter((outcome) => identityOf(outcome).format === 'sigma');
  if (outcomes.length === 0) return [];
  const paths = new Set(outcomes.map((outcome) => identityOf(outcome).file));
  const files = [...paths].flatMap((path) => loaded.sources.get(path) ?? []);
  const rules = outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : []));
  const { lintSigma } = await import('./sigma/index.ts');
  const profile = options.profile === undefined ? {} : { profile: options.profile };
  const found = lintSigma(files, rules, { ...profile, now: options.now ?? Date.now() });
  const byFile = new Map<string, Diagnostic[]>();
  for (const one of found) {
    const file = primarySpan(one)?.source ?? '';
    const same = byFile.get(file);
    if (same === undefined) byFile.set(file, [one]);
    else same.push(one);
  }
  // A file may hold many rules.
  return [...byFile.values()].flatMap((of) => fewOfEach(of, 10 * MOST_OF_RULE));
}

/** Of each kind of damage in logs so many are told. */
const MOST_OF_LOGS = 1_000;

async function lintWithLogs(
  rules: readonly Rule[],
  logs: readonly LogPath[],
  options: LintOptions,
): Promise<Diagnostic[]> {
  const found = new DiagnosticKinds(MOST_OF_LOGS);
  const clock = { now: fromEpochMs(Date.now()) };
  const cases = new CaseOnlyLint(rules, clock);
  const several = new SeveralValuesLint(rules, clock);
  const typings = typingsOf(options, rules);
  const bindings = new Map<LogType['views'], Map<Shape, Binding>>();
  const see = (batch: DecodedBatch, records: readonly InputRecord[]): void => {
    options.onLogs?.(batch);
    const typeOf = typings(batch.said);
    for (const one of batch.diagnostics) if (one.severity === 'error') found.add(one);
    for (const { event, as } of records) {
      const { type, shape } = as ?? typeOf(event);
      const byShape = bindings.get(type.views) ?? new Map<Shape, Binding>();
      bindings.set(type.views, byShape);
      const binding = byShape.get(shape) ?? bindingOf(type, shape);
      byShape.set(shape, binding);
      cases.see(event, binding);
      several.see(event, binding);
    }
  };
  for await (const batch of readLogs(logs, { typing: options })) see(batch, batch.events);
  for await (const { batch, records } of readIndices(options.indices ?? [])) see(batch, records);
  return [...found.all(), ...cases.report(), ...several.report()];
}

/** By file and place, each finding once: loading and linting may see the same thing. */
function inOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  const once = found.filter((one) => {
    const span = primarySpan(one);
    const key = [one.code, span?.source, span?.start, span?.end, one.message].join('\0');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return once.sort((a, b) => {
    const [left, right] = [primarySpan(a), primarySpan(b)];
    if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
    if (left.source !== right.source) return left.source < right.source ? -1 : 1;
    return left.start - right.start;
  });
}
