import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { createRuleSession } from '../../src/detect/rule-session.ts';
import { equal } from '../../src/ir/equal.ts';
import type { Plan } from '../../src/ir/plan/plan.ts';
import { loadRules, type RuleSet } from '../../src/rules/load-rules.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * The rules of SigmaHQ whose conditions end in an aggregation of Sigma 1, the only published rules that correlate: all
 * load, mean what the same rule written as a correlation means, and match what they are about. Run alone:
 * `npx vitest run --config vitest.conformance.config.ts sigma-correlation`.
 */
const { asPinned } = inputs(['sigma/sigmahq-rules.tar.gz'], 'e7ea7e043ed8');
const COUNTED = 55;

const FUNCTION =
  /^(?<before>.*?)\|\s*(?<fn>count|sum)\((?<field>[^)]*)\)\s*(?:by\s+(?<by>\S+))?\s*(?<op>[<>]=?)\s*(?<value>\d+)\s*$/;
const OPS: Readonly<Record<string, string>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };

describe.skipIf(!asPinned)('SigmaHQ, conditions with aggregations', () => {
  let folder = '';
  let files: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dragoman-sigma-correlation-'));
    execFileSync('tar', ['xzf', join(corpora, 'sigma/sigmahq-rules.tar.gz'), '-C', folder]);
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => /^\s+condition:.*\|/m.test(readFileSync(path, 'utf8')));
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string): string => {
    const path = files.find((one) => one.endsWith(`/${name}.yml`));
    if (path === undefined) throw new Error(`no rule file ${name}`);
    return path;
  };

  test(`all ${COUNTED} load`, async () => {
    expect(files.length).toBe(COUNTED);
    const set = await loadRules(files);
    expect(set.outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [] : outcome.diagnostics))).toEqual([]);
    expect(set.rules.every((rule) => rule.logic.kind === 'plan' && rule.logic.plan.kind === 'threshold')).toBe(true);
  });

  test('counts and sums mean what the same written as a correlation means', async () => {
    let translated = 0;
    for (const path of files) {
      const text = readFileSync(path, 'utf8');
      const found = /^(\s+condition:)(.*\|.*)$/m.exec(text);
      const parts = FUNCTION.exec(found?.[2]?.replace(/#.*$/, '') ?? '')?.groups;
      const timeframe = /^\s+timeframe:\s*(\S+)/m.exec(text)?.[1];
      if (found === null || parts === undefined || timeframe === undefined || text.includes('\n---')) continue;
      const { before = '', fn, field = '', by, op = '', value } = parts;
      const type = fn === 'sum' ? 'value_sum' : field === '' ? 'event_count' : 'value_count';
      const rule = text
        .replace(found[0], `${found[1]}${before}`)
        .replace(/^\s+timeframe:.*\n/m, '')
        .trimEnd();
      const correlation = [
        'title: translated',
        'correlation:',
        `  type: ${type}`,
        '  rules: [the_rule]',
        ...(by === undefined ? [] : [`  group-by: [${by}]`]),
        `  timespan: ${timeframe}`,
        `  condition: {${OPS[op]}: ${value}${field === '' ? '' : `, field: ${field}`}}`,
      ].join('\n');
      const made = join(folder, 'translated.yml');
      writeFileSync(made, `name: the_rule\n${rule}\n---\n${correlation}\n`);
      const [legacy, written] = [await loadRules([path]), await loadRules([made])];
      expect(equal(planOf(legacy, 0), planOf(written, 1)), path).toBe(true);
      translated += 1;
    }
    console.log(`Sigma: ${translated} of ${files.length} rules with aggregations translated to correlations`);
    expect(translated).toBe(39);
  });

  const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

  async function lines(name: string, events: readonly JsonObject[]): Promise<number[]> {
    const set = await loadRules([file(name)]);
    const session = createRuleSession(set.rules);
    const records = events.map((event, index) => ({ event, source: { file: 'f', line: index } }));
    const matches = [...(await session.process(records)), ...(await session.advance('end'))];
    await session.close();
    expect(session.diagnostics).toEqual([]);
    return matches.map((match) => match.record?.source.line ?? -1);
  }

  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  test('value_count: failed Kerberos logons of many users from one address', async () => {
    const event = (index: number, user: string): JsonObject => ({
      EventID: 4771,
      Channel: 'Security',
      Status: '0x18',
      TimeCreated: at(index * 60),
      '@timestamp': at(index * 60),
      TargetUserName: user,
      IpAddress: '10.0.0.9',
    });
    const name = 'win_security_susp_failed_logons_single_source_kerberos';
    expect(
      await lines(
        name,
        range(30).map((index) => event(index, `user${index % 10}`)),
      ),
    ).toEqual([]);
    expect(
      await lines(
        name,
        range(12).map((index) => event(index, `user${index}`)),
      ),
    ).toEqual([10]);
    expect(
      await lines(
        name,
        range(12).map((index) => event(index, `host${index}$`)),
      ),
    ).toEqual([]);
  });

  test('value_sum: bytes over DNS', async () => {
    const event = (index: number, source: string, size: number): JsonObject => ({
      time: at(index),
      category: 'firewall',
      dst_port: 53,
      src_ip: source,
      message_size: size,
    });
    const name = 'net_firewall_high_dns_bytes_out';
    expect(await lines(name, [event(0, 'a', 200_000), event(1, 'b', 200_000), event(61, 'a', 200_000)])).toEqual([]);
    expect(await lines(name, [event(0, 'a', 200_000), event(1, 'b', 200_000), event(60, 'a', 100_001)])).toEqual([2]);
  });

  test('event_count below a number: tasks that are seldom created', async () => {
    const event = (index: number, task: string): JsonObject => ({
      EventID: 4698,
      Channel: 'Security',
      '@timestamp': at(index * 3600),
      TaskName: task,
    });
    const name = 'win_security_rare_schtasks_creations';
    expect(await lines(name, [...range(6).map((index) => event(index, 'usual')), event(7, 'odd')])).toEqual([6]);
  });

  test('temporal: a password set over the SAMR pipe', async () => {
    const pipe = (index: number): JsonObject => ({
      EventID: 5145,
      Channel: 'Security',
      '@timestamp': at(index),
      RelativeTargetName: 'samr',
    });
    const changed = (index: number, more: JsonObject): JsonObject => ({
      EventID: 4738,
      Channel: 'Security',
      '@timestamp': at(index),
      ...more,
    });
    const name = 'win_security_susp_samr_pwset';
    const set = { PasswordLastSet: '1/1/2026' };
    expect(await lines(name, [pipe(0), changed(15, set)])).toEqual([1]);
    expect(await lines(name, [changed(0, set), pipe(5)])).toEqual([1]);
    expect(await lines(name, [pipe(0), changed(16, set)])).toEqual([]);
    expect(await lines(name, [pipe(0), changed(5, {})])).toEqual([]);
  });
});

function planOf(set: RuleSet, index: number): Plan | undefined {
  const rule = set.rules[index];
  if (rule?.logic.kind !== 'plan' || rule.logic.plan.kind !== 'threshold') return undefined;
  const { plan } = rule.logic;
  const [used] = rule.uses ?? [];
  const usedPlan = used?.logic.kind === 'plan' ? used.logic.plan : undefined;
  const inputs = plan.inputs.map((input) => ({
    ...input,
    name: 'rule',
    plan: input.plan.kind === 'matches' && usedPlan !== undefined ? usedPlan : input.plan,
  }));
  return { ...plan, inputs };
}
