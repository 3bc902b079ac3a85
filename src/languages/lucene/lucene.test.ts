import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain } from '../../../test/plain-records.ts';
import type { JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePipeline, rowOf } from '../../engines/memory/index.ts';
import { KuerySearch } from '../../formats/elastic/field-search.ts';
import { bind } from '../../passes/bind.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { lowerLucene, parseLucene } from './index.ts';

function fits(text: string, event: JsonObject): boolean {
  const { query, diagnostics } = parseLucene(sourceText('<query>', text));
  const search = new KuerySearch(ecsSchema);
  const condition = lowerLucene(query, search);
  const wrong = [...diagnostics, ...search.diagnostics].filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('; '));
  const plan = bind(
    { kind: 'where', input: { kind: 'source', schema: 'ecs', scope: null }, predicate: condition },
    plain,
  );
  return compilePipeline(plan, { now: fromEpochMs(0) })(rowOf(event)).length === 1;
}

const event: JsonObject = {
  event: { action: 'user-login', outcome: 'success' },
  message: 'The quick brown fox',
  process: { name: 'cmd.exe', pid: 42, command_line: 'cmd.exe /c whoami' },
  source: { ip: '10.1.2.3' },
  '@timestamp': '2024-03-05T10:00:00Z',
};

test.each<[string, boolean]>([
  ['event.action:user-login', true],
  ['event.action:(user-login OR logout)', true],
  ['event.outcome:success AND process.name:cmd.exe', true],
  ['event.outcome:success AND NOT process.name:cmd.exe', false],
  ['+event.outcome:success -process.name:powershell.exe', true],
  ['event.outcome:failure process.name:cmd.exe', true],
  // What is optional decides nothing beside what is required: AND has no precedence over OR.
  ['event.outcome:failure OR process.name:cmd.exe AND event.action:user-login', true],
  ['event.outcome:failure AND process.name:cmd.exe OR event.action:user-login', false],
  ['event.outcome:success && !process.name:x', true],
  ['event.outcome:failure || process.pid:42', true],
  ['NOT event.outcome:failure', true],
  ['message:"quick brown"', true],
  ['message:"brown quick"', false],
  ['message:QUICK', true],
  ['process.name:cm?.e*', true],
  ['process.name:CMD.exe', false],
  ['process.pid:[40 TO 50]', true],
  ['process.pid:{42 TO 50]', false],
  ['process.pid:>=42', true],
  ['process.pid:(>40 AND <42)', false],
  ['process.pid:[* TO 41]', false],
  ['process.pid:[* TO *]', true],
  ['@timestamp:[2024-03-05 TO 2024-03-05]', true],
  ['source.ip:"10.0.0.0/8"', true],
  ['source.ip:[10.1.0.0 TO 10.1.255.255]', true],
  ['process.name:/cmd\\.[a-z]+/', true],
  ['process.name:/cmd/', false],
  ['_exists_:process.pid', true],
  ['_exists_:user.name', false],
  ['process.pid:*', true],
  ['*:*', true],
  ['process.*:42', true],
  ['event.action:user\\-login^2', true],
  ['fox', true],
  // Words side by side are one value of a keyword, any word of a text, and one by one what other types have.
  ['process.command_line:(cmd.exe \\/c whoami)', true],
  ['process.command_line:(cmd.exe whoami)', false],
  ['event.action:(user-login logout)', false],
  ['event.action:(user-login OR logout)', true],
  ['event.action:(logout user-login*)', true],
  ['message:(slow fox)', true],
  ['process.pid:(41 42)', true],
  ['slow fox', true],
  ['slow NOT fox', false],
  ['process.command_line:cmd.exe\\ \\/c\\ whoami', true],
])('%s', (text, expected) => {
  expect(fits(text, event)).toBe(expected);
});

test.each([
  ['a:(b', 'expected `)`'],
  ['a:"b', 'this phrase is never closed'],
  ['a:/b', 'this regular expression is never closed'],
  ['a:[1 2]', 'expected TO'],
  ['a AND', 'expected a word'],
  ['a:', 'expected a value'],
  ['a:b~2', '`~`'],
  ['process.name:/a(/', 'cannot be run'],
  [')', 'expected a word'],
])('%s is refused', (text, message) => {
  expect(() => fits(text, event)).toThrow(message);
});

test('every text is read to its end', () => {
  const parts = fc.constantFrom(
    'a',
    ':',
    '(',
    ')',
    '"',
    'AND',
    ' ',
    '\\',
    '[',
    ' TO ',
    ']',
    '/',
    '*',
    '~',
    '^2',
    '-',
    '>',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (list) => {
      const text = list.join('');
      const { query } = parseLucene(sourceText('<query>', text));
      lowerLucene(query, new KuerySearch(ecsSchema));
    }),
  );
});
