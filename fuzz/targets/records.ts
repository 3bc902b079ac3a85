import type { JsonObject } from '../../src/base/json.ts';

/** Records over which conditions are tried: fields present, missing, null, of several values, of other types. */
export const RECORDS: readonly JsonObject[] = [
  {},
  {
    a: 'b',
    b: 1,
    c: null,
    d: ['x', 2, null],
    process: { name: 'cmd.exe', pid: 42 },
    '@timestamp': '2026-01-01T00:00:00Z',
  },
  {
    message: 'The quick brown Fox',
    event: { action: ['start', 'stop'], category: 'process', code: 9007199254740993n },
    source: { ip: '10.1.2.3', port: '443' },
    user: { name: 'ROOT', id: true },
    a: { b: { c: [{ d: 'x' }, { d: 'y' }] } },
  },
];
