import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { createRuleSession, type SessionOptions } from '../../src/detect/rule-session.ts';
import { explainRule } from '../../src/explain/explain.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import type { LogSource } from '../../src/logs/log-source.ts';
import type { RecordSource } from '../../src/logs/record.ts';
import type { TypingOptions } from '../../src/logs/typing.ts';
import { loadRules, type RuleSet } from '../../src/rules/load-rules.ts';
import { parseDateTime } from '../../src/values/date-time.ts';
import { findingsIn } from '../checked-plans.ts';

/**
 * Cases as data, run on every engine. A file holds one case a YAML document:
 *   name, file (what the rule file is called: its ending says the format), rule (its text) or rule_from (a path below
 *   the repository's root), pipelines? and placeholders? (texts of such files), log_type? and log_source? (what
 *   the records are said to be), now?, events (records) or log (raw text),
 *   want: the indexes of the records that match, from 0; or rows: the rule's output columns, in order; or codes: why it
 *   does not load.
 * For rules that work together: files (name to text) instead of file and rule, and matches: what all rules give, each
 *   {rule: its title, at: the index of its record, fields?}. They are run twice: as records in any order, and as records
 *   that come in order but for `allowed_lateness` seconds (0; null: only in any order). warnings: what the engine says, in both.
 */
interface Case {
  readonly name: string;
  readonly file?: string;
  readonly rule?: string;
  readonly rule_from?: string;
  readonly pipelines?: readonly string[];
  readonly placeholders?: string;
  readonly log_type?: string;
  readonly log_source?: LogSource;
  readonly now?: string;
  readonly events?: readonly JsonObject[];
  readonly log?: string;
  readonly want?: readonly number[];
  readonly rows?: readonly Record<string, Json>[];
  readonly codes?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly matches?: readonly WantedMatch[];
  readonly allowed_lateness?: number | null;
  readonly warnings?: readonly string[];
}

interface WantedMatch {
  readonly rule: string;
  readonly at: number;
  readonly fields?: Readonly<Record<string, Json>>;
}

/** The reference first. */
const ENGINES = ['memory', 'stream'] as const;

const here = import.meta.dirname;
const root = join(here, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-cases-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml') && !/^(?:plans|published)\b/.test(path))
  .sort();

for (const path of files) {
  describe(relative(here, join(here, path)), () => {
    const documents = readFileSync(join(here, path), 'utf8').split(/^---$/m);
    for (const [index, document] of documents.entries()) {
      const one: Case = parse(document);
      for (const engine of ENGINES) {
        const prefix = join(scratch, `${engine}-${path.replaceAll(/[^a-z0-9]/gi, '-')}-${index}`);
        it(engine === 'memory' ? one.name : `${one.name} (${engine})`, () => run(one, prefix, engine));
      }
    }
  });
}

async function run(one: Case, prefix: string, name: SessionOptions['engine']): Promise<void> {
  const shared: SessionOptions = { ...(name && { engine: name }), ...typingOptions(one) };
  const rulePath = one.rule_from === undefined ? `${prefix}-${one.file ?? 'rules.yml'}` : join(root, one.rule_from);
  if (one.rule !== undefined) writeFileSync(rulePath, one.rule);
  for (const [name, text] of Object.entries(one.files ?? {})) {
    mkdirSync(dirname(join(rulePath, name)), { recursive: true });
    writeFileSync(join(rulePath, name), text);
  }
  const written = (name: string, text: string): string => {
    writeFileSync(`${prefix}-${name}.yml`, text);
    return `${prefix}-${name}.yml`;
  };
  const pipelines = one.pipelines?.map((text, at) => written(`pipeline-${at}`, text));
  const placeholders = one.placeholders === undefined ? undefined : [written('placeholders', one.placeholders)];
  const set = await loadRules([rulePath], { ...(pipelines && { pipelines }), ...(placeholders && { placeholders }) });
  const codes = [...set.diagnostics, ...set.outcomes.flatMap((outcome) => outcome.diagnostics)].map(
    (found) => found.code,
  );
  if (name === 'memory') expect(set.rules.flatMap(findingsIn)).toEqual([]);
  if (one.codes !== undefined) {
    expect(codes).toEqual(one.codes);
    return;
  }
  if (one.matches !== undefined) {
    await runTogether(one, one.matches, set, shared);
    return;
  }
  expect(set.rules.length, codes.join(', ')).toBe(1);
  const records = recordsOf(one);
  const now = one.now === undefined ? undefined : parseDateTime(one.now);
  const session = createRuleSession(set.rules, { ...shared, ...(now && { now }) });
  const matches = [...(await session.process(records)), ...(await session.advance('end'))];
  await session.close();
  expect(session.diagnostics).toEqual([]);
  if (one.rows !== undefined) {
    const wanted = one.rows.map((row) => Object.keys(row));
    const rows = matches.map((match, at) =>
      Object.fromEntries((wanted[at] ?? []).map((name) => [name, match.fields?.[name]])),
    );
    expect(rows).toEqual(one.rows);
    expect(matches.length).toBe(one.rows.length);
  }
  if (one.want !== undefined) {
    const hit = new Set(matches.map((match) => match.record?.source.line));
    const found = records.flatMap((record, at) => (hit.has(record.source.line) ? [at] : []));
    expect(found).toEqual(one.want);
    const [rule] = set.rules;
    if (rule === undefined || rule.logic.kind !== 'plan') return;
    const options = { ...(now && { now }), ...typingOptions(one) };
    const explained = await explainRule(rule, records, options);
    expect(explained.flatMap(({ verdict }, at) => (verdict === true ? [at] : []))).toEqual(one.want);
  }
}

function typingOptions({ log_type, log_source }: Case): TypingOptions {
  return { ...(log_type !== undefined && { logType: log_type }), ...(log_source && { logSource: log_source }) };
}

async function runTogether(
  one: Case,
  wanted: readonly WantedMatch[],
  set: RuleSet,
  shared: SessionOptions,
): Promise<void> {
  expect(
    set.outcomes.filter((outcome) => outcome.status !== 'loaded').flatMap((outcome) => outcome.diagnostics),
  ).toEqual([]);
  const ways: SessionOptions[] = [
    {},
    ...(one.allowed_lateness === null ? [] : [{ allowedLateness: one.allowed_lateness ?? 0 }]),
  ];
  for (const way of ways) {
    const session = createRuleSession(set.rules, { ...shared, ...way });
    const matches = [...(await session.process(recordsOf(one))), ...(await session.advance('end'))];
    await session.close();
    const found = matches.map((match, place) => {
      const keys = Object.keys(wanted[place]?.fields ?? {});
      const fields = Object.fromEntries(keys.map((key) => [key, match.fields?.[key]]));
      const at = match.record === undefined ? -1 : match.record.source.line - 1;
      return { rule: match.rule.name, at, ...(keys.length > 0 && { fields }) };
    });
    const said = `in ${way.allowedLateness === undefined ? 'any order' : 'order'}`;
    expect(found, said).toEqual(wanted);
    expect(
      session.diagnostics.map(({ code }) => code),
      said,
    ).toEqual(one.warnings ?? []);
  }
  await explainAlone(one, set);
}

/** What explain says of a record is what the engine says of it alone. */
async function explainAlone(one: Case, set: RuleSet): Promise<void> {
  const options = typingOptions(one);
  for (const record of recordsOf(one)) {
    const session = createRuleSession(set.rules, options);
    const matches = [...(await session.process([record])), ...(await session.advance('end'))];
    await session.close();
    for (const rule of set.rules.filter((each) => each.silent !== true)) {
      const [explained] = await explainRule(rule, [record], options);
      const matched = matches.some((match) => match.rule === rule);
      expect(explained?.verdict === true, `explain ${rule.name} of ${JSON.stringify(record.event)}`).toBe(matched);
    }
  }
}

/** Records with a line each, so that matches can be told apart. */
function recordsOf(one: Case): { event: JsonObject; source: RecordSource }[] {
  const events = one.events ?? decodeText(one.log ?? '', one.name).events.map((decoded) => decoded.event);
  return events.map((event, at) => ({ event, source: { file: one.name, line: at + 1 } }));
}
