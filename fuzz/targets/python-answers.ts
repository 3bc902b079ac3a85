import { frame } from '../../src/engines/python/sandbox/messages.ts';

const outputs = {
  title: 't',
  description: '',
  reference: '',
  severity: 'LOW',
  runbook: '',
  destinations: null,
  dedup: 'd',
  alertContext: '{"n":12345678901234567890}',
};
const error = { kind: 'exception', type: 'E', text: 'e', frames: [{ file: 'f', line: 1, function: 'g' }] };

/** Answers of each kind in their right form. */
export const ANSWERS: readonly string[] = [
  '',
  `0 ${JSON.stringify({ outputs, problems: [error] })}\n1 ${JSON.stringify({ error })}\n`,
  JSON.stringify(error),
  JSON.stringify({
    output: true,
    outputs: { ...outputs, destinations: ['a', true], unique: 'u' },
    problems: [],
    returned: 3,
  }),
  JSON.stringify({
    output: false,
    reads: [{ field: 'a', value: 1 }],
    calls: [{ function: 'f', file: 'g', line: 1, calledAt: 2, depth: 0, value: [] }],
    steps: [['f', 1]],
    truncated: false,
  }),
  JSON.stringify([{ function: 'rule', line: 1, lines: [1, 2], missed: [3] }]),
  'builtins.len was changed\u001b[31m',
];

/** Messages as the process sends them. */
export function framed(...messages: readonly object[]): Buffer {
  return Buffer.concat(messages.map((message) => frame(JSON.stringify(message))));
}
