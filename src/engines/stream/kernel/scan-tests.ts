import { literalOptions } from '../literals.ts';
import type { Logic, Predicate, Program } from '../program.ts';
import { chunksOf } from './cover.ts';
import type { ScanLogic, ScanTest, TextOption } from './scan-class.ts';

/** Turns a program's logic into what the kernel can decide of it. */
export class ScanTests {
  private readonly program: Program;
  private readonly tests = new Map<number, ScanLogic>();

  constructor(program: Program) {
    this.program = program;
  }

  logicOf(logic: Logic): ScanLogic {
    switch (logic.kind) {
      case 'truth':
        return { op: logic.value === null ? 'unknown' : logic.value ? 'yes' : 'no' };
      case 'test': {
        const known = this.tests.get(logic.predicate) ?? this.test(this.program.predicates[logic.predicate]);
        this.tests.set(logic.predicate, known);
        return known;
      }
      case 'and':
      case 'or':
        return { op: logic.kind, items: logic.items.map((item) => this.logicOf(item)) };
      case 'not':
        return { op: 'not', item: this.logicOf(logic.item) };
      case 'if':
        return { op: 'undecided' };
    }
  }

  private test(predicate: Predicate | undefined): ScanLogic {
    const paths = predicate?.kind === 'slot' ? this.program.slots[predicate.slot]?.paths : undefined;
    if (predicate?.kind !== 'slot' || paths === undefined) return { op: 'undecided' };
    const { test } = predicate;
    const base = { paths, onMissing: 'no', options: [] } as const;
    switch (test.kind) {
      case 'is-null':
        return { op: 'test', test: { ...base, kind: 'is-null' } };
      case 'exists':
        return { op: 'test', test: { ...base, kind: test.counts === 'present' ? 'present' : 'value' } };
      case 'match': {
        const found: ScanTest = {
          paths,
          kind: 'texts',
          onMissing: test.onMissing === 'false' ? 'no' : 'unknown',
          options: optionsOf(predicate),
        };
        return { op: 'test', test: found };
      }
    }
  }
}

function optionsOf(predicate: Predicate): readonly TextOption[] {
  if (predicate.kind === 'slot' && predicate.test.kind === 'match' && predicate.test.pattern.kind === 'wildcard') {
    return chunksOf(predicate.test.pattern.parts).map((chunk) => ({ exact: false, literals: [chunk] }));
  }
  return literalOptions(predicate).map(({ literals, exact }) => ({
    exact,
    literals: literals.map(({ kind, text }) => ({
      text,
      atStart: kind === 'equals' || kind === 'prefix',
      atEnd: kind === 'equals' || kind === 'suffix',
    })),
  }));
}
