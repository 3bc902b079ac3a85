import { InvalidAnswer, type Method, readAnswer } from '../../src/engines/python/answers.ts';
import { FrameReader, frame, MOST_REPLY_BYTES, readReply } from '../../src/engines/python/sandbox/messages.ts';
import { hold } from '../engine/target.ts';
import type { Mutator } from '../mutate/mutator.ts';
import { holdSame, steers } from './oracles.ts';
import { ANSWERS, framed } from './python-answers.ts';
import { targetOf } from './target-of.ts';

const ASKED = ['{}', 'T', '[3,4]'];
const METHODS = Object.keys(readAnswer) as Method[];

/** A message with its right length before it. */
const reframe: Mutator = (input) => frame(input.subarray(4).toString('utf8'));

export default targetOf({
  name: 'python-messages',
  about:
    'what the process of Python says: frames in any pieces, replies of known forms, answers that are read or refused',
  seeds: [
    ...ANSWERS.map((answer) => framed({ kind: 'answers', call: 1, answers: [answer], more: false })),
    framed({ kind: 'ready', snapshot: false }, { kind: 'answers', call: 1, answers: ['', '', ''], more: true }),
    framed({ kind: 'broken', reason: 'x\u001b[31m' }),
    framed({ kind: 'failed', call: 2, reason: 'y' }),
  ],
  words: [
    '"kind":',
    '"answers"',
    '"ready"',
    '"failed"',
    '"broken"',
    '"call":1',
    '"more":true',
    '"error":',
    '"outputs":',
    '"problems":[]',
    '"frames":',
    '"alertContext":"{}"',
    '"destinations":null',
    '"__proto__":',
    'null',
    '[]',
    '{}',
    '\\u001b',
    '1e999',
    '"exception"',
    '0 ',
    '\\n',
  ],
  mutators: [reframe],
  functions: { readReply, readAnswer },
  // A reason is taken as it comes.
  planted: (own) => ({
    ...own,
    readReply: (text) => {
      const reply = own.readReply(text);
      if (reply?.kind !== 'failed' && reply?.kind !== 'broken') return reply;
      return { ...reply, reason: String(JSON.parse(text).reason) };
    },
  }),
  check(input, { readReply, readAnswer }) {
    const whole = framesIn(input, [input.length]);
    for (const sizes of [[1], [3, 1, 50]])
      holdSame(framesIn(input, sizes), whole, `the messages in pieces of ${sizes.join(', ')}`);
    // The last one stands for what its length hides when it is wrong.
    for (const message of [...whole.map((text) => text ?? ''), input.subarray(4).toString('utf8')]) {
      const reply = readReply(message);
      if (reply === undefined) continue;
      switch (reply.kind) {
        case 'ready':
          hold(typeof reply.snapshot === 'boolean', 'ready, and no word of a snapshot');
          break;
        case 'broken':
          hold(!steers(reply.reason), 'a reason steers a terminal');
          break;
        case 'failed':
          hold(typeof reply.call === 'number' && !steers(reply.reason), 'failed in no known call');
          break;
        case 'answers':
          hold(typeof reply.call === 'number', 'answers to no call');
          for (const answer of reply.answers) for (const method of METHODS) holdAnswer(readAnswer, method, answer);
          break;
      }
    }
  },
});

/** The messages of bytes that come in pieces; undefined ends them: one is too long. */
function framesIn(input: Buffer, sizes: readonly number[]): (string | undefined)[] {
  const reader = new FrameReader();
  const found: (string | undefined)[] = [];
  for (let at = 0, turn = 0; at < input.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    for (const message of reader.add(input.subarray(at, at + size))) {
      found.push(message?.toString('utf8'));
      if (message === undefined) return found;
      hold(message.length <= MOST_REPLY_BYTES, 'a message longer than allowed');
    }
    at += size;
  }
  return found;
}

function holdAnswer(read: typeof readAnswer, method: Method, text: string): void {
  try {
    const answer: unknown = read[method](text, ASKED);
    if (method === 'run') {
      for (const { index, problems } of answer as ReturnType<(typeof read)['run']>) {
        hold(index === 3 || index === 4, `an answer of rule ${index}, which was not asked for`);
        hold(Array.isArray(problems), 'an answer without problems');
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof InvalidAnswer)) throw thrown;
  }
}
