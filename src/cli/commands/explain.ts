import { relative } from 'node:path';
import { stringifyJson } from '../../base/json.ts';
import {
  type Diagnostic,
  type ExplainedEvent,
  type Explanation,
  explainRule,
  filtersNearby,
  type GivenIndex,
  type LogPath,
  loadRules,
  notApplied,
  type Rule,
  type RuleSet,
  readIndices,
  readLogs,
  selectionName,
  type TypingOptions,
} from '../../index.ts';

import { besideOptions, type ElasticArguments, elasticOptions } from '../elastic-options.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit, UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { logPath } from '../log-paths.ts';
import { parseNow, rowLimitsOf } from '../options.ts';
import { sayConfinement } from '../python.ts';
import { isAt, placeInWords, type RecordPlace, recordPlace } from '../record-place.ts';
import { printable } from '../render/cells.ts';
import { explanationTree, type NameOf, whatFailed } from '../render/explanation.ts';
import { termsOf, writeDiagnostics } from '../render/report.ts';
import { wrapped } from '../render/wrap.ts';
import { type SelectionArguments, saidNothingSelected, selectionOf } from '../selection.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';

interface ExplainArguments
  extends SigmaArguments,
    TypingArguments,
    ElasticArguments,
    KustoArguments,
    EsqlArguments,
    SelectionArguments {
  readonly verbose?: boolean;
  readonly rule: readonly string[];
  readonly event?: string;
  readonly limitRows?: number;
  readonly limitSeconds?: number;
  readonly now?: string;
  readonly format: 'text' | 'json';
}

const SHOWN_DIAGNOSTICS = 20;

/** `dragoman explain`: why each rule matches each event or does not. */
export async function explain(given: ExplainArguments, _command: unknown, io: Io): Promise<ExitCode> {
  const now = parseNow(given.now);
  if (given.event === undefined && given.index === undefined) {
    throw new UsageError('--event must be given, or --index', 'dragoman explain --help shows every option');
  }
  const typing = await typingOptions(given, io);
  const elastic = await elasticOptions(given, io);
  const loaded = await loadRules(given.rule, {
    ...sigmaOptions(given),
    ...kustoOptions(given),
    ...esqlOptions(given),
    ...selectionOf(given),
    ...besideOptions(elastic.beside),
  });
  if (await saidNothingSelected(loaded, io)) return exit.input;
  const asked = given.event === undefined ? undefined : recordPlace(given.event);
  const path = asked && logPath(asked.path);
  const said = path === undefined || typeof path === 'string' ? {} : { logType: undefined, ...path.said };
  const { events, diagnostics } = await readEvents(path, typing.options, elastic.indices);
  const notLoaded = loaded.outcomes.filter((outcome) => outcome.status !== 'loaded');
  const wrong = [...loaded.diagnostics, ...notLoaded.flatMap((outcome) => outcome.diagnostics), ...diagnostics];
  await writeDiagnostics(io, wrong, loaded.sources, SHOWN_DIAGNOSTICS, '`dragoman check` shows all');
  if (loaded.rules.length === 0 || events.length === 0) {
    await io.stderr.write(`error: there is ${loaded.rules.length === 0 ? 'no rule' : 'no event'} to explain\n`);
    return exit.input;
  }
  const { place } = asked ?? {};
  const chosen = place === undefined ? events : events.filter(({ source }) => isAt(source, place));
  if (place !== undefined && chosen.length === 0) {
    await io.stderr.write(`error: ${nothingAt(place, events)}\n`);
    return exit.input;
  }
  const faults: Diagnostic[] = [];
  const options = {
    ...(now && { now }),
    ...typing.options,
    ...said,
    rowLimits: rowLimitsOf(given),
    ...(place !== undefined && { only: new Set(chosen) }),
    onFault: (found: Diagnostic) => void faults.push(found),
  };
  const explained = new Map<Rule, readonly Explanation[]>();
  for (const rule of loaded.rules) explained.set(rule, await explainRule(rule, events, options));
  const nameOf: NameOf = (span) => {
    const source = loaded.sources.get(span.source);
    return source && selectionName(source, span);
  };
  for (const [at, event] of chosen.entries()) {
    for (const [rule, explanations] of explained) {
      const explanation = explanations[at];
      if (explanation === undefined) continue;
      await io.stdout.write(
        given.format === 'json'
          ? toJson(rule, event, explanation, nameOf)
          : toText(rule, event, explanation, nameOf, at === 0, io),
      );
    }
  }
  await sayFiltersNearby(loaded, given, io);
  if (given.verbose === true) await sayConfinement(io);
  await writeDiagnostics(io, faults, loaded.sources, SHOWN_DIAGNOSTICS, 'the others are of the same kinds');
  const failed = [...wrong, ...faults].some(
    (found) => found.severity === 'error' && !found.code.startsWith('unsupported/'),
  );
  return failed || typing.failed || elastic.failed ? exit.input : exit.done;
}

async function readEvents(
  path: LogPath | undefined,
  typing: TypingOptions,
  indices: readonly GivenIndex[],
): Promise<{ events: ExplainedEvent[]; diagnostics: Diagnostic[] }> {
  const events: ExplainedEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  for await (const batch of readLogs(path === undefined ? [] : [path], { typing })) {
    events.push(...batch.events);
    diagnostics.push(...batch.diagnostics);
  }
  for await (const { batch, records } of readIndices(indices)) {
    events.push(...records);
    diagnostics.push(...batch.diagnostics);
  }
  return { events, diagnostics };
}

function nothingAt(place: RecordPlace, events: readonly ExplainedEvent[]): string {
  const lines = events.map(({ source }) => source.line);
  const near = lines.reduce(
    (best, line) => (Math.abs(line - place.line) < Math.abs(best - place.line) ? line : best),
    0,
  );
  return `there is no record at ${placeInWords(place)}; the nearest begins at line ${near || lines[0]}`;
}

function placeOf({ source }: ExplainedEvent): string {
  return `${source.file}:${source.line}${source.record === undefined ? '' : `[${source.record}]`}`;
}

/** Says that filters which are not in the given paths are for the rules: a run of the same paths does without them too. */
async function sayFiltersNearby(loaded: RuleSet, given: ExplainArguments, io: Io): Promise<void> {
  for (const path of await filtersNearby(loaded, {
    ...sigmaOptions(given),
    ...kustoOptions(given),
    ...esqlOptions(given),
  })) {
    const shown = relative('', path);
    await io.stderr.write(
      `note: the filter in ${shown} is not applied: it is not in the given path; --rule takes it, too\n`,
    );
  }
}

/** `isFirst`: of the rule. What the command does not apply is said once. */
function toText(
  rule: Rule,
  event: ExplainedEvent,
  explanation: Explanation,
  nameOf: NameOf,
  isFirst: boolean,
  io: Io,
): string {
  const terms = termsOf(io, 'stdout');
  const { paint, columns } = terms;
  const matched = explanation.verdict === true;
  const said = matched ? paint('green', 'matches') : paint('red', 'does not match');
  const failed = whatFailed(explanation, nameOf);
  const left = isFirst ? notAppliedWords(rule) : [];
  return [
    `${paint('bold', printable(rule.name))} ${said} ${printable(placeOf(event))}`,
    ...(left.length === 0 ? [] : [`  not applied: ${printable(left.join('; '))}`]),
    ...(failed === '' ? [] : wrapped('  ', [{ text: `because ${failed}` }], columns, paint)),
    ...explanationTree(explanation, terms),
    '',
    '',
  ].join('\n');
}

/** Rules are explained as a run over the events as one range decides them. */
function notAppliedWords(rule: Rule): readonly string[] {
  return notApplied(rule, 'run').map(({ words }) => words);
}

/** One object a line. */
function toJson(rule: Rule, event: ExplainedEvent, explanation: Explanation, nameOf: NameOf): string {
  const head = { rule_id: rule.id, rule_name: rule.name, file: rule.file, source: { ...event.source } };
  const left = notAppliedWords(rule);
  const tail = {
    matches: explanation.verdict === true,
    because: whatFailed(explanation, nameOf) || null,
    ...(left.length > 0 && { not_applied: left }),
  };
  return `${stringifyJson({ ...head, ...tail, explanation: nodeJson(explanation) })}\n`;
}

function nodeJson(node: Explanation): Parameters<typeof stringifyJson>[0] & object {
  return {
    verdict: node.verdict,
    text: node.text,
    ...(node.op !== undefined && { op: node.op }),
    ...(node.field !== undefined && {
      field: node.field,
      missing: node.actual === undefined,
      actual: node.actual ?? null,
    }),
    ...(node.derivation !== undefined && { derivation: node.derivation }),
    ...(node.span && { span: { ...node.span } }),
    children: node.children.map(nodeJson),
  };
}
