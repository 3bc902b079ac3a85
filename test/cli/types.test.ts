import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

const rule = lines(
  'title: a',
  'id: a',
  'logsource: {product: okta, service: okta}',
  'detection: {s: {eventType: x}, condition: s}',
);
const lost = lines(
  'title: b',
  'id: b',
  'logsource: {product: django, category: application}',
  "detection: {s: ['x'], condition: s}",
);

describe('types', () => {
  it('says what logs are recognised as, and why', async () => {
    const root = folder({
      'log.ndjson': lines(
        '{"EventID":4625,"Channel":"Security"}',
        '{"EventID":4624,"Channel":"Security"}',
        '{"a":1,"b":2}',
        '{"b":1,"a":2}',
        '{"c":1}',
        'nonsense',
      ),
    });
    const args = ['types', '--for', `${root}/log.ndjson`];
    const { code, out } = await dragoman([...args, '--format', 'json']);
    expect(code).toBe(0);
    const { kinds, unknown, records, undecodable } = JSON.parse(out);
    expect([records, undecodable]).toEqual([5, 1]);
    expect(
      kinds.map(({ log_type, form, records: number }: Record<string, unknown>) => [log_type, form, number]),
    ).toEqual([
      ['generic', 'json', 3],
      ['windows.security', 'flat', 2],
    ]);
    expect(kinds[1].by).toEqual(expect.arrayContaining(['EventID = 4625', 'Channel = Security']));
    expect(unknown.map(({ keys, records: number }: Record<string, unknown>) => [keys, number])).toEqual([
      [['a', 'b'], 2],
      [['c'], 1],
    ]);
    const table = await dragoman(args);
    expect(table.out).toContain('nothing is known of 2 records with these keys');
    const said = await dragoman(['types', '--for', `okta.system=${root}/log.ndjson`, '--format', 'json']);
    expect(JSON.parse(said.out).kinds[0]).toMatchObject({ log_type: 'okta.system', by: ['what was said of it'] });
  });

  it('describes a log type, and which rules can match it', async () => {
    const root = folder({ 'a.yml': rule, 'b.yml': lost });
    const { out } = await dragoman(['types', 'okta.system', '--rules', root, '--format', 'json']);
    const found = JSON.parse(out);
    expect(found.rules.map(({ id }: { readonly id: string }) => id)).toEqual(['a']);
    expect(found.panther).toEqual(['Okta.SystemLog']);
    expect(found.views.find(({ schema }: { readonly schema: string }) => schema === 'ecs').fields).toContain(
      'event.action',
    );
    expect(found.samples).toHaveLength(1);
    const sigma = found.views.find(({ schema }: { readonly schema: string }) => schema === 'sigma');
    expect(sigma.read).toEqual([{ field: 'eventType', rules: 1 }]);
    expect((await dragoman(['types', 'okta.system', '--rules', root])).out).toContain('read by rules: eventType 1');
    expect((await dragoman(['types', 'windows.securty'])).code).toBe(2);
  });

  it('says which logs rules are about, and which log types serve them', async () => {
    const root = folder({ 'a.yml': rule, 'b.yml': lost });
    const { out } = await dragoman(['types', '--coverage', root, '--format', 'json']);
    const { sources, unserved, rules } = JSON.parse(out);
    expect(rules).toBe(2);
    expect(unserved.map(({ id }: { readonly id: string }) => id)).toEqual(['b']);
    expect(sources).toMatchObject(
      [
        { source: 'product=django,category=application', rules: 1, served: 0, log_types: [], reason: /--log-source/ },
        { source: 'product=okta,service=okta', rules: 1, served: 1, log_types: ['okta.system'] },
      ].map(({ reason, ...one }) => (reason ? { ...one, reason: expect.stringMatching(reason) } : one)),
    );
  });
});
