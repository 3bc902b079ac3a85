import { describe, expect, it, test } from 'vitest';
import { recordPlace } from '../../src/cli/record-place.ts';
import { azureEvent, CAPTURE, dragoman, elasticRule, folder, lines } from './harness.ts';

test.each([
  ['a.ndjson', 'a.ndjson', undefined],
  ['a.ndjson:12', 'a.ndjson', { line: 12, record: undefined }],
  ['a.ndjson:12:3', 'a.ndjson', { line: 12, record: 3 }],
  ['a.ndjson:12[3]', 'a.ndjson', { line: 12, record: 3 }],
  ['C:\\logs\\a.json:1', 'C:\\logs\\a.json', { line: 1, record: undefined }],
  ['is:7', 'is:7', undefined],
  ['is:7:2', 'is:7', { line: 2, record: undefined }],
  ['a:b', 'a:b', undefined],
  ['-', '-', undefined],
])('%s', (text, path, place) => {
  expect(recordPlace(text, (one) => one === 'is:7')).toEqual({ path, place });
});

const threshold = elasticRule
  .replace('type = "query"', 'type = "threshold"')
  .concat('[rule.threshold]\nfield = ["azure.activitylogs.operation_name"]\nvalue = 2\n');

describe('dragoman explain --event', () => {
  const log = lines(
    azureEvent('X/Y/Z', 'Success'),
    azureEvent(CAPTURE, 'Success'),
    `{"records":[${azureEvent('X/Y/Z', 'Success')},${azureEvent(CAPTURE, 'Success')}]}`,
  );
  const explained = async (rule: string, place: string): Promise<{ code: number; out: string; err: string }> => {
    const root = folder({ 'a.toml': rule, 'l.ndjson': log });
    return dragoman(['explain', '--rule', `${root}/a.toml`, '--event', `${root}/l.ndjson${place}`]);
  };
  const verdicts = (out: string): readonly string[] => {
    return out.split('\n').flatMap((line) => /^Capture written .*?(does not match|matches)/.exec(line)?.[1] ?? []);
  };

  it.each([
    ['', ['does not match', 'matches', 'does not match', 'matches']],
    [':1', ['does not match']],
    [':2', ['matches']],
    [':3', ['does not match', 'matches']],
    [':3[1]', ['matches']],
    [':3:0', ['does not match']],
  ])('FILE%s', async (place, expected) => {
    const { code, out } = await explained(elasticRule, place);
    expect(code).toBe(0);
    expect(verdicts(out)).toEqual(expected);
  });

  it('knows the other records where the rule is over many', async () => {
    expect(verdicts((await explained(threshold, ':2')).out)).toEqual(['matches']);
    expect(verdicts((await explained(threshold.replace('value = 2', 'value = 3'), ':2')).out)).toEqual([
      'does not match',
    ]);
  });

  it('says that no record is there, and where the nearest is', async () => {
    const { code, err } = await explained(elasticRule, ':9');
    expect([code, err]).toEqual([3, 'error: there is no record at line 9; the nearest begins at line 3\n']);
  });
});
