import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io, Output } from '../../src/cli/io.ts';
import { main } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Terminal {
  /** Whether stdout and stderr are terminals, 100 columns wide. */
  readonly terminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line in this process. */
export async function dragoman(args: readonly string[], given: Terminal = {}): Promise<Ran> {
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err'): Output => ({
    write: (text) => {
      written[name] += text;
      return Promise.resolve();
    },
    terminal: given.terminal === true,
    columns: given.terminal === true ? 100 : undefined,
  });
  const io: Io = { stdout: output('out'), stderr: output('err'), env: given.env ?? {} };
  const code = await main(args, io);
  return { code, ...written };
}

/** A folder with these files, which is gone after the test. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return root;
}

export const lines = (...items: readonly string[]): string => `${items.join('\n')}\n`;

/** An Elastic rule on Azure packet captures. */
export const elasticRule = lines(
  '[rule]',
  'name = "Capture written"',
  'rule_id = "11111111-0000-0000-0000-000000000001"',
  'description = "d"',
  'risk_score = 47',
  'severity = "medium"',
  'type = "query"',
  'language = "kuery"',
  'index = ["logs-azure.activitylogs-*"]',
  "query = '''",
  'azure.activitylogs.operation_name:MICROSOFT.NETWORK/*/PACKETCAPTURES/WRITE and event.outcome:success',
  "'''",
);

/** The same, with its wildcard in quotes. */
export const quotedRule = elasticRule
  .replace('MICROSOFT.NETWORK/*/PACKETCAPTURES/WRITE', '"MICROSOFT.NETWORK/*/PACKETCAPTURES/WRITE"')
  .replace('000000000001', '000000000002')
  .replace('Capture written', 'Capture written, quoted');

export const sigmaRule = lines(
  'title: Capture started',
  'id: 11111111-0000-0000-0000-000000000003',
  'status: test',
  'level: high',
  'logsource:',
  '  product: azure',
  '  service: activitylogs',
  'detection:',
  '  selection:',
  '    operationName|endswith: /packetCaptures/write',
  '    resultType: Success',
  '  condition: selection',
);

export const unsupportedRule = elasticRule
  .replace('type = "query"', 'type = "machine_learning"\nmachine_learning_job_id = "some-job"')
  .replace('language = "kuery"\n', '')
  .replace('000000000001', '000000000004');

export const brokenRule = elasticRule
  .replace('event.outcome:success', 'event.outcome:(success')
  .replace('000000000001', '000000000005');

export function azureEvent(operation: string, result: string, time = '2026-02-06T10:00:00.0000000Z'): string {
  return JSON.stringify({
    time,
    resourceId: '/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.NETWORK/NETWORKWATCHERS/N',
    operationName: operation,
    category: 'Administrative',
    resultType: result,
    callerIpAddress: '203.0.113.9',
    identity: { claims: { name: 'dana@example.org' } },
    level: 'Information',
  });
}

export const CAPTURE = 'MICROSOFT.NETWORK/NETWORKWATCHERS/PACKETCAPTURES/WRITE';
export const azureLog = lines(
  azureEvent('MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE', 'Success'),
  azureEvent(CAPTURE, 'Success', '2026-02-06T10:00:01.0000000Z'),
  azureEvent(CAPTURE, 'Start', '2026-02-06T10:00:02.0000000Z'),
);
