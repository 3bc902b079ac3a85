import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidAnswer, type Method, readAnswer } from './answers.ts';

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
const asked = ['{}', 'T', '[3,4]'];

describe('answers', () => {
  test('of rules are a line each', () => {
    const text = `0 ${JSON.stringify({ outputs, problems: [error] })}\n1 ${JSON.stringify({ error })}\n`;
    expect(readAnswer.run(text, asked)).toEqual([
      { index: 3, outputs: { ...outputs, alertContext: { n: 12345678901234567890n } }, problems: [error] },
      { index: 4, error, problems: [] },
    ]);
    expect(readAnswer.run('', asked)).toEqual([]);
  });

  test.each([
    ['of a rule that was not asked for', '2', { outputs, problems: [] }],
    ['of no rule', '', { outputs, problems: [] }],
    ['of a place before the first', '-1', { outputs, problems: [] }],
    ['without a title', '0', { outputs: { ...outputs, title: 1 }, problems: [] }],
    ['with a context that is no object', '0', { outputs: { ...outputs, alertContext: '[]' }, problems: [] }],
    ['with a context that is no JSON', '0', { outputs: { ...outputs, alertContext: '{' }, problems: [] }],
    ['with destinations of numbers', '0', { outputs: { ...outputs, destinations: [1] }, problems: [] }],
    ['with an unknown kind of error', '0', { error: { ...error, kind: 'constructor' } }],
    ['with a frame that is none', '0', { error: { ...error, frames: [1] } }],
    ['of nothing', '0', {}],
    ['that is no object', '0', [3]],
  ])('%s are none', (_, place, forged) => {
    expect(() => readAnswer.run(`${place} ${JSON.stringify(forged)}`, asked)).toThrow(InvalidAnswer);
  });

  test('a context that is nested deeper than records may be says so', () => {
    const deep = `{"a":${'['.repeat(1100)}${']'.repeat(1100)}}`;
    const text = `0 ${JSON.stringify({ outputs: { ...outputs, alertContext: deep }, problems: [] })}`;
    const [answer] = readAnswer.run(text, asked);
    expect(answer?.outputs?.alertContext).toEqual({ _error: expect.stringContaining('nested deeper') });
  });

  test('whatever is said in place of one, it is read or refused', () => {
    const methods = Object.keys(readAnswer) as Method[];
    fc.assert(
      fc.property(fc.constantFrom(...methods), fc.oneof(fc.string(), fc.json()), (method, text) => {
        try {
          readAnswer[method](text, asked);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(InvalidAnswer);
        }
      }),
    );
  });
});
