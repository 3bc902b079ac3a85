import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';
import { mmdbOf } from './mmdb-file.ts';

const rule = (id: number, query: string): string =>
  lines(
    `id: 1111111${id}-1111-4111-8111-111111111111`,
    `name: rule ${id}`,
    'kind: Scheduled',
    'severity: Low',
    'queryFrequency: 1h',
    'queryPeriod: 1h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    'query: |',
    `  ${query}`,
  );

async function run(root: string, ...options: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const paths = ['--rules', join(root, 'rules'), '--logs', join(root, 'log.ndjson')];
  return dragoman(['run', ...paths, ...options]);
}

test('a rule whose watchlist is not given is told what to give, and the others match', async () => {
  const root = folder({
    'rules/a.yaml': rule(1, "SecurityEvent | where Computer in ((_GetWatchlist('vip') | project SearchKey))"),
    'rules/b.yaml': rule(2, 'SecurityEvent | where EventID == 1'),
    'log.ndjson': '{"TimeGenerated":"2026-01-01T00:00:00Z","Type":"SecurityEvent","Computer":"a","EventID":1}\n',
    'vip.csv': 'SearchKey,Tag\na,x\n',
  });
  const without = await run(root);
  expect(without.code).toBe(3);
  expect(without.err).toContain('run/not-given');
  expect(without.err).toContain('give its rows with --watchlist vip=FILE');
  expect(without.err).not.toContain('fault in dragoman');
  expect(without.out).toMatch(/Z {2}low {7}rule 2/);
  expect(without.out).not.toMatch(/Z {2}low {7}rule 1/);
  const given = await run(root, '--watchlist', `vip=${join(root, 'vip.csv')}`);
  expect(given.code).toBe(0);
  expect(given.out).toMatch(/Z {2}low {7}rule 1/);
});

test('tables and functions of the user make a query known', async () => {
  const root = folder({
    'rules/a.yaml': rule(1, 'Acme_CL | where User_s =~ "BOB" | extend loud = Shout(User_s)'),
    'log.ndjson': '{"TimeGenerated":"2026-01-01T00:00:00Z","Type":"Acme_CL","User_s":"bob"}\n',
    'tables.json': '{"Acme_CL":{"cols":[["TimeGenerated","datetime"],["User_s","string"]]}}',
    'saved/shout.yaml': lines(
      'FunctionName: Shout',
      'FunctionAlias: Shout',
      'FunctionParams: t:string',
      'FunctionQuery: |',
      '  strcat(toupper(t), "!")',
    ),
  });
  expect((await run(root)).err).toContain('unknown function `Shout`');
  const { code, out, err } = await run(
    root,
    ...['--table-schema', join(root, 'tables.json'), '--functions', join(root, 'saved')],
  );
  expect(err).not.toContain('kusto/unknown');
  expect(code).toBe(0);
  expect(out).toMatch(/Z {2}low {7}rule 1/);
});

test('the place of an address comes from the database that is given, and without one the rule is told to have none', async () => {
  const place = {
    country: { names: { en: 'Australia' } },
    subdivisions: [{ names: { en: 'New South Wales' } }],
    city: { names: { en: 'Sydney' } },
    location: { latitude: -33.8715, longitude: 151.2006 },
  };
  const root = folder({
    'rules/a.yaml': rule(1, 'SecurityEvent | where geo_info_from_ip_address(IpAddress).country == "Australia"'),
    'rules/b.yaml': rule(2, 'SecurityEvent | where EventID == 1'),
    'log.ndjson':
      '{"TimeGenerated":"2026-01-01T00:00:00Z","Type":"SecurityEvent","IpAddress":"20.53.203.50","EventID":1}\n',
    'places.mmdb': mmdbOf([20, 53, 203], place),
    'broken.mmdb': 'no database',
  });
  const without = await run(root);
  expect(without.code).toBe(3);
  expect(without.err).toContain('give a database of places with --geoip FILE.mmdb');
  expect(without.out).toMatch(/Z {2}low {7}rule 2/);
  const given = await run(root, '--geoip', join(root, 'places.mmdb'));
  expect(given).toMatchObject({ code: 0 });
  expect(given.out).toMatch(/Z {2}low {7}rule 1/);
  const broken = await run(root, '--geoip', join(root, 'broken.mmdb'));
  expect(broken.err).toContain('cannot read');
  const asked = 'print a = geo_info_from_ip_address("20.53.203.9"), b = geo_info_from_ip_address("8.8.8.8")';
  const { out } = await dragoman([
    'query',
    '--language',
    'kusto',
    asked,
    '--geoip',
    join(root, 'places.mmdb'),
    '--format',
    'json',
  ]);
  expect(JSON.parse(out).rows).toEqual([
    [{ country: 'Australia', state: 'New South Wales', city: 'Sydney', latitude: -33.8715, longitude: 151.2006 }, null],
  ]);
});
