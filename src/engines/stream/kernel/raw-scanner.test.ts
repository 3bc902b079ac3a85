import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { PLAIN } from '../../../ir/construct.ts';
import { textOf } from '../../../values/text-of.ts';
import { leavesOf, readFirst } from '../../memory/raw.ts';
import { CERTAIN } from './layout.ts';
import { RawScanner } from './raw-scanner.ts';
import type { ScanClass, ScanLogic, ScanSlot, Trigger } from './scan-class.ts';
import { hasKernel } from './scan-kernel.ts';

const THE_CLASS = {};

interface Found {
  readonly candidates: Map<number, readonly number[]>;
  readonly odd: readonly number[];
  readonly lines: number;
  readonly blank: number;
}

function scannerOf(scan: ScanClass): RawScanner<object, object> {
  return new RawScanner(
    {
      recognise: () => THE_CLASS,
      isSame: (one, other) => one === other,
      selectorsOf: () => [],
      classOf: () => THE_CLASS,
      searchOf: (of) => of,
      parse: (text) => JSON.parse(text),
      scanOf: () => scan,
      *indexOf() {
        yield undefined;
        return scan;
      },
    },
    1 << 16,
  );
}

function scan(scanner: RawScanner<object, object>, text: string | Buffer): Found {
  const bytes = Buffer.concat([typeof text === 'string' ? Buffer.from(text, 'utf8') : text, Buffer.from('\n')]);
  const candidates = new Map<number, readonly number[]>();
  const odd: number[] = [];
  const lines: string[] = bytes.toString('latin1').split('\n');
  const { lines: count, blank } = scanner.scan(bytes, {
    candidate: (start, end, line, _recognised, targets) => {
      expect(bytes.subarray(start, end).toString('latin1').trimEnd()).toBe(lines[line]?.trimEnd());
      candidates.set(
        line,
        [...targets].sort((a, b) => a - b),
      );
    },
    odd: (start, end, line) => {
      expect(bytes.subarray(start, end).toString('latin1')).toBe(lines[line]);
      odd.push(line);
      return true;
    },
  });
  return { candidates, odd, lines: count, blank };
}

/** What a trigger means. */
function fires(trigger: Trigger, slot: ScanSlot, event: JsonObject): boolean {
  const value = readFirst(event, slot.paths, PLAIN);
  if (trigger.on !== 'text') {
    if (trigger.on === 'missing') return value === undefined;
    return (value === null) === (trigger.on === 'null') && value !== undefined;
  }
  return leavesOf({ value: value === undefined ? null : (value as Json) } as JsonObject).some((leaf) => {
    const text = textOf(leaf.value)?.toLowerCase();
    if (text === undefined) return false;
    const wanted = trigger.text.toLowerCase();
    if (trigger.atStart && trigger.atEnd) return text === wanted;
    if (trigger.atStart) return text.startsWith(wanted);
    return trigger.atEnd ? text.endsWith(wanted) : text.includes(wanted);
  });
}

function wanted(scanClass: ScanClass, event: JsonObject): number[] {
  const found = new Set<number>(scanClass.always);
  for (const slot of scanClass.slots) {
    for (const trigger of slot.triggers) if (fires(trigger, slot, event)) found.add(trigger.target);
  }
  for (const { text, target } of scanClass.keywords) {
    const fold = text.toLowerCase();
    if (target === undefined) continue;
    if (leavesOf(event).some((leaf) => textOf(leaf.value)?.toLowerCase().includes(fold))) found.add(target);
  }
  return [...found].sort((a, b) => a - b);
}

/** Whether each slot's value is one that the kernel reads exactly. */
function isPlain(scanClass: ScanClass, event: JsonObject, spelling: string): boolean {
  if (scanClass.keywords.length > 0) return false;
  return scanClass.slots.every(({ paths }) => {
    if (paths.some((path) => path.some((_, at) => Array.isArray(readFirst(event, [path.slice(0, at)], PLAIN)))))
      return false;
    const value = readFirst(event, paths, PLAIN);
    if (typeof value === 'object' && value !== null) return false;
    if (typeof value === 'number')
      return !/\de[+-]/.test(spelling) && Number.isInteger(value) && Math.abs(value) < 1e15 && !Object.is(value, -0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
    return typeof value !== 'string' || /^[\x00-\x7f]*$/.test(value);
  });
}

const KEYS = [
  'a',
  'b',
  'Image',
  'CommandLine',
  'a-key-that-is-longer-than-16',
  'a-key-that-is-LONGER-than-16',
  'é',
  'a.b',
  '',
];
const pieces = fc.constantFrom(
  '\\',
  '\\cmd.exe',
  'C:\\Windows\\',
  'CMD',
  'abc',
  '"',
  '\n',
  '/',
  ' ',
  'é',
  'K',
  'İ',
  '\u212a',
  '\ud800',
  '\u0000',
  'x',
  'whoami',
  'a-long-text-17',
  'abc23',
  'a/b',
  '::a',
  '😀',
  '7',
);
const text = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));
const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, true, false, 0, -0, 1e21, 2 ** 53),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { weight: 5, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
}));
const event = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 8 });

/** A JSON text of a value, spelled in any of the ways there are; keys come twice now and then. */
function spell(of: unknown, choose: () => number): string {
  const blank = (): string => (choose() % 8 === 0 ? ' \t\r '.slice(0, choose() % 5) : '');
  if (typeof of === 'string') return spellString(of, choose);
  if (Array.isArray(of))
    return `[${blank()}${of.map((one) => spell(one, choose)).join(`${blank()},${blank()}`)}${blank()}]`;
  if (typeof of === 'object' && of !== null) {
    const members = Object.entries(of).flatMap(([key, one]) => {
      const name = choose() % 40 === 0 ? spellString(key, choose) : JSON.stringify(key);
      const member = `${name}${blank()}:${blank()}${spell(one, choose)}`;
      return choose() % 16 === 0
        ? [`${JSON.stringify(key)}:${choose() % 2 === 0 ? '"cmd"' : '{"a":null}'}`, member]
        : [member];
    });
    return `{${blank()}${members.join(`${blank()},${blank()}`)}${blank()}}`;
  }
  if (typeof of === 'number' && Number.isFinite(of)) {
    const forms = [JSON.stringify(of), of.toExponential(), `${JSON.stringify(of)}`];
    return Object.is(of, -0) ? '-0' : (forms[choose() % 3] ?? '0');
  }
  return JSON.stringify(of) ?? 'null';
}

function spellString(of: string, choose: () => number): string {
  let out = '"';
  for (let at = 0; at < of.length; at += 1) {
    const unit = of.charCodeAt(at);
    const char = of.charAt(at);
    if (char === '\n' && choose() % 2 === 0) out += '\\n';
    else if (unit < 0x20 || (unit >= 0xd800 && unit < 0xe000) || choose() % 24 === 0) {
      const hex = unit.toString(16).padStart(4, '0');
      out += `\\u${choose() % 2 === 0 ? hex : hex.toUpperCase()}`;
    } else if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '/' && choose() % 2 === 0) out += '\\/';
    else out += char;
  }
  return `${out}"`;
}

const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 16, maxLength: 64 }).map((all) => {
  let at = 0;
  return (): number => {
    at += 1;
    return (all[at % all.length] ?? 0) + at;
  };
});

/** So many texts that they are looked for in another way. */
function manyOf(text: string): readonly Trigger[] {
  return Array.from({ length: 40 }, (_, at) => {
    return { on: 'text', text: `${text}${at + 10}`, atStart: false, atEnd: false, target: at % 31 };
  });
}

const path = fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 });
const trigger = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      on: fc.constant('text' as const),
      text: fc.oneof(text, pieces),
      atStart: fc.boolean(),
      atEnd: fc.boolean(),
      target: fc.nat({ max: 30 }),
    }),
  },
  fc.record({
    on: fc.constantFrom('present' as const, 'null' as const, 'missing' as const),
    target: fc.nat({ max: 30 }),
  }),
);
const scanClass: fc.Arbitrary<ScanClass> = fc.record({
  slots: fc.array(
    fc.record({
      paths: fc.array(path, { minLength: 1, maxLength: 2 }),
      triggers: fc
        .tuple(fc.array(trigger, { minLength: 1, maxLength: 12 }), fc.constantFrom('', 'a-long-text-', 'abc'))
        .map(([some, others]) => (others === '' ? some : [...some, ...manyOf(others)])),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  always: fc.constant([]),
  keywords: fc.oneof(
    fc.constant([]),
    fc.array(
      fc.record({ text: fc.constantFrom('whoami', 'cmd', 'ABC', 'xxx', 'kkk', 'abcx'), target: fc.nat({ max: 30 }) }),
    ),
    // So many that they are looked for in another way.
    fc
      .constantFrom('a-long-text-', 'abc', 'C', 'whoami')
      .map((start) => Array.from({ length: 90 }, (_, at) => ({ text: `${start}${at + 10}`, target: at % 31 }))),
  ),
  targets: fc.constant(31),
});

describe.skipIf(!hasKernel())('the scan kernel', () => {
  it('finds in every spelling of a record what the parsed record has', () => {
    let candidates = 0;
    let read = 0;
    let odd = 0;
    fc.assert(
      fc.property(scanClass, fc.array(event, { minLength: 1, maxLength: 4 }), choices, (wants, events, choose) => {
        const texts = events.map((one) => spell(one, choose));
        const found = scan(scannerOf(wants), texts.join('\n'));
        expect(found.lines).toBe(texts.length);
        for (const [line, one] of texts.entries()) {
          if (found.odd.includes(line)) {
            odd += 1;
            continue;
          }
          read += 1;
          const parsed: JsonObject = JSON.parse(one);
          const expected = wanted(wants, parsed);
          const got = found.candidates.get(line) ?? [];
          if (got.length > 0) candidates += 1;
          if (isPlain(wants, parsed, one)) expect(got).toEqual(expected);
          else expect(got).toEqual(expect.arrayContaining(expected));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(candidates).toBeGreaterThan(500);
    expect(read).toBeGreaterThan(3 * odd);
  });

  it('knows of keywords whether a value holds them, however it is spelled', () => {
    const texts = ['whoami', 'cmd', 'a/b', '/whoami', 'abcx', 'nabc', 'abc23', '::a', 'long-text', '-key-that'];
    const test = (text: string): ScanLogic => ({ op: 'test', test: { kind: 'keyword', text, exact: true } });
    const keywords = texts.map((text, target) => ({ text, target }));
    const wants: ScanClass = { slots: [], always: [], keywords, checks: texts.map(test), targets: texts.length };
    // Also those that are only asked for, and the same after many others.
    const asked: ScanClass = {
      ...wants,
      always: [...texts.keys()],
      keywords: [
        ...texts.map((text) => ({ text, target: undefined })),
        ...Array.from({ length: 80 }, (_, at) => ({ text: `other-${at}`, target: undefined })),
      ],
    };
    const scanners = [scannerOf(wants), scannerOf(asked)];
    const counts = { yes: 0, no: 0, open: 0 };
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 4 }),
        choices,
        fc.nat({ max: 1 }),
        (events, choose, of) => {
          const lines = events.map((one) => spell(one, choose));
          const found = scan(scanners[of] ?? scannerOf(wants), lines.join('\n'));
          for (const [line, one] of lines.entries()) {
            if (found.odd.includes(line)) continue;
            const expected = wanted(wants, JSON.parse(one));
            const got = found.candidates.get(line) ?? [];
            for (const target of texts.keys()) {
              if (got.includes(target + CERTAIN)) {
                expect(expected).toContain(target);
                counts.yes += 1;
              } else if (got.includes(target)) {
                counts.open += 1;
              } else {
                expect(expected).not.toContain(target);
                counts.no += 1;
              }
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(counts.yes).toBeGreaterThan(80);
    expect(counts.no).toBeGreaterThan(10_000);
  });

  it('calls odd whatever is not a JSON object, and nothing that is plain', () => {
    const wants: ScanClass = {
      slots: [
        {
          paths: [['a'], ['b', 'a']],
          triggers: [{ on: 'text', text: 'cmd', atStart: false, atEnd: false, target: 0 }],
        },
      ],
      always: [1],
      keywords: [],
      targets: 2,
    };
    const scanner = scannerOf(wants);
    fc.assert(
      fc.property(
        event,
        choices,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        (one, choose, changes) => {
          let bytes = Buffer.from(spell(one, choose), 'utf8');
          for (const [where, how, byte] of changes) {
            const at = where % bytes.length;
            const put = Buffer.from([byte === 0x0a ? 0x22 : byte]);
            if (how === 0) bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + 1)]);
            else if (how === 1) bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at)]);
            else if (how === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
            else bytes = bytes.subarray(0, Math.max(1, at));
            if (bytes.length === 0) bytes = Buffer.from(' ');
          }
          const found = scan(scanner, bytes);
          expect(found.lines).toBe(1);
          if (found.odd.length > 0) return;
          const parsed: Json = JSON.parse(bytes.toString('utf8'));
          if (!isJsonObject(parsed)) throw new Error('not an object');
          expect(found.candidates.get(0)).toEqual(expect.arrayContaining(wanted(wants, parsed)));
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['{"a":1}', false],
    ['{"a":1} ', false],
    ['{"a":1}\r', false],
    ['{}', false],
    [' {"a":1}', true],
    ['{"a":1} x', true],
    ['{"a":1}{"a":2}', true],
    ['{"a":01}', true],
    ['{"a":1.}', true],
    ['{"a":-}', true],
    ['{"a":"\\x"}', true],
    ['{"a":"\\u12g4"}', true],
    ['{"a":"\\', true],
    ['{"a":"\u0001"}', true],
    ['{"a":tru}', true],
    ['{"a":1,}', true],
    ['{,}', true],
    ['{"a"}', true],
    ['{"a":[1,2}', true],
    ['{"a":[1,2]]', true],
    ['[1]', true],
    ['"a"', true],
    ['{"records":[{}]}', true],
    ['{"records":1}', false],
    ['{"\\u0061":1}', true],
    ['{"a":1', true],
    [`${'{"x":'.repeat(2000)}1${'}'.repeat(2000)}`, true],
    [`{"x":${'['.repeat(200)}${']'.repeat(200)}}`, false],
  ])('%.20s', (line, isOdd) => {
    const wants: ScanClass = {
      slots: [{ paths: [['a']], triggers: [{ on: 'present', target: 0 }] }],
      always: [],
      keywords: [],
      targets: 1,
    };
    expect(scan(scannerOf(wants), line).odd).toEqual(isOdd ? [0] : []);
  });

  it('leaves lines longer than its room, and those that are not UTF-8, to the reference', () => {
    const wants: ScanClass = { slots: [], always: [0], keywords: [], targets: 1 };
    const long = Buffer.from(`{"a":"${'x'.repeat(1 << 17)}"}`);
    const lines = [
      Buffer.from('{"a":1}'),
      long,
      Buffer.from('{"a":2}'),
      Buffer.from('{"a":"\xff"}', 'latin1'),
      Buffer.from(''),
    ];
    const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
    const found = scan(scannerOf(wants), bytes.subarray(0, -1));
    expect([...found.candidates.keys()]).toEqual([0, 2]);
    expect(found.odd).toEqual([1, 3]);
    expect(found).toMatchObject({ lines: 5, blank: 1 });
  });

  it('keeps going when stamps begin anew, and when there is more output than room', () => {
    const wants: ScanClass = {
      slots: [{ paths: [['a']], triggers: [{ on: 'text', text: 'cmd', atStart: true, atEnd: true, target: 3 }] }],
      keywords: [],
      always: Array.from({ length: 5_000 }, (_, index) => index + 10),
      targets: 5_010,
    };
    const scanner = scannerOf(wants);
    expect(scan(scanner, '{"a":"cmd"}').candidates.size).toBe(1);
    scanner.kernel.setStamp(0xffff_fff0);
    const found = scan(scanner, '{"a":"cmd"}\n{"b":"cmd"}\n'.repeat(500).trimEnd());
    expect(found.candidates.size).toBe(1000);
    for (const [line, targets] of found.candidates) expect(targets.length).toBe(line % 2 === 0 ? 5_001 : 5_000);
  });

  it('makes an index once for all classes in which the same is looked for', () => {
    const wants: ScanClass = {
      slots: [{ paths: [['a']], triggers: [{ on: 'text', text: 'x', atStart: true, atEnd: true, target: 0 }] }],
      keywords: [],
      always: [],
      targets: 1,
    };
    const classes = new Map<string, { readonly type: string }>();
    const made = { first: 0, index: 0 };
    const scanner = new RawScanner<string, { readonly type: string }>(
      {
        recognise: (event) => String(event['type']),
        isSame: (one, other) => one === other,
        selectorsOf: () => [],
        classOf: (type) => {
          const known = classes.get(type) ?? { type };
          classes.set(type, known);
          return known;
        },
        searchOf: () => THE_CLASS,
        parse: (text) => JSON.parse(text),
        scanOf: () => {
          made.first += 1;
          return wants;
        },
        *indexOf() {
          made.index += 1;
          yield undefined;
          return wants;
        },
      },
      1 << 16,
      48,
    );
    const lines = Array.from(
      { length: 3_000 },
      (_, at) => `{"type":"t${at % 300}","a":"${at % 7 === 0 ? 'x' : 'y'}"}\n`,
    );
    const found: string[] = [];
    const { kernel } = scanner;
    const before = kernel.linesByClass();
    scanner.scan(Buffer.from(lines.join('')), {
      candidate: (_start, _end, line, of, targets) => {
        if (targets.length > 0) found.push(`${line} ${scanner.classAt(of).type}`);
      },
      odd: () => expect.unreachable(),
    });
    expect(found).toEqual(lines.flatMap((_, at) => (at % 7 === 0 ? [`${at} t${at % 300}`] : [])));
    expect([...kernel.linesSince(before)]).toEqual(Array(300).fill(10));
    expect(made.first).toBe(1);
    // One for each lesson that there were lines enough for.
    expect(made.index).toBeLessThanOrEqual(2);
  });
});
