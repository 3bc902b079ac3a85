import { describe, expect, it } from 'vitest';
import { azureEvent, CAPTURE, dragoman, elasticRule, folder, lines, sigmaRule, unsupportedRule } from './harness.ts';

const rules = {
  'rules/a.toml': elasticRule,
  'rules/b.yml': sigmaRule,
  'rules/old/c.toml': elasticRule.replace('000000000001"', '000000000002"').replace('"medium"', '"low"'),
};

const events = lines(
  azureEvent(CAPTURE, 'Success', '2026-02-06T10:00:00.0000000Z'),
  azureEvent(CAPTURE, 'Success', '2026-02-07T10:00:00.0000000Z'),
  azureEvent(CAPTURE, 'Success', 'some day'),
);

async function matched(args: readonly string[]): Promise<readonly string[]> {
  const root = folder({ ...rules, 'azure.ndjson': events });
  const given = ['--rules', `${root}/rules`, '--logs', `${root}/azure.ndjson`, '--format', 'ndjson'];
  const { out } = await dragoman(['run', ...given, ...args]);
  const found = out.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Match)));
  return [...new Set(found.map(({ rule_id: id, source }) => `${id.slice(-4)}:${source.line}`))].sort();
}

interface Match {
  readonly rule_id: string;
  readonly source: { readonly line: number };
}

describe('choosing among rules', () => {
  it.each([
    [['--level', 'high'], /sigma +1 +0 +0/],
    [['--level', 'low,medium'], /kuery +2 +0 +0/],
    [['--level', 'medium+'], /all +2 +0 +0/],
    [['--vendor', 'elastic', '--exclude', 'old'], /kuery +1 +0 +0/],
    [['--id', '11111111-0000-0000-0000-000000000002'], /kuery +1 +0 +0/],
    [['--exclude', 'a.toml', '--exclude', '*.toml'], /sigma +1 +0 +0/],
  ])('check %j', async (args, table) => {
    const root = folder(rules);
    const { code, out } = await dragoman(['check', ...args, `${root}/rules`]);
    expect(code).toBe(0);
    expect(out).toMatch(table);
    expect(out).toMatch(/\d rules? not selected/);
  });

  it('leaves the rules that are not wanted out of a run, and says how many', async () => {
    const root = folder({ ...rules, 'azure.ndjson': events });
    const { out, err } = await dragoman([
      'run',
      ...['--rules', `${root}/rules`, '--logs', `${root}/azure.ndjson`, '--level', 'high', '--format', 'json'],
    ]);
    expect(err).toContain('1 loaded, 0 unsupported, 0 invalid, in 3 files; 2 rules not selected');
    expect(JSON.parse(out)).toMatchObject({ summary: { rules: { loaded: 1, not_selected: 2 } } });
  });

  it('knows what rules say of themselves that do not load', async () => {
    const root = folder({ 'r/u.toml': unsupportedRule });
    const level = /severity = "(\w+)"/.exec(unsupportedRule)?.[1] ?? '';
    const { out } = await dragoman(['check', `${root}/r`, '--level', level]);
    expect(out).toMatch(/all +0 +1 +0/);
  });

  it.each(['run', 'check', 'lint', 'test', 'explain', 'show'])('%s says that none is left', async (command) => {
    const root = folder({ ...rules, 'azure.ndjson': events });
    const given: Record<string, readonly string[]> = {
      run: ['--rules', `${root}/rules`, '--logs', `${root}/azure.ndjson`],
      explain: ['--rule', `${root}/rules`, '--event', `${root}/azure.ndjson`],
    };
    const { code, err } = await dragoman([command, ...(given[command] ?? [`${root}/rules`]), '--tag', 'nobody']);
    expect(code).toBe(3);
    expect(err).toContain('error: the options do not select any of the 3 rules');
  });

  it.each([
    [['--level', 'hihg'], 'Did you mean high?'],
    [['--vendor', 'sigmahq'], 'Allowed choices are elastic, panther, sigma'],
  ])('%j is refused', async (args, said) => {
    const { code, err } = await dragoman(['check', ...args, 'rules']);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

it('text beside rules is no rule, and nobody has to hear of it; a file that is named is', async () => {
  const root = folder({ ...rules, 'rules/README.md': '# About rules\n' });
  const { code, err } = await dragoman(['check', `${root}/rules`]);
  expect([code, err]).toEqual([0, '']);
  const named = await dragoman(['check', `${root}/rules/README.md`]);
  expect(named.code).toBe(3);
  expect(named.err).toContain('error input/not-a-rule');
});

describe('choosing records by time', () => {
  const ofSigma = ['--vendor', 'sigma'];

  it('takes those from a moment on, and before another', async () => {
    expect((await matched(ofSigma)).length).toBe(3);
    const line = (found: readonly string[]): readonly string[] => found.map((one) => one.replace(/.*:/, ''));
    expect(line(await matched([...ofSigma, '--since', '2026-02-07T10:00:00Z']))).toEqual(['2']);
    expect(line(await matched([...ofSigma, '--until', '2026-02-07T10:00:00Z']))).toEqual(['1']);
    expect(line(await matched([...ofSigma, '--since', '36h', '--now', '2026-02-08T00:00:00Z']))).toEqual(['2']);
    expect(line(await matched([...ofSigma, '--until', '1d', '--now', '2026-02-08T00:00:00Z']))).toEqual(['1']);
  });

  it.each(['stream', 'memory'])('says what it left out: %s', async (engine) => {
    const root = folder({ ...rules, 'azure.ndjson': events });
    const { err } = await dragoman([
      'run',
      ...['--rules', `${root}/rules`, '--logs', `${root}/azure.ndjson`, ...ofSigma, '--since', '2026-02-07T00:00:00Z'],
      ...['--engine', engine],
    ]);
    expect(err).toMatch(
      /times +1 record that rules ask for outside of --since and --until, and 1 record without a time, left out/,
    );
  });

  it.each([
    [['--since', 'soon'], '--since soon is not a time'],
    [['--since', '2026-02-07', '--until', '2026-02-06'], '--since is not before --until'],
  ])('%j is refused', async (args, said) => {
    const { code, err } = await dragoman(['run', '--rules', 'r', '--logs', 'l', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});
