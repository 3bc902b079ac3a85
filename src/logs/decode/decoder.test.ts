import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodedBatch, MAX_REPORTED } from './batch.ts';
import { LogDecoder } from './decoder.ts';
import { decodeText } from './index.ts';
import { MAX_RECORD } from './text/text-cursor.ts';
import { SNIFFED_BYTES } from './text/text-segments.ts';

/** `line[.record]: body` of each record, then `code@line` of each diagnostic. */
function shown(batch: DecodedBatch): string[] {
  const records = batch.events.map(({ event, source }) => {
    const place = source.record === undefined ? '' : `.${source.record}`;
    return `${source.line}${place}: ${JSON.stringify(event, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))}`;
  });
  return [...records, ...batch.diagnostics.map((found) => `${found.code}@${found.params['line']}`)];
}

function decoded(text: string | Uint8Array): string[] {
  return shown(decodeText(text, 'log'));
}

function inPieces(bytes: Uint8Array, size: number, head: Uint8Array): string[] {
  const decoder = new LogDecoder('log');
  const all: DecodedBatch[] = [];
  decoder.push(head);
  for (let at = 0; at < bytes.length; at += size) {
    decoder.push(bytes.subarray(at, at + size));
    all.push(decoder.take());
  }
  decoder.end();
  all.push(decoder.take());
  const sum = (of: (batch: DecodedBatch) => number): number => all.reduce((total, batch) => total + of(batch), 0);
  return shown({
    file: 'log',
    events: all.flatMap((batch) => batch.events),
    diagnostics: all.flatMap((batch) => batch.diagnostics),
    lines: 0,
    blank: 0,
    undecodable: 0,
    quiet: 0,
  }).concat(
    `${sum((batch) => batch.lines)} lines, ${sum((batch) => batch.blank)} blank, ${sum((batch) => batch.undecodable)} bad`,
  );
}

it('keeps nothing of memory that its caller uses again', () => {
  const bytes = Buffer.from(`{"a":"${'\u8a18'.repeat(3_000)}"}\n{"a":"b"}\n`);
  const decoder = new LogDecoder('log');
  // The first piece tells what the file is; the second is the middle of a text, without a byte of ASCII.
  for (const [from, to] of [
    [0, 5_000],
    [5_000, 7_000],
    [7_000, bytes.length],
  ]) {
    const memory = Uint8Array.from(bytes.subarray(from, to));
    decoder.push(memory);
    memory.fill(0x41);
  }
  decoder.end();
  expect(decoder.take().events.map(({ event }) => event['a'])).toEqual(['\u8a18'.repeat(3_000), 'b']);
});

describe('JSON lines', () => {
  it('are read with CRLF, a byte order mark, blank lines and without a last line feed', () => {
    const batch = decodeText('\ufeff{"a":1}\r\n\r\n   \n  {"b":2}\t\n{"c":3}', 'log');
    expect(shown(batch)).toEqual(['1: {"a":1}', '4: {"b":2}', '5: {"c":3}']);
    expect(batch).toMatchObject({ lines: 5, blank: 2, undecodable: 0 });
  });

  it('keep the digits of big whole numbers', () => {
    expect(decoded('{"id":9007199254740993,"t":"9007199254740993"}')).toEqual([
      '1: {"id":"9007199254740993n","t":"9007199254740993"}',
    ]);
  });

  it('keep `__proto__` a key', () => {
    for (const text of ['{"__proto__":{"a":1}}', '{"__proto__":{"a":90071992547409931}}']) {
      const event = decodeText(text, 'log').events[0]?.event ?? {};
      expect(Object.keys(event)).toEqual(['__proto__']);
      expect(event['a']).toBeUndefined();
    }
  });

  it('that are broken are reported one by one, and the records around them are read', () => {
    const text = '{"a":1}\n{"b":\n{"c":3}\nnot json\n{"d":"x\n{"e":5}\n{"f":[1,\n{"g":7}\n{"h":tru}\n{"i":9}';
    expect(decoded(text)).toEqual([
      '1: {"a":1}',
      '3: {"c":3}',
      '6: {"e":5}',
      '8: {"g":7}',
      '10: {"i":9}',
      'logs/not-json@2',
      'logs/not-json@4',
      'logs/not-json@5',
      'logs/not-json@7',
      'logs/not-json@9',
    ]);
  });

  it('that are other values than objects are reported', () => {
    expect(decoded('1\n"x"\nnull\n{"a":1}\n')).toEqual([
      '4: {"a":1}',
      'logs/not-an-object@1',
      'logs/not-an-object@2',
      'logs/not-an-object@3',
    ]);
  });

  it('are reported up to a number, and all counted', () => {
    const batch = decodeText('bad\n'.repeat(1000), 'log');
    expect(batch.undecodable).toBe(1000);
    expect(batch.diagnostics).toHaveLength(MAX_REPORTED + 1);
    expect(batch.diagnostics.at(-1)?.params).toEqual({ file: 'log', count: 1000 - MAX_REPORTED });
  });

  it('may hold several values', () => {
    expect(decoded('{"a":1}{"b":2} {"c":3}\n{"d":4},\n{"e":5} rest\n')).toEqual([
      '1: {"a":1}',
      '1.1: {"b":2}',
      '1.2: {"c":3}',
      '2: {"d":4}',
      '3: {"e":5}',
      'logs/not-json@3',
    ]);
  });
});

describe('values over many lines', () => {
  it('are records at their first line', () => {
    const pretty = JSON.stringify({ a: { b: [1, 2] } }, null, 2);
    expect(decoded(`${pretty}\n\n${pretty}${pretty}\n`)).toEqual([
      '1: {"a":{"b":[1,2]}}',
      '10: {"a":{"b":[1,2]}}',
      expect.stringMatching(/^17\S*: /),
    ]);
  });

  it('that break off are one diagnostic, and the next value is read', () => {
    const broken = '{\n  "a": 1,\n  "b": {\n    "c": 2,\n  }\n}\n';
    const batch = decodeText(`${broken}{\n  "d": 4\n}\n`, 'log');
    expect(shown(batch)).toEqual(['7: {"d":4}', 'logs/not-json@1']);
    expect(batch.undecodable).toBe(6);
    expect(decoded('{\n  "a": 1,\n  "b"')).toEqual(['logs/not-json@1']);
  });
});

describe('arrays', () => {
  const records = [{ a: 1 }, { a: 2 }, { a: 3 }];

  it('give their elements, on one line, one a line, or pretty-printed', () => {
    expect(decoded(JSON.stringify(records))).toEqual(['1.0: {"a":1}', '1.1: {"a":2}', '1.2: {"a":3}']);
    expect(decoded('[\n{"a":1},\n{"a":2}\n]\n')).toEqual(['2.0: {"a":1}', '3.1: {"a":2}']);
    expect(decoded(JSON.stringify(records, null, 2))).toEqual(['2.0: {"a":1}', '5.1: {"a":2}', '8.2: {"a":3}']);
    expect(decoded('[]\n[{"a":1}]\n[{"a":2},{"a":3}]')).toEqual(['2.0: {"a":1}', '3.0: {"a":2}', '3.1: {"a":3}']);
  });

  it('report elements that are no objects, and go on after broken ones', () => {
    expect(decoded('[1x, {"a":1}]\n')).toEqual(['logs/not-json@1']);
    expect(decoded('[{"a":1}, 2, [3], {"a":4}]')).toEqual([
      '1.0: {"a":1}',
      '1.3: {"a":4}',
      'logs/not-an-object@1',
      'logs/not-an-object@1',
    ]);
    expect(decoded('[\n{"a":1},\n{"a":oops 2},\n{"a":3}\n]\n{"a":4}\n')).toEqual([
      '2.0: {"a":1}',
      '4.2: {"a":3}',
      '6: {"a":4}',
      'logs/not-json@3',
    ]);
  });

  it('that are cut short give what is whole', () => {
    expect(decoded('[\n  {\n    "a": 1\n  },\n  {\n    "a": ')).toEqual(['2.0: {"a":1}', 'logs/not-json@5']);
    expect(decoded('[{"a":1},{"a":\n[{"b":1}]\n')).toEqual(['1.0: {"a":1}', '2.0: {"b":1}', 'logs/not-json@1']);
    expect(decoded('[{"a":1},')).toEqual(['1.0: {"a":1}', 'logs/not-json@1']);
  });

  it('are not seen in lines of text that begin with a bracket', () => {
    const batch = decodeText('[2024-01-01 10:00:00] INFO up\n[warn] x\n{"a":1}\n', 'log');
    expect(shown(batch)).toEqual(['3: {"a":1}', 'logs/not-json@1', 'logs/not-json@2']);
    expect(batch.undecodable).toBe(2);
  });
});

describe('envelopes', () => {
  it('give their records', () => {
    expect(decoded('{"records":[{"a":1},{"a":2}]}\n{"Records":[{"a":3}]}\n')).toEqual([
      '1.0: {"a":1}',
      '1.1: {"a":2}',
      '2.0: {"a":3}',
    ]);
    expect(decoded(JSON.stringify({ records: [{ a: { b: [{}] } }, { a: 2 }] }, null, 1))).toEqual([
      '3.0: {"a":{"b":[{}]}}',
      '10.1: {"a":2}',
    ]);
    expect(decoded('[{"records":[{"a":1},{"a":2}]},{"a":3}]')).toEqual([
      '1.0: {"a":1}',
      '1.1: {"a":2}',
      '1.2: {"a":3}',
    ]);
    expect(decoded('{"@odata.context":"x","value":[{"a":1}],"nextLink":"y"}')).toEqual(['1.0: {"a":1}']);
    expect(decoded('{"records":[]}')).toEqual([]);
  });

  it('are not seen in records that have a list of that name', () => {
    for (const text of [
      '{"records":[{"a":1}],"query":"x"}',
      '{"records":[1]}',
      '{"value":[{"a":1}],"name":"x"}',
      '{"value":1}',
    ]) {
      expect(decoded(text)).toEqual([`1: ${text}`]);
    }
  });
});

describe('bytes that are no plain text', () => {
  it('are read when they are UTF-16', () => {
    const text = '{"a":"grün"}\n{"b":2}\n';
    const little = Buffer.from(text, 'utf16le');
    const want = ['1: {"a":"grün"}', '2: {"b":2}'];
    expect(decoded(little)).toEqual(want);
    expect(decoded(Buffer.concat([Buffer.from([0xff, 0xfe]), little]))).toEqual(want);
    expect(decoded(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]))).toEqual(want);
  });

  it('are not read when they are binary', () => {
    expect(decodeText(Buffer.from('SQLite format 3\0{"a":1}\n'), 'x').diagnostics[0]?.code).toBe('logs/binary');
    expect(decodeText(Buffer.from('PK\x03\x04{"a":1}\n'), 'x').diagnostics[0]?.code).toBe('logs/archive');
    expect(decodeText(Buffer.from([1, 2, 0, 0, 5, 200, 7]), 'x')).toMatchObject({ events: [], lines: 0 });
  });

  it('are read around single NULs, which spoil only their line', () => {
    expect(decoded('{"a":1,"b":"long enough a line"}\n\0\0\n{"a":2}\n')).toEqual([
      '1: {"a":1,"b":"long enough a line"}',
      '3: {"a":2}',
      'logs/not-json@2',
    ]);
  });

  it('are replaced and counted when they are not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"ü\ufffd"}\n{"a":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}\n{"a":1}'),
    ]);
    const batch = decodeText(bytes, 'log');
    expect(batch.events.map(({ event }) => event['a'])).toEqual(['ü\ufffd', '\ufffd\ufffd', 1]);
    expect(batch.diagnostics.map(({ code, params }) => [code, params])).toEqual([
      ['logs/invalid-utf8', { file: 'log', line: 2, count: 1 }],
    ]);
  });

  it('keep lone surrogates that are written as escapes', () => {
    expect(decodeText('{"a":"\\ud800"}', 'x').events[0]?.event['a']).toBe('\ud800');
  });
});

describe('hostile input', () => {
  it('is refused where it is nested too deep, on one line or many', () => {
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(decoded(`${deep}\n{"b":1}\n`)).toEqual(['2: {"b":1}', 'logs/too-deep@1']);
    expect(decoded(`{\n"a":${'['.repeat(20_000)}\n{"b":1}\n`)).toContain('logs/too-deep@1');
    expect(decoded('['.repeat(2_000_000)).at(-1)).toMatch(/^logs\/too-deep/);
  });

  it('does not hold a line without end', () => {
    const decoder = new LogDecoder('log');
    const piece = Buffer.alloc(8 * 1024 * 1024, 'x');
    for (let size = 0; size <= MAX_RECORD; size += piece.length) decoder.push(piece);
    decoder.push(Buffer.from('\n{"a":1}\n'));
    decoder.end();
    expect(shown(decoder.take())).toEqual(['2: {"a":1}', 'logs/too-long@1']);
  });

  it('does not hold an element without end', { tags: 'large' }, () => {
    const decoder = new LogDecoder('log');
    const piece = Buffer.alloc(8 * 1024 * 1024, 'x');
    decoder.push(Buffer.from('[{"a":1},{"b":"'));
    for (let size = 0; size <= MAX_RECORD; size += piece.length) decoder.push(piece);
    decoder.push(Buffer.from('"},{"a":2}]\n'));
    decoder.end();
    expect(shown(decoder.take())).toEqual(['1.0: {"a":1}', '1.2: {"a":2}', 'logs/too-long@1']);
  });

  // In quadratic time this would not end before the test's own limit.
  it.each(['{"a":[\n', '{"a":\n', '[{"a":[\n', '{\n'])(
    'is read in linear time where every line breaks the last: %j',
    { tags: 'large' },
    (line) => {
      const { events, lines, undecodable } = decodeText(line.repeat(100_000), 'x');
      expect({ events, lines, undecodable }).toEqual({ events: [], lines: 100_000, undecodable: 100_000 });
    },
  );
});

describe('any bytes', () => {
  const head = Buffer.alloc(SNIFFED_BYTES, ' \t');

  const line = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.object({ maxDepth: 2 }).map((value) => JSON.stringify(value, null, 2)),
    fc.constantFrom(
      '{"a":1}',
      '{"a":9007199254740993}',
      '[{"a":1},{"b":2}]',
      '{"records":[{"a":1},{"b":2}]}',
      '[',
      ']',
      '{',
      '}',
      ',',
      '  {',
      '  },',
      '{"a":"ü€😀"}',
      '{"b":',
      '{"a":"',
      'plain',
      '',
      ' ',
      '\r',
      '\ufeff',
      '\0',
      '"',
      '{"a":1}{"b":2}',
      '{"a":1},',
      '[{"a":1},',
      '{"b":2}]',
      'type=CWD msg=audit(1.000:1): cwd="/x"',
      'type=EXECVE msg=audit(1.000:1): a0="x"',
      'type=EOE msg=audit(1.000:1):',
      'Oct 11 22:14:15 mymachine su: failed',
      '<34>1 - - - - - - x',
      '[2024] text',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  const text = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n', '')), { maxLength: 14 })
    .map((all) => Buffer.from(all.flat().join(''), 'utf8'));
  const bytes = fc.oneof(
    text,
    fc.tuple(text, fc.uint8Array({ maxLength: 4 }), fc.nat()).map(([whole, put, at]) => {
      const place = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, place), put, whole.subarray(place)]);
    }),
    fc.uint8Array({ maxLength: 60 }),
  );

  /** Without the mark of UTF-8; undefined for UTF-16, whose line feeds are other bytes. */
  function withoutMark(input: Uint8Array): Uint8Array | undefined {
    const mark = Buffer.from(input.subarray(0, 3)).toString('hex');
    if (mark.startsWith('fffe') || mark.startsWith('feff')) return undefined;
    return mark === 'efbbbf' ? input.subarray(3) : input;
  }

  it('are decoded without throwing, and every line is accounted for', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const batch = decodeText(input, 'log');
        const isText = !batch.diagnostics.some(({ code }) => code === 'logs/binary' || code === 'logs/archive');
        const text = withoutMark(input);
        if (isText && text !== undefined && !input.includes(0)) {
          const feeds = text.filter((byte) => byte === 10).length;
          expect(batch.lines).toBe(text.length === 0 || text.at(-1) === 10 ? feeds : feeds + 1);
        }
        for (const { source } of batch.events) expect(source.line).toBeLessThanOrEqual(batch.lines);
      }),
      { numRuns: 10_000 },
    );
  }, 300_000);

  it('give the same records wherever they are cut', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 40 }), (input, size) => {
        const whole = Math.max(1, input.length);
        expect(inPieces(input, size, new Uint8Array())).toEqual(inPieces(input, whole, new Uint8Array()));
        // After what is judged by its first bytes, the cuts are those of the text.
        expect(inPieces(input, size, head)).toEqual(inPieces(input, whole, head));
      }),
      { numRuns: 10_000 },
    );
  }, 300_000);
});
