import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../base/json.ts';
import { KernelReplica } from './kernel-replica.ts';
import { NOTHING_TOLD } from './kernel-state.ts';
import { CERTAIN } from './layout.ts';
import { type LinesRead, tellLines } from './lines-read.ts';
import { RawScanner } from './raw-scanner.ts';
import type { ScanClass } from './scan-class.ts';
import { hasKernel } from './scan-kernel.ts';

const parse = (text: string): JsonObject => JSON.parse(text);
const MOST_ODD = 16;

/** Two targets: `a` ends with "x", and `a` is the text "one" or "two", which only a test in TypeScript tells. */
const SCAN: ScanClass = {
  slots: [{ paths: [['a']], triggers: [{ on: 'present', target: 0 }] }],
  always: [1],
  keywords: [],
  checks: [
    {
      op: 'test',
      test: {
        kind: 'texts',
        paths: [['a']],
        onMissing: 'no',
        options: [{ exact: true, literals: [{ text: 'x', atStart: false, atEnd: true }] }],
      },
    },
    {
      op: 'test',
      test: {
        kind: 'texts',
        paths: [['a']],
        onMissing: 'no',
        options: [],
        judge: ['one', 'two'].map((value) => ({
          pattern: { kind: 'equals', value },
          collation: 'exact',
          quantifier: 'any',
          onMissing: 'false',
        })),
      },
    },
  ],
  targets: 2,
};

/** Classes are told apart by the value at `type`. */
function teacher(firstSample: number): RawScanner<string, { readonly type: string }> {
  const classes = new Map<string, { readonly type: string }>();
  return new RawScanner(
    {
      recognise: (event) => String(event['type']),
      isSame: (one, other) => one === other,
      selectorsOf: () => [],
      classOf: (type) => {
        const known = classes.get(type) ?? { type };
        classes.set(type, known);
        return known;
      },
      searchOf: (of) => of,
      parse,
      scanOf: () => SCAN,
      *indexOf() {
        yield undefined;
        return SCAN;
      },
    },
    1 << 16,
    firstSample,
  );
}

function linesOf(...events: readonly object[]): Buffer {
  return Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

/** Texts that were told: with their targets, or without where their class is not known. */
function toldOf(lines: LinesRead): readonly string[] {
  const found: string[] = [];
  const note = (text: Buffer, more: string): void => {
    found.push(`${text.toString('utf8').trimEnd()}${more}`);
  };
  tellLines(lines, {
    candidate: (text, _line, _of, targets) => note(text, ` ${[...targets].map((one) => one - CERTAIN)}`),
    odd: (text) => {
      note(text, ' odd');
      return true;
    },
    unknown: (text, _start, line) => {
      note(text, ` unknown from ${line}`);
      return { lines: text.filter((byte) => byte === 0x0a).length, blank: 0, bytes: text.length, goesOn: true };
    },
  });
  return found;
}

describe.runIf(hasKernel())('a replica of the kernel', () => {
  const nobody = { candidate: () => {}, odd: () => true };

  it('finds what the kernel finds that it was told of, also by tests in TypeScript', () => {
    const scanner = teacher(2);
    scanner.scan(linesOf({ type: 'A', a: 'q' }, { type: 'A', a: 'r' }, { type: 'A', a: 's' }), nobody);
    const replica = new KernelReplica(parse, 1 << 16);
    replica.adopt(structuredClone(scanner.kernel.state(NOTHING_TOLD).state));
    const lines = linesOf({ type: 'A', a: 'two' }, { type: 'A', a: 'none' }, { type: 'A', a: 'yx' }, { type: 'A' });
    const read = replica.read(lines, MOST_ODD);
    expect(toldOf(read)).toEqual(['{"type":"A","a":"two"} 1', '{"type":"A","a":"yx"} 0']);
    expect([...read.counts]).toEqual([4]);
  });

  it('takes nothing that was copied for what it read itself', () => {
    const scanner = teacher(2);
    const wanted = { type: 'A', a: 'x' };
    scanner.scan(linesOf(wanted, wanted, wanted, wanted), nobody);
    const { state } = scanner.kernel.state(NOTHING_TOLD);
    // What it keeps of a line bears the line's number, and one of these would have that of the last that the other read.
    for (let before = 0; before < 9; before += 1) {
      const replica = new KernelReplica(parse, 1 << 16);
      replica.adopt(structuredClone(state));
      const lines = linesOf(...Array.from({ length: before }, () => ({ type: 'A' })), wanted);
      expect(toldOf(replica.read(lines, MOST_ODD))).toEqual(['{"type":"A","a":"x"} 0']);
    }
  });

  it('gives back lines of classes that it was not told of, those in a row together', () => {
    const scanner = teacher(2);
    scanner.scan(linesOf({ type: 'A', a: 'q' }), nobody);
    const replica = new KernelReplica(parse, 1 << 16);
    const first = scanner.kernel.state(NOTHING_TOLD);
    replica.adopt(structuredClone(first.state));
    const lines = linesOf({ type: 'A', a: 'x' }, { type: 'B', a: 'x' }, { type: 'C' }, { type: 'A' }, { type: 'B' });
    expect(toldOf(replica.read(lines, MOST_ODD))).toEqual([
      '{"type":"A","a":"x"} 0',
      '{"type":"B","a":"x"}\n{"type":"C"} unknown from 1',
      '{"type":"B"} unknown from 4',
    ]);
    scanner.scan(lines, nobody);
    const next = scanner.kernel.state(first.mark);
    expect(next.mark.version).toBeGreaterThan(first.mark.version);
    replica.adopt(structuredClone(next.state));
    const read = replica.read(lines, MOST_ODD);
    expect(toldOf(read)).toEqual(['{"type":"A","a":"x"} 0', '{"type":"B","a":"x"} 0']);
    expect(read.unknown).toBe(0);
  });

  it('ends after so many odd lines in a row, not counting those that are only unknown', () => {
    const replica = new KernelReplica(parse, 1 << 16);
    const scanner = teacher(2);
    scanner.scan(linesOf({ type: 'A' }), nobody);
    replica.adopt(structuredClone(scanner.kernel.state(NOTHING_TOLD).state));
    const odd = 'no JSON\n'.repeat(MOST_ODD - 1);
    const lines = Buffer.from(`${odd}{"type":"B"}\n${odd}no JSON\n{"type":"A"}\n`);
    const { scanned } = replica.read(lines, MOST_ODD);
    expect(scanned).toMatchObject({ lines: 2 * MOST_ODD, bytes: lines.length - '{"type":"A"}\n'.length });
  });
});
