import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLogs } from '../../src/logs/input/index.ts';
import { inputs } from './inputs.ts';
import { corpora, openTree } from './tree.ts';

const logs = join(corpora, 'logs');
const { asPinned } = inputs(
  ['logs/azure/synthetic_azure_activity.ndjson.gz', 'logs/aws-cloudtrail', 'logs/linux.tar.gz'],
  '6eac989b5203',
);
const tree = openTree(corpora);
afterAll(() => tree.close());

interface Totals {
  records: number;
  lines: number;
  undecodable: number;
}

async function totals(path: string): Promise<Totals> {
  const sum: Totals = { records: 0, lines: 0, undecodable: 0 };
  for await (const batch of readLogs([path])) {
    sum.records += batch.events.length;
    sum.lines += batch.lines;
    sum.undecodable += batch.undecodable;
  }
  return sum;
}

describe.skipIf(!asPinned)('decoding of published logs', () => {
  it('reads every record of the Azure and CloudTrail sets', async () => {
    expect(await totals(join(logs, 'azure/synthetic_azure_activity.ndjson.gz'))).toEqual({
      records: 60_001,
      lines: 60_001,
      undecodable: 0,
    });
    expect(await totals(join(logs, 'aws-cloudtrail'))).toEqual({ records: 3210, lines: 3210, undecodable: 0 });
  });

  it('joins auditd records and reads syslog; only the lines that are spoilt in the file are not read', async () => {
    const unpacked = tree.unpack('logs/linux.tar.gz') ?? '';
    // 119 lines of audit-rhel7.log are `type=UNKNOWN[1329] msg=` and one byte of rubbish.
    expect(await totals(join(unpacked, 'audit-rhel7.log'))).toEqual({ records: 903, lines: 2447, undecodable: 119 });
    expect(await totals(unpacked)).toEqual({ records: 2938, lines: 4487, undecodable: 119 });
  });
});
