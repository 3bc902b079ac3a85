import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader, frame, readReply, told } from './messages.ts';

function readAll(reader: FrameReader, pieces: readonly Uint8Array[]): (string | undefined)[] {
  return pieces.flatMap((piece) => [...reader.add(Buffer.from(piece))].map((message) => message?.toString('utf8')));
}

/** The bytes in pieces that end at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set([...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

describe('messages', () => {
  test('come out as they went in, in whatever pieces they arrive', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(texts, fc.array(fc.nat()), (sent, places) => {
        const bytes = Buffer.concat(sent.map(frame));
        expect(readAll(new FrameReader(), cut(bytes, places))).toEqual(sent);
      }),
    );
  });

  test('one that is too long is told before it is there', () => {
    const reader = new FrameReader();
    reader.allow(10);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(11);
    expect([...reader.add(head)]).toEqual([undefined]);
  });
});

describe('replies', () => {
  test('have one of the known forms, or are none', () => {
    expect(readReply('{"kind":"ready","snapshot":true,"more":1}')).toEqual({ kind: 'ready', snapshot: true });
    expect(readReply('{"kind":"answers","call":3,"answers":["a"],"more":false}')).toEqual({
      kind: 'answers',
      call: 3,
      answers: ['a'],
      more: false,
    });
    for (const text of [
      '',
      'null',
      '[]',
      '{"kind":"done"}',
      '{"kind":"answers","call":"3","answers":["a"],"more":false}',
      '{"kind":"answers","call":3,"answers":[1],"more":false}',
      '{"kind":"answers","call":3,"answers":["a"]}',
      '{"kind":"failed","call":3}',
      '{"__proto__":{"kind":"ready","snapshot":true}}',
    ]) {
      expect(readReply(text), text).toBeUndefined();
    }
  });

  test('anything may be sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const reply = readReply(text);
        expect(reply === undefined || typeof reply.kind === 'string').toBe(true);
      }),
    );
  });

  test('steer no terminal', () => {
    expect(told('a\u001b]0;t\u0007b\u009bc\r\nd')).toBe('a]0;tbc\nd');
  });
});
