import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringifyJson } from '../../base/json.ts';
import { LogDecoder } from './decoder.ts';
import { decodeText } from './index.ts';

/** Places and records that were read of a text, then the codes of what was not. */
function decoded(text: string): string[] {
  const { events, diagnostics } = decodeText(text, 'x');
  return [
    ...events.map(({ event, source: { line, record } }) => {
      return `${line}${record === undefined ? '' : `.${record}`}: ${stringifyJson(event)}`;
    }),
    ...diagnostics.map(({ code, params }) => `${code}@${params['line']}`),
  ];
}

/** The values of `n` that were read of a text, and how many things were not. */
function numbers(text: string | Uint8Array): { readonly read: unknown[]; readonly lost: number } {
  const { events, undecodable } = decodeText(text, 'x');
  return { read: events.map(({ event }) => event['n']), lost: undecodable };
}

const DEEP = `{"n":3,"a":${'['.repeat(1500)}${']'.repeat(1500)}}`;

/** Records that are none, as the third of four. */
const BAD: readonly (readonly [what: string, text: string])[] = [
  ['a word that is none', '{"n":3,"a":nope}'],
  ['two values without a comma', '{"n":3 "a":1}'],
  ['a word where a key belongs', '{"n":3,oops}'],
  ['brackets that do not fit', '{"n":3,"a":[1}'],
  ['a control character in a text', '{"n":3,"a":"\u0001"}'],
  ['too deep', DEEP],
  ['broken, with objects inside', '{"n":3,"a":[{"n":31},{"n":32}] "b":1}'],
  ['cut inside of a text', '{"n":3,"a":"tr'],
  ['cut inside of an object', '{"n":3,"a":{"b":1'],
  ['cut behind a colon', '{"n":3,"a":'],
  ['no record', '3'],
];

const AROUND: readonly (readonly [string, (list: string) => string])[] = [
  ['an array', (list) => `[${list}]`],
  ['records', (list) => `{"records":[${list}]}`],
  ['Records', (list) => `{"Records":[${list}]}`],
  ['a page of an answer', (list) => `{"@odata.context":"c","value":[${list}],"nextLink":"l"}`],
  ['an envelope in an array', (list) => `[{"n":0},{"Records":[${list}]},{"n":5}]`],
];

describe('one bad record', () => {
  it.each(AROUND.flatMap(([around, put]) => BAD.map(([what, text]) => [what, around, text, put] as const)))(
    '%s costs itself in %s',
    (_what, around, text, put) => {
      const line = put(`{"n":1},{"n":2},${text},{"n":4}`);
      const { read, lost } = numbers(`${line}\n{"n":9}\n`);
      const outer = around === 'an envelope in an array' ? [0, 1, 2, 4, 5] : [1, 2, 4];
      expect(read).toEqual([...outer, 9]);
      expect(lost).toBeGreaterThan(0);
    },
  );

  it('in what services answer', () => {
    const bad = '{"_index":"i","_source":{"n":nope}}';
    const hit = (n: number): string => `{"_index":"i","_source":{"n":${n}}}`;
    const answer = `{"took":1,"hits":{"total":{"value":3},"hits":[${hit(1)},${bad},${hit(2)}],"max_score":null}}`;
    expect(numbers(answer)).toEqual({ read: [1, 2], lost: 1 });
    expect(numbers(answer.replace(bad, '{"_index":"i"}'))).toEqual({ read: [1, 2], lost: 1 });
    const rows = (row: string): string =>
      `{"tables":[{"name":"P","columns":[{"name":"n","type":"int"}],"rows":[[1],${row},[2]]}]}`;
    expect(numbers(rows('[oops]'))).toEqual({ read: [1, 2], lost: 1 });
    expect(numbers(rows('[1,2]'))).toEqual({ read: [1, 2], lost: 1 });
    const logEvents = '{"id":"1","message":"{\\"n\\":1}"},{"id":oops},{"id":"2","message":"{\\"n\\":2}"}';
    expect(numbers(`{"messageType":"D","logGroup":"g","logEvents":[${logEvents}]}`)).toEqual({ read: [1, 2], lost: 1 });
    const events = (n: string): string => `{"EventId":"e","CloudTrailEvent":"{\\"n\\":${n}}"}`;
    expect(numbers(`{"Events":[${events('1')},{"EventId":nope},${events('2')}]}`)).toEqual({ read: [1, 2], lost: 1 });
    expect(numbers(`{"schema":[],"results":[{"n":1},{"n":nope},{"n":2}]}`)).toEqual({ read: [1, 2], lost: 1 });
  });

  it('says where the others are', () => {
    expect(decoded('{"Records":[{"n":1},{"n":nope},{"n":3}]}')).toEqual([
      '1.0: {"n":1}',
      '1.2: {"n":3}',
      'logs/not-json@1',
    ]);
    const pretty =
      '{\n  "Records": [\n    {\n      "n": 1\n    },\n    {\n      "n": nope\n    },\n    {\n      "n": 3\n    }\n  ]\n}\n';
    expect(decoded(`${pretty}{"n":4}`)).toEqual(['3.0: {"n":1}', '9.2: {"n":3}', '14: {"n":4}', 'logs/not-json@6']);
  });

  it('at the end of a file that was cut off', () => {
    expect(numbers('{"Records":[{"n":1},{"n":2},{"n":')).toEqual({ read: [1, 2], lost: 1 });
    expect(numbers('{"Records":[{"n":1},{"n":2}')).toEqual({ read: [1, 2], lost: 1 });
    expect(numbers('{"Records":[{"n":1},{"n":2}]')).toEqual({ read: [1, 2], lost: 0 });
    expect(numbers('{"Records":[{"n":1},{"n":\n{"Records":[{"n":3}]}\n{"n":4}')).toEqual({ read: [1, 3, 4], lost: 1 });
  });

  it('makes no records of a record', () => {
    expect(numbers('{"records":[{"n":1}],"query":nope}\n{"n":2}')).toEqual({ read: [2], lost: 1 });
    expect(numbers('{"n":1,"records":[{"n":2},oops]}\n{"n":3}')).toEqual({ read: [3], lost: 1 });
    expect(decoded('{"records":[1,2]}')).toEqual(['1: {"records":[1,2]}']);
  });
});

describe('a block of NULs', () => {
  const block = '\0'.repeat(100_000);
  it.each([
    ['on a line of its own', `{"n":1}\n${block}\n{"n":2}\n`],
    ['at the start, as truncation in place leaves it', `${block}{"n":1}\n{"n":2}\n`],
    ['at the end', `{"n":1}\n{"n":2}\n${block}`],
    ['behind a record', `{"n":1}${block}{"n":2}\n`],
    ['between the elements of an array', `[{"n":1},${block}{"n":2}]`],
    ['short', '{"n":1}\n\0\0\0\0{"n":2}\n'],
  ])('%s is one undecodable line', (_, text) => {
    expect(numbers(text)).toEqual({ read: [1, 2], lost: 1 });
  });

  it.each([
    ['behind a record that was cut', `{"n":1}\n{"a":"cu${block}{"n":2}\n`],
    ['behind an element that was cut', `[{"n":1},{"n":"cu${block}{"n":2}]`],
  ])('%s costs that record, too', (_, text) => {
    expect(numbers(text)).toEqual({ read: [1, 2], lost: 2 });
  });

  it('behind a record that was cut over two lines costs these lines, too', () => {
    expect(numbers(`{"n":1}\n{\n  "a": {${block}{"n":2}\n`)).toEqual({ read: [1, 2], lost: 3 });
  });

  it('is said', () => {
    expect(decodeText(`{"n":1}\n${block}\n`, 'x').diagnostics).toMatchObject([
      { code: 'logs/not-json', params: { line: 2, reason: 'a block of NUL bytes' } },
    ]);
  });

  it('is not held in memory', { tags: 'large' }, () => {
    const decoder = new LogDecoder('x');
    const piece = Buffer.alloc(8 << 20);
    for (let size = 0; size < 128 << 20; size += piece.length) decoder.push(piece);
    decoder.push(Buffer.from('{"n":1}\n'));
    decoder.end();
    const { events, undecodable } = decoder.take();
    expect(events.map(({ event }) => event['n'])).toEqual([1]);
    expect(undecodable).toBe(1);
  });
});

describe('garbage', () => {
  it('in the middle of a file costs its lines', () => {
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 251));
    const { read } = numbers(Buffer.concat([Buffer.from('{"n":1}\n'), bytes, Buffer.from('\n{"n":2}\n')]));
    expect(read).toEqual([1, 2]);
  });
});

describe('any damage', () => {
  const list = Array.from({ length: 6 }, (_, n) => `{"n":${n},"a":{"b":["x",{"n":${n}}]}}`);
  const texts = fc.constantFrom(
    `[${list.join(',')}]`,
    `{"Records":[${list.join(', ')}]}`,
    `[\n${list.join(',\n')}\n]\n`,
  );
  const damage = fc.record({
    at: fc.nat(),
    drop: fc.nat({ max: 12 }),
    put: fc.constantFrom('', '"', '{', '}', ']', ',', '\0\0\0\0', 'x'),
  });

  it('gives the same records wherever the text is cut', () => {
    fc.assert(
      fc.property(texts, fc.array(damage, { maxLength: 3 }), fc.integer({ min: 1, max: 30 }), (text, damages, size) => {
        const bytes = Buffer.from(
          damages
            .reduce((all, { at, drop, put }) => {
              const place = at % (all.length + 1);
              return all.slice(0, place) + put + all.slice(place + drop);
            }, `{"q":1}\n${text}`)
            .padEnd(5000, '\n'),
        );
        const whole = decodeText(bytes, 'x');
        const decoder = new LogDecoder('x');
        for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));
        decoder.end();
        const pieces = decoder.take();
        expect(pieces.events).toEqual(whole.events);
        expect(pieces.undecodable).toBe(whole.undecodable);
      }),
    );
  });
});
