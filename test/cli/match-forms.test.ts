import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { azureEvent, CAPTURE, dragoman, elasticRule, folder, lines, type Ran, sigmaRule } from './harness.ts';

/** A title and a value that forms have to quote, escape and disarm. */
const sigma = sigmaRule.replace(/^title: .*$/m, 'title: \'=cmd("x"), <b>&amp;\'');
const log = lines(
  azureEvent(CAPTURE, 'Success', '2026-02-06T10:00:00.0000000Z'),
  azureEvent(CAPTURE, 'Success', 'some day'),
);

async function ran(format: string, more: readonly string[] = []): Promise<Ran & { readonly root: string }> {
  const root = folder({ 'r/a.toml': elasticRule, 'r/b.yml': sigma, 'l.ndjson': log });
  const args = ['run', '--rules', `${root}/r`, '--logs', `${root}/l.ndjson`, '--format', format];
  return { root, ...(await dragoman([...args, ...more.map((one) => one.replace('ROOT', root))])) };
}

type Line = Readonly<Record<string, unknown>>;

const objects = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line): readonly Line[] => (line === '' ? [] : [JSON.parse(line) as Line]));

describe('matches as', () => {
  it('CSV: a row each, quoted, no formula', async () => {
    const { out, code } = await ran('csv');
    expect(code).toBe(0);
    const [head, ...rows] = out.trimEnd().split('\n');
    expect(head).toMatch(/^time,severity,title,rule_name,rule_id,/);
    expect(rows).toHaveLength(4);
    const ofSigma = rows.filter((row) => row.includes('<b>'));
    expect(ofSigma).toHaveLength(2);
    expect(ofSigma[0]).toContain(`,"'=cmd(""x""), <b>&amp;",`);
    expect(rows.every((row) => row.includes('""operationName""'))).toBe(true);
  });

  it('CSV without a match: the header', async () => {
    const { out } = await ran('csv', ['--since', '2030-01-01']);
    expect(out).toMatch(/^time,.*event\n$/);
  });

  it('SARIF: results at the lines of the log, rules behind them', async () => {
    const { out, root } = await ran('sarif');
    const [run] = (JSON.parse(out) as { readonly runs: readonly SarifRun[] }).runs;
    expect(run?.results).toHaveLength(4);
    expect(run?.tool.driver.rules).toHaveLength(2);
    for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe(`file://${root}/l.ndjson`);
    }
    expect(run?.results.map(({ locations }) => locations[0]?.physicalLocation.region.startLine).sort()).toEqual([
      1, 1, 2, 2,
    ]);
    const nothing = JSON.parse((await ran('sarif', ['--since', '2030-01-01'])).out) as { runs: readonly SarifRun[] };
    expect(nothing.runs[0]?.results).toEqual([]);
  });

  it('JUnit: a test a rule, which fails where it matches', async () => {
    const { out } = await ran('junit', ['--exclude', 'a.toml']);
    expect(out).toContain('<testsuite name="rules" tests="1" failures="1"');
    expect(out).toContain('name="=cmd(&quot;x&quot;), &lt;b&gt;&amp;amp;"');
    expect(out).toContain('<failure message="2 matches">');
    expect((await ran('junit', ['--since', '2030-01-01'])).out).toContain('tests="2" failures="0"');
  });

  it('OCSF findings; those without a time are left out, and said', async () => {
    const { out, err } = await ran('ocsf', ['--vendor', 'sigma']);
    const [finding, ...more] = objects(out);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      class_uid: 2004,
      type_uid: 200_401,
      time: Date.parse('2026-02-06T10:00:00Z'),
      severity_id: 4,
      finding_info: { analytic: { type_id: 1 } },
      evidences: [{ data: { operationName: CAPTURE } }],
    });
    expect(err).toContain('warning: OCSF has no place for 1 match without a time: left out');
  });

  it('lines that Timesketch imports', async () => {
    const { out, err } = await ran('timesketch');
    const found = objects(out);
    expect(found).toHaveLength(2);
    for (const one of found) {
      expect(one).toMatchObject({ datetime: '2026-02-06T10:00:00.0000000Z', timestamp_desc: 'Time of the event' });
      expect(one['message']).toMatch(/: operationName=/);
    }
    expect(err).toContain('Timesketch has no place for 2 matches without a time');
  });

  it('not of alerts', async () => {
    const { code, err } = await ran('csv', ['--alerts']);
    expect([code, err]).toEqual([
      2,
      'error: --format csv is of matches\nhint: alerts are printed as table, ndjson or json\n',
    ]);
  });
});

interface SarifRun {
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
    }[];
  }[];
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
}

describe('-o', () => {
  it('writes what would be printed, and nothing beside it is left', async () => {
    const { out, root } = await ran('ndjson', ['-o', 'ROOT/out.ndjson']);
    expect(out).toBe('');
    expect(objects(readFileSync(`${root}/out.ndjson`, 'utf8'))).toHaveLength(4);
    expect(readdirSync(root).sort()).toEqual(['l.ndjson', 'out.ndjson', 'r']);
  });

  it.each([
    ['ROOT/none/out', 'there is no such folder'],
    ['ROOT/r', 'it is a folder'],
    ['ROOT/l.ndjson/out', 'there is no such folder'],
  ])('%s cannot be written, which is said before anything is read', async (path, reason) => {
    const { code, err } = await ran('ndjson', ['-o', path]);
    expect(code).toBe(3);
    expect(err).toMatch(/^error: .* cannot be written: .*\n$/);
    expect(err).toContain(reason);
  });

  it('leaves what was there before where the command line is wrong', async () => {
    const root = folder({ 'kept.txt': 'before' });
    writeFileSync(`${root}/kept.txt`, 'before');
    const { code } = await dragoman([
      'run',
      '--rules',
      'r',
      '--since',
      'soon',
      '--logs',
      'l',
      '-o',
      `${root}/kept.txt`,
    ]);
    expect(code).toBe(2);
    expect(readFileSync(`${root}/kept.txt`, 'utf8')).toBe('before');
    expect(readdirSync(root)).toEqual(['kept.txt']);
  });

  it('is there for every command', async () => {
    const root = folder({ 'r/a.toml': elasticRule });
    for (const args of [['check', `${root}/r`], ['lint', `${root}/r`], ['show', `${root}/r`], ['types']]) {
      const { out } = await dragoman([...args, '-o', `${root}/${args[0]}.txt`]);
      expect(out).toBe('');
      expect(existsSync(`${root}/${args[0]}.txt`)).toBe(true);
      expect(readFileSync(`${root}/${args[0]}.txt`, 'utf8').length).toBeGreaterThan(10);
    }
  });
});
