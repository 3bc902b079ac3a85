import { isJsonObject, stringifyJson } from '../../src/base/json.ts';
import { readForeignForm } from '../../src/logs/decode/records/index.ts';
import { recognise } from '../../src/logs/registry.ts';
import { hold } from '../engine/target.ts';
import { forgetful } from './log-oracle.ts';
import { logTargetOf } from './log-target.ts';

const SENTINEL = '{"sentinel":true}';

/** Keys of what holds records in it, or is read as another form of record. */
const NOT_PLAIN =
  /records|Records|value|hits|_source|event|Events|logs|data|result|items|Message|message|_raw|full_log|CloudTrailEvent|entries|body|\\|__proto__|[eE.]|-0/;

export default logTargetOf({
  name: 'logs-json',
  about:
    'JSON: one a line, pretty-printed, arrays, envelopes of services; lines that are plain objects are read as JSON.parse reads them',
  seeds: [
    '{"a":"b"}\n{"a":[1,2,{"c":null}],"n":12345678901234567890}\n\n{"a":"b","a":"c"}\n',
    '{\n  "a": "b",\n  "c": {"d": [1,\n 2]}\n}\n{"e":1}\n',
    '[{"a":1},{"a":2},\n{"a":3}]\n',
    '{"records":[{"time":"2026-01-01T00:00:00Z","operationName":"MICROSOFT.X/Y/WRITE","category":"Administrative"},{"b":1}]}\n',
    '{"Records":[{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject"}]}{"Records":[{"a":1}]}\n',
    '{"value":[{"a":1}],"@odata.nextLink":"x"}\n{"hits":{"hits":[{"_source":{"a":"b"},"_index":"x"}]}}\n',
    '{"time":1,"sourcetype":"x","event":{"a":"b"}}\n{"EventId":"1","CloudTrailEvent":"{\\"eventName\\":\\"X\\"}"}\n',
    '{"a":\n{"b":nope}\n{"c":"\\u00e9\\ud83d\\ude00"}\nnot JSON\n{"d":1},\n{"e":1} {"f":2}\n',
    '{"Event":{"System":{"EventID":1,"Channel":"Security"},"EventData":{"Image":"x"}}}\n{"EventID":4688,"Message":"A\\n\\tb:\\tc"}\n',
    '{"MESSAGE":"x","__REALTIME_TIMESTAMP":"1600000000000000","_HOSTNAME":"h"}\n{"_raw":"<34>1 - h a - - - x"}\n',
  ],
  words: [
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u0000',
      '\\ud800',
      'true',
      'null',
      '1e999',
      '-0',
      '9007199254740993',
      '\n',
      '\r\n',
      '\t',
      '{"a":1}\n',
    ],
    ...[
      '"records":[',
      '"Records":[',
      '"value":[',
      '"hits":',
      '"_source":',
      '"event":',
      '"CloudTrailEvent":"{}"',
      '"_raw":',
      '"full_log":',
      '"MESSAGE":',
      '"Event":',
      '"__proto__":',
      '"constructor":',
    ],
  ],
  planted: forgetful(/[^\\]\\$/),
  also(input, whole, functions) {
    if (input.includes(0)) return;
    const places = whole.events.map(({ source }) => source.line);
    // Events of auditd wait for their last record; nothing else does.
    const isInOrder = input.includes('audit(') || places.every((line, at) => line >= (places[at - 1] ?? 0));
    hold(isInOrder, () => `records of lines ${places.join(', ')}`);
    // What stands before is read, whatever comes.
    const behind = functions.decoder('log');
    behind.push(Buffer.concat([Buffer.from(`${SENTINEL}\n`), input]));
    behind.end();
    const [first] = behind.take().events;
    hold(first !== undefined && stringifyJson(first.event) === SENTINEL, 'the record before it is lost');
    const lines = input
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const plain = lines.map(plainRecord);
    if (plain.includes(undefined)) return;
    hold(
      whole.events.length === lines.length,
      `${whole.events.length} records of ${lines.length} lines of plain objects`,
    );
    for (const [at, { event }] of whole.events.entries()) {
      hold(stringifyJson(event) === plain[at], () => `${lines[at]} is read as ${stringifyJson(event)}`);
    }
  },
});

/** A line that is an object for JSON.parse and nothing special for us, as JSON; undefined where it is any other. */
function plainRecord(line: string): string | undefined {
  if (!line.startsWith('{') || line.includes('\ufffd') || NOT_PLAIN.test(line) || /\d{15}/.test(line)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(parsed as never)) return undefined;
  const record = parsed as Parameters<typeof readForeignForm>[0];
  if (readForeignForm(record) !== undefined || recognise(record).type.declared) return undefined;
  return depthOf(record) > 500 ? undefined : JSON.stringify(record);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).slice(0, 1_000).map(depthOf));
}
