import { expect, test } from 'vitest';
import { LogDecoder } from '../decoder.ts';

function read(text: string): readonly (readonly [line: number, message: unknown])[] {
  const decoder = new LogDecoder('a.log', undefined, true);
  for (const character of text) decoder.push(Buffer.from(character));
  decoder.end();
  return decoder.take().events.map(({ event, source }) => [source.line, event['message'] ?? event]);
}

test('lines of no known form are records of their text', () => {
  expect(read('one\ntwo\n\n[02/Mar/2026 10:00:00] "GET /x"\n')).toEqual([
    [1, 'one'],
    [2, 'two'],
    [4, '[02/Mar/2026 10:00:00] "GET /x"'],
  ]);
});

test('a stack trace belongs to the line before it', () => {
  const java =
    'ERROR failed\njava.lang.X: y\n\tat a.B.c(B.java:1)\n\t... 3 more\nCaused by: java.lang.Z\n\tat a.B.d(B.java:2)';
  expect(read(`${java}\nINFO next`)).toEqual([
    [1, 'ERROR failed'],
    [2, java.slice(java.indexOf('\n') + 1)],
    [7, 'INFO next'],
  ]);
  const python =
    'boom\nTraceback (most recent call last):\n  File "a.py", line 1\n    exec(x)\nSyntaxError: invalid syntax';
  expect(read(`${python}\nnext: line\n`)).toEqual([
    [1, python],
    [6, 'next: line'],
  ]);
});

test('lines of known forms stay what they are, and broken JSON is damage', () => {
  const decoder = new LogDecoder('a.log', undefined, true);
  decoder.push(Buffer.from('hello\n{"a":1}\n{"a":\nCEF:0|v|p|1|2|n|3|src=10.0.0.1\nworld\n'));
  decoder.end();
  const { events, undecodable } = decoder.take();
  expect(events.map(({ event }) => Object.keys(event)[0])).toEqual(['message', 'a', 'cef', 'message']);
  expect(undecodable).toBe(1);
});
