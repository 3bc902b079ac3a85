import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { builtCli, shell } from '../cli/built.ts';
import { corpora } from './tree.ts';

/** Attacks that were tried on the command line: what each may cost, and what comes out all the same. */
const folder = join(corpora, 'field');
const there = process.platform === 'linux' && existsSync(join(folder, 'attack-py-event-mutate'));
if (!there) console.warn(`skipped: ${folder} has no attacks`);

const scratch = there ? mkdtempSync(join(tmpdir(), 'dragoman-field-')) : '';
if (there) {
  cpSync(folder, scratch, { recursive: true, filter: (path) => path === folder || path.includes('attack-') });
  for (const name of readdirSync(scratch, { recursive: true, encoding: 'utf8' })) {
    const path = join(scratch, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}
afterAll(() => {
  if (there) rmSync(scratch, { recursive: true });
});

interface Attack {
  readonly name: string;
  readonly command: string;
  readonly code: number;
  /** Matches by the id of their rule. */
  readonly matches: Readonly<Record<string, number>>;
  /** Codes of what is said, among others. */
  readonly says?: readonly string[];
}

const LINES = '--format ndjson';
const GENERIC = '--log-source category=x';

const attacks: readonly Attack[] = [
  ...Object.entries({ 'arr-bad': 9, 'arr-trunc': 5, 'ct-bad': 9, 'ct-deep': 5, 'ct-trunc': 5 }).map(
    ([file, count]): Attack => ({
      name: 'attack-envelope-one-bad-record-loses-all',
      command: `dragoman run --rules r.yml --logs ${file}.json ${LINES}`,
      code: 0,
      matches: { [file]: count },
    }),
  ),
  ...Object.entries({ nulmid: 6, nulshort: 3 }).map(
    ([file, count]): Attack => ({
      name: 'attack-log-nul-block-skips-file',
      command: `dragoman run --rules r.yml --logs ${file}.log ${GENERIC} ${LINES}`,
      code: 0,
      matches: { [file]: count },
      says: ['logs/not-json'],
    }),
  ),
  {
    name: 'attack-kuery-not-depth',
    command: `dragoman run --rules . --logs ok.log ${GENERIC} ${LINES}`,
    code: 3,
    matches: { r: 1 },
    says: ['kuery/too-deep'],
  },
  {
    name: 'attack-kusto-strcat-fault',
    command: `dragoman run --rules . --logs azure-activity.ndjson ${LINES}`,
    code: 3,
    matches: { sigma: 4 },
    says: ['run/limit'],
  },
  {
    name: 'attack-py-event-mutate',
    command: run('five.ndjson'),
    code: 3,
    matches: { canaries: 10 },
    says: ['python/tampered'],
  },
  { name: 'attack-py-forged-answer-crash', command: run('five.ndjson'), code: 3, matches: {}, says: ['python/'] },
  { name: 'attack-py-one-rule-silences-others', command: run('five.ndjson'), code: 0, matches: { both: 10 } },
  { name: 'attack-py-stdout-without-newline-kills-process', command: run('logs.ndjson'), code: 0, matches: { one: 1 } },
  { name: 'attack-py-alert-context-big-numbers', command: run('logs.ndjson'), code: 0, matches: { one: 1 } },
  {
    name: 'attack-rule-file-path-traversal',
    command: 'dragoman check .',
    code: 1,
    matches: {},
    says: ['panther/file-outside'],
  },
  {
    name: 'attack-rules-symlink-device-hangs',
    command: 'ln -s /dev/zero z.yml; mkfifo f.yml; dragoman check .',
    code: 0,
    matches: {},
    says: ['input/link-outside', 'input/not-a-file'],
  },
  {
    name: 'attack-output-full-disk-exit-code',
    command: `cd ../attack-py-event-mutate; dragoman run --rules zz-canary.yml --logs five.ndjson ${LINES} >/dev/full`,
    code: 3,
    matches: {},
  },
  {
    name: 'attack-cache-folder-enotdir-hangs',
    command: `cd ../attack-py-event-mutate; export HOME=/dev/null XDG_CACHE_HOME=; dragoman run --rules zz-canary.yml --logs five.ndjson ${LINES}`,
    code: 0,
    matches: { canary: 5 },
  },
];

function run(logs: string): string {
  return `dragoman run --rules . --logs ${logs} ${LINES}`;
}

test.runIf(there).each(attacks)('$name: $command', async ({ name, command, code, matches, says = [] }) => {
  const found = await shell(builtCli(), `cd '${join(scratch, name)}'; ${command}`);
  const lines = found.out.split('\n').filter((line) => line.includes('"rule_id"'));
  expect(lines).toHaveLength(Object.values(matches).reduce((sum, count) => sum + count, 0));
  for (const one of says) expect(found.out + found.err).toContain(one);
  expect(found.err).not.toContain('fault in dragoman');
  expect(found.code).toBe(code);
});

test.runIf(there)('attack-py-sandbox-escape: nothing of the host is seen or changed', async () => {
  const event =
    '{"eventVersion":"1.08","eventTime":"2026-01-02T03:04:05Z","eventSource":"iam.amazonaws.com","eventName":"CreateAccessKey","awsRegion":"us-east-1","userIdentity":{"type":"IAMUser"},"recipientAccountId":"111122223333","eventID":"a","eventType":"AwsApiCall"}';
  const at = join(scratch, 'attack-py-sandbox-escape');
  const command = `cd '${at}'; export ATTACK_MARKER=marker-in-env; dragoman run --rules rule.yml --logs - ${LINES}`;
  const found = await shell(builtCli(), command, event);
  expect(found.out).toContain('"rule_id"');
  expect(found.out + found.err).not.toContain('marker-in-env');
  expect(existsSync(join(at, 'WRITTEN-BY-RULE.json'))).toBe(false);
});

test.runIf(there)('attack-rule-errors-kept-in-memory: errors are counted', async () => {
  const events = Array.from({ length: 2_000 }, (_, at) => `{"p_log_type":"T","id":"${at}"}`);
  const command = `cd '${join(scratch, 'attack-rule-errors-kept-in-memory')}'; dragoman run --rules . --logs - ${LINES}`;
  const found = await shell(builtCli(), command, events.join('\n'));
  expect(found.code).toBe(3);
  expect(found.err.split('\n').length).toBeLessThan(200);
});

test.runIf(there)(
  'attack-sigma-many-values-cost: 100,000 values load and run',
  async () => {
    const at = join(scratch, 'attack-sigma-many-values-cost');
    const command = `cd '${at}'; printf "title: t\\nid: 8f1c0a3e-0000-4000-8000-0000000000ff\\nlogsource: {product: windows, category: process_creation}\\ndetection:\\n  s:\\n    CommandLine|contains:\\n" > vals.yml; node -e 'for (let n = 0; n < 100000; n += 1) console.log("      - needle-" + n + "-x")' >> vals.yml; printf "  condition: s\\nlevel: low\\n" >> vals.yml; echo '{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Image":"C:\\\\a.exe","CommandLine":"a needle-77777-x"}' | dragoman run --rules vals.yml --logs - ${LINES}`;
    const found = await shell(builtCli(), command);
    expect(found.out.match(/"rule_id"/g)).toHaveLength(1);
  },
  600_000,
);
