import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pythonRule } from '../../../../test/python-rule.ts';
import type { Json, JsonObject } from '../../../base/json.ts';
import { createPythonEngine } from '../python-engine.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'dragoman-runtime-'));
const engine = createPythonEngine({ cacheFolder });
afterAll(async () => {
  await engine.close();
  rmSync(cacheFolder, { recursive: true });
}, 60_000);

let made = 0;

/** What `probe(event)` of the code gives for each event. */
async function probe(code: string, events: readonly JsonObject[] = [{}]): Promise<(Json | undefined)[]> {
  made += 1;
  const told = 'def rule(event): return True\ndef alert_context(event): return {"v": probe(event)}';
  const rule = pythonRule(`r${made}`, `${code}\n${told}\n`);
  const results = await engine.evaluate(
    [rule],
    events.map((event) => ({ event, logType: 'T' })),
  );
  return results.map((result) =>
    result.kind === 'matched'
      ? (result.outputs.alertContext['v'] ?? result.outputs.alertContext['_error'])
      : result.diagnostics[0]?.message,
  );
}

test('the cache keeps string sets, counters and dictionaries between events', async () => {
  const code = `
from panther_detection_helpers.caching import *
def probe(event):
    add_to_string_set("s", [event["n"]])
    increment_counter("c", 2)
    put_dictionary("d", {"n": event["n"]})
    found = [sorted(get_string_set("s")), get_counter("c"), get_dictionary("d"), sorted(get_string_set("none")), get_counter("none")]
    if event["n"] == "b":
        remove_from_string_set("s", "a")
        reset_counter("c")
        found += [sorted(get_string_set("s")), get_counter("c")]
    return found
`;
  expect(await probe(code, [{ n: 'a' }, { n: 'b' }])).toEqual([
    [['a'], 2, { n: 'a' }, [], 0],
    [['a', 'b'], 4, { n: 'b' }, [], 0, ['b'], 0],
  ]);
});

test('what is kept ends by the time of the events', async () => {
  const code = `
from panther_detection_helpers.caching import get_string_set, put_string_set
def probe(event):
    seen = bool(get_string_set("ttl"))
    if event.get("put"):
        put_string_set("ttl", "x", epoch_seconds=3600)
    return seen
`;
  const at = (time: string, put = false): JsonObject => ({ p_event_time: `2020-01-01 ${time}.000000000`, put });
  expect(await probe(code, [at('00:00:00', true), at('00:59:00'), at('01:00:00')])).toEqual([false, true, false]);
});

test.each([
  ['2021-01-01T00:00:00Z', '2021-01-01T00:00:00+00:00'],
  ['2021-01-01 10:11:12.123456789', '2021-01-01T10:11:12.123456'],
  ['Thu, 25 Sep 2003 10:49:41 -0300', '2003-09-25T10:49:41-03:00'],
  ['Fri May 26 20:14:51 UTC 2023', '2023-05-26T20:14:51+00:00'],
  ['10/25/2003', '2003-10-25T00:00:00'],
  ['25/10/2003 1:02 PM', '2003-10-25T13:02:00'],
  ['20030925T104941', '2003-09-25T10:49:41'],
  ['garbage', 'ParserError'],
  ['2023-13-45', 'ParserError'],
])('dateutil reads %s', async (text, expected) => {
  const code = `
from dateutil import parser
def probe(event):
    try:
        return parser.parse(event["t"]).isoformat()
    except parser.ParserError:
        return "ParserError"
`;
  expect(await probe(code, [{ t: text }])).toEqual([expected]);
});

test('policies that everybody is named in are open, unless a condition narrows them', async () => {
  const code =
    'from policyuniverse.policy import Policy\ndef probe(event): return Policy(event).is_internet_accessible()';
  const statement = (more: JsonObject): JsonObject => ({
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Principal: { AWS: '*' }, ...more }],
  });
  expect(
    await probe(code, [
      statement({}),
      statement({ Principal: '*' }),
      statement({ Effect: 'Deny' }),
      statement({ Principal: { AWS: 'arn:aws:iam::123456789012:root' } }),
      statement({ Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }),
      statement({ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }),
      statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    ]),
  ).toEqual([true, true, false, false, false, true, false]);
});

test('policyuniverse writes out wildcards and sums up what actions do', async () => {
  const expand =
    'from policyuniverse.expander_minimizer import expand_policy\ndef probe(event): return [s.get("Action") for s in expand_policy(event.to_dict())["Statement"]]';
  const [expanded] = await probe(expand, [
    {
      Statement: [
        { Effect: 'Allow', Action: ['sqs:Delete*', 'nothing:*', 'S3:PutObjectAcl'] },
        { Effect: 'Deny', Action: 'sqs:*' },
      ],
    },
  ]);
  expect(expanded).toEqual([['nothing:*', 's3:putobjectacl', 'sqs:deletemessage', 'sqs:deletequeue'], 'sqs:*']);
  const summary =
    'from policyuniverse.policy import Policy\ndef probe(event): return {k: sorted(v) for k, v in Policy(event).action_summary().items()}';
  expect(
    await probe(summary, [
      {
        Statement: {
          Effect: 'Allow',
          Action: ['kms:PutKeyPolicy', 'kms:DescribeKey', 'ec2:Nothing', 'sqs:AddPermission'],
        },
      },
    ]),
  ).toEqual([{ ec2: [], kms: ['Permissions', 'Read', 'Write'], sqs: ['Permissions', 'Write'] }]);
});

test('policyuniverse minimizes actions to prefixes that stand for nothing else', async () => {
  const minimize =
    'from policyuniverse.expander_minimizer import minimize_statement_actions\ndef probe(event): return minimize_statement_actions(event)';
  expect(
    await probe(minimize, [
      { Effect: 'Allow', Action: ['sqs:*'] },
      { Effect: 'Allow', Action: ['sqs:SendMessage'] },
      { Effect: 'Allow', Action: ['sqs:PurgeQueue', 'sqs:Delete*'] },
      { Effect: 'Allow', NotAction: ['sqs:*'] },
    ]).then((found) => found.map((each) => (Array.isArray(each) && each.length > 100 ? each.includes('sqs:*') : each))),
  ).toEqual([['sqs:*'], ['sqs:sen*'], ['sqs:d*', 'sqs:p*'], false]);
});

test('countries have their official names', async () => {
  const code =
    'import pycountry\ndef probe(event):\n    found = pycountry.countries.get(alpha_2=event["c"])\n    return found and found.name';
  expect(await probe(code, [{ c: 'ru' }, { c: 'DE' }, { c: 'XX' }])).toEqual([
    'Russian Federation',
    'Germany',
    undefined,
  ]);
});

test('libraries that cannot work here can be imported and refuse to be called', async () => {
  const code =
    'import requests\nfrom botocore.exceptions import NoCredentialsError\ndef probe(event): return requests.get("http://x")';
  const [found] = await probe(code);
  expect(found).toContain('requests.get() is not available: rules run without network access');
});
