import { describe, expect, it } from 'vitest';
import { elasticRule } from '../../../test/cli/elastic-rule.ts';
import { folder } from '../../../test/cli/harness.ts';
import { loadRules } from '../../rules/load-rules.ts';
import { createRuleSession } from '../rule-session.ts';
import { witnessesOf } from './witnesses.ts';

describe('witnesses', () => {
  it('want the records that rules read, whatever the time is, and match nothing', async () => {
    const root = folder({
      'c.json': elasticRule({
        index: ['.alerts-security.*', 'logs-aws*'],
        query: '@timestamp >= "now-15m" and event.action: ListUsers',
      }),
    });
    const { rules } = await loadRules([root]);
    const witnesses = witnessesOf(rules);
    expect(witnesses).toHaveLength(1);
    const event = {
      eventVersion: '1.08',
      eventTime: '2026-01-01T00:00:00Z',
      eventSource: 'iam.amazonaws.com',
      awsRegion: 'eu-west-1',
    };
    const session = createRuleSession([], { witnesses });
    const wanted: number[] = [];
    const lines = ['GetUser', 'ListUsers'].map((eventName) => `${JSON.stringify({ ...event, eventName })}\n`);
    session.scanner?.here.scan(Buffer.from(lines.join('')), {
      record: (_read, line) => {
        wanted.push(line);
      },
      odd: () => true,
    });
    expect(wanted).toEqual([1]);
    const records = lines.map((line, at) => ({ event: JSON.parse(line), source: { file: 'x', line: at + 1 } }));
    expect([...(await session.process(records)), ...(await session.advance('end'))]).toEqual([]);
    await session.close();
  });
});
