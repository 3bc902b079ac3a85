import { describe, expect, it } from 'vitest';
import {
  azureEvent,
  azureLog,
  brokenRule,
  CAPTURE,
  dragoman,
  elasticRule,
  folder,
  lines,
  quotedRule,
  sigmaRule,
  unsupportedRule,
} from './harness.ts';

describe('dragoman check', () => {
  it('reports loaded, unsupported and invalid rules with their codes', async () => {
    const root = folder({ 'a.toml': elasticRule, 'b.toml': brokenRule, 'c.toml': unsupportedRule, 's.yml': sigmaRule });
    const { code, out } = await dragoman(['check', root, '--format', 'json']);
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report.totals).toEqual({ loaded: 2, unsupported: 1, invalid: 1, unreadable: 0 });
    expect(report.rules[0]).toEqual({
      id: '11111111-0000-0000-0000-000000000001',
      name: 'Capture written',
      file: `${root}/a.toml`,
      format: 'elastic',
      language: 'kuery',
      status: 'loaded',
      codes: [],
      diagnostics: [],
    });
    expect(report.rules[2]).toMatchObject({
      status: 'unsupported',
      language: 'none',
      codes: ['unsupported/elastic-machine-learning'],
    });
    expect(report.rules[1].status).toBe('invalid');
    expect(report.rules[1].diagnostics[0]).toMatchObject({ file: `${root}/b.toml`, line: 12 });
  });

  it('exits 0 when every rule loads or is only unsupported', async () => {
    const root = folder({ 'a.toml': elasticRule, 'c.toml': unsupportedRule });
    const { code, out, err } = await dragoman(['check', root]);
    expect([code, err]).toEqual([0, '']);
    expect(out.replaceAll(root, '.')).toBe(
      lines(
        'FORMAT   LANGUAGE  LOADED  UNSUPPORTED  INVALID',
        'elastic  kuery          1            0        0',
        'elastic  none           0            1        0',
        'all                     1            1        0',
        '',
        'Why rules do not run',
        '     1  unsupported/elastic-machine-learning: the rule reads anomalies that machine learning jobs of Elasticsearch find, and has no query',
        '        ./c.toml',
      ),
    );
  });

  it('shows the place of an error under a caret', async () => {
    const root = folder({ 'b.toml': brokenRule });
    const { code, err } = await dragoman(['check', `${root}/b.toml`]);
    expect(code).toBe(1);
    expect(err).toMatch(/b\.toml:\d+:\d+: error kuery\/[a-z-]+: /);
    expect(err).toMatch(/^ +1[0-9] \| .*\n +\| +\^/m);
  });

  it('warns of files in a folder that hold no rules, and refuses ones that are named', async () => {
    const root = folder({
      'a.toml': elasticRule,
      'notes.yml': 'just: text\n',
      'x.exe': 'x',
      'bin.yml': 'a\0b',
      'empty.yml': '\n',
    });
    const inFolder = await dragoman(['check', root]);
    expect(inFolder.code).toBe(0);
    expect(inFolder.err).toContain('notes.yml:1:1: warning input/not-a-rule');
    expect(inFolder.err).toContain('bin.yml:1:1: warning input/not-a-rule: not a rule: it is binary');
    expect(inFolder.err).toContain('empty.yml:1:1: warning input/not-a-rule: not a rule: it is empty');
    expect(inFolder.err).not.toContain('x.exe');
    const named = await dragoman(['check', `${root}/notes.yml`, `${root}/x.exe`]);
    expect(named.code).toBe(3);
    expect(named.err).toContain('notes.yml:1:1: error input/not-a-rule');
    expect(named.err).toContain('x.exe:1:1: error input/not-a-rule: not a rule: its name ends in none of .toml');
  });

  it('warns of ids that are used twice', async () => {
    const root = folder({ 'a.toml': elasticRule, 'b.toml': elasticRule });
    const { code, err } = await dragoman(['check', root]);
    expect(code).toBe(0);
    expect(err).toContain(`is also used by ${root}/a.toml`);
  });

  it('takes globs, and leaves hidden files and node_modules out', async () => {
    const root = folder({
      'x/a.toml': elasticRule,
      'x/b.yml': sigmaRule,
      'x/.hidden/c.toml': elasticRule,
      'x/node_modules/d.toml': elasticRule,
    });
    const files = async (path: string): Promise<string[]> => {
      const { out } = await dragoman(['check', path, '--format', 'json']);
      return JSON.parse(out).rules.map((rule: { file: string }) => rule.file.replace(root, '.'));
    };
    expect(await files(root)).toEqual(['./x/a.toml', './x/b.yml']);
    expect(await files(`${root}/**/*.toml`)).toEqual(['./x/a.toml']);
    expect(await files(`${root}/*`)).toEqual(['./x/a.toml', './x/b.yml']);
  });
});

describe('dragoman lint', () => {
  it('finds the quoted wildcard with place, hint and fix', async () => {
    const root = folder({ 'q.toml': quotedRule, 'a.toml': elasticRule });
    const { code, out } = await dragoman(['lint', root, '--format', 'json']);
    expect(code).toBe(0);
    const { diagnostics, totals } = JSON.parse(out);
    expect(totals).toMatchObject({ rules: 2, errors: 0 });
    const [found] = diagnostics.filter((one: { code: string }) => one.code === 'kuery/quoted-wildcard');
    expect(found).toMatchObject({ file: `${root}/q.toml`, line: 11, column: 35 });
    expect(found.hints).not.toEqual([]);
    expect(found.fixes[0].edits[0]).toMatchObject({
      text: 'MICROSOFT.NETWORK/*/PACKETCAPTURES/WRITE',
      line: 11,
      column: 35,
    });
  });

  it('exits 1 when a rule is wrong, and 0 when it is only unsupported', async () => {
    const root = folder({ 'b.toml': brokenRule, 'c.toml': unsupportedRule });
    expect((await dragoman(['lint', `${root}/b.toml`])).code).toBe(1);
    expect((await dragoman(['lint', `${root}/c.toml`])).code).toBe(0);
    expect((await dragoman(['lint', `${root}/nowhere`])).code).toBe(3);
  });

  it('counts rules that are not supported by themselves, not as errors', async () => {
    const root = folder({ 'c.toml': unsupportedRule });
    const { out } = await dragoman(['lint', root]);
    expect(out).toContain('0 errors, 0 warnings and 0 notes in 1 rule; 1 rule is not supported yet');
    const { totals, diagnostics } = JSON.parse((await dragoman(['lint', root, '--format', 'json'])).out);
    expect(totals).toEqual({ rules: 1, errors: 0, warnings: 0, notes: 0, unsupported: 1, unreadable: 0 });
    expect(diagnostics[0]).toMatchObject({ code: 'unsupported/elastic-machine-learning', severity: 'info' });
  });

  it('compares case with logs', async () => {
    const root = folder({
      'a.toml': elasticRule.replace('MICROSOFT.NETWORK/*/PACKETCAPTURES/WRITE', 'Microsoft.Network/*'),
      'azure.ndjson': lines(azureEvent(CAPTURE, 'Success')),
    });
    const { code, out } = await dragoman(['lint', `${root}/a.toml`, '--logs', `${root}/azure.ndjson`]);
    expect(code).toBe(0);
    expect(out).toContain('lint/case-only');
    expect(out).toContain(CAPTURE);
    expect((await dragoman(['lint', `${root}/a.toml`])).out).toBe('nothing found in 1 rule\n');
  });

  it('says what became of the logs', async () => {
    const root = folder({ 'a.toml': elasticRule, 'azure.log': 'hello\n1,2\n' });
    const { code, err } = await dragoman(['lint', `${root}/a.toml`, '--logs', `${root}/azure.log`]);
    expect(code).toBe(3);
    expect(err).toContain('logs: 0 records looked at, 2 undecodable');
    expect((await dragoman(['lint', `${root}/a.toml`, '--logs', `${root}/nowhere`])).code).toBe(3);
  });

  it('writes SARIF', async () => {
    const root = folder({ 'q.toml': quotedRule });
    const { out } = await dragoman(['lint', root, '--format', 'sarif']);
    const [run] = JSON.parse(out).runs;
    expect(run.results[0]).toMatchObject({ ruleId: 'kuery/quoted-wildcard', level: 'warning' });
    expect(run.results[0].locations[0].physicalLocation.region).toMatchObject({ startLine: 11, startColumn: 35 });
  });
});

describe('dragoman explain', () => {
  it('says leaf by leaf why a rule does not match', async () => {
    const root = folder({ 'a.toml': elasticRule, 'e.json': azureEvent(CAPTURE, 'Start') });
    const { code, out } = await dragoman(['explain', '--rule', `${root}/a.toml`, '--event', `${root}/e.json`]);
    expect(code).toBe(0);
    expect(out).toContain(`Capture written does not match ${root}/e.json:1`);
    expect(out).toContain('because event.outcome is "success", but it is missing');
    expect(out).toMatch(
      /✓ azure\.activitylogs\.operation_name is like .* — "MICROSOFT\.NETWORK\/NETWORKWATCHERS\/PACKETCAPTURES\/WRITE"/,
    );
    expect(out).toMatch(/✗ event\.outcome is "success" {2}— missing \(from resultType = "Start"/);
  });

  it('explains every rule of a folder on every event, as JSON too', async () => {
    const root = folder({ 'r/a.toml': elasticRule, 'r/s.yml': sigmaRule, 'e.ndjson': azureLog });
    const { out } = await dragoman([
      'explain',
      '--rule',
      `${root}/r`,
      '--event',
      `${root}/e.ndjson`,
      '--format',
      'json',
    ]);
    const all = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(all.map((one) => [one.rule_name, one.source.line, one.matches])).toEqual([
      ['Capture written', 1, false],
      ['Capture started', 1, false],
      ['Capture written', 2, true],
      ['Capture started', 2, true],
      ['Capture written', 3, false],
      ['Capture started', 3, false],
    ]);
    expect(all[2].because).toBeNull();
    expect(all[2].explanation.verdict).toBe(true);
  });

  it('needs an event and a rule that loads', async () => {
    const root = folder({ 'b.toml': brokenRule, 'a.toml': elasticRule, 'e.json': 'nonsense' });
    const broken = await dragoman(['explain', '--rule', `${root}/b.toml`, '--event', `${root}/e.json`]);
    expect([broken.code, broken.out]).toEqual([3, '']);
    const noEvent = await dragoman(['explain', '--rule', `${root}/a.toml`, '--event', `${root}/e.json`]);
    expect(noEvent.code).toBe(3);
    expect(noEvent.err).toContain('error: there is no event to explain');
  });
});

describe('dragoman show', () => {
  it('prints metadata, fields and logic, and what it comes to on a log type', async () => {
    const root = folder({ 'a.toml': elasticRule });
    const { code, out } = await dragoman(['show', `${root}/a.toml`, '--log-type', 'azure.activity']);
    expect(code).toBe(0);
    expect(out).toMatch(/^severity +medium$/m);
    expect(out).toMatch(/^fields +.*azure\.activitylogs\.operation_name, event\.outcome$/m);
    expect(out).toMatch(/^can match +azure\.activity$/m);
    expect(out).toContain('(match azure.activitylogs.operation_name exact wildcard');
    expect(out).toContain('(match $operationName exact wildcard');
    const other = await dragoman(['show', `${root}/a.toml`, '--log-type', 'aws.cloudtrail']);
    expect(other.out).toContain('On aws.cloudtrail: never.');
  });

  it('gives JSON with plan and residuals', async () => {
    const root = folder({ 'a.toml': elasticRule });
    const { out } = await dragoman(['show', `${root}/a.toml`, '--log-type', 'azure.activity', '--format', 'json']);
    const shown = JSON.parse(out);
    expect(shown).toMatchObject({
      id: '11111111-0000-0000-0000-000000000001',
      format: 'elastic',
      log_types: ['azure.activity'],
    });
    expect(shown.plan.kind).toBe('where');
    expect(shown.residuals[0].log_type).toBe('azure.activity');
  });
});

describe('dragoman types', () => {
  it('lists types and views', async () => {
    const { code, out } = await dragoman(['types']);
    expect(code).toBe(0);
    expect(out).toMatch(/^azure\.activity +ecs, sigma, panther, kusto \(AzureActivity\)/m);
    const { types } = JSON.parse((await dragoman(['types', '--format', 'json'])).out);
    expect(types.map((type: { name: string }) => type.name)).toContain('windows.sysmon');
  });
});
