import type { Expr, Match, Raw } from '../../../ir/expr.ts';
import type { ValueTest } from '../../memory/compile.ts';
import { literalOptions } from '../../text-search/literals.ts';
import { regexRequirements } from '../../text-search/regex-literals.ts';
import type { Logic, Predicate, Program } from '../program.ts';
import { chunksOf, textsOf } from './cover.ts';
import { longestPlain, standsInStrings } from './keyword-text.ts';
import type { ScanLogic, ScanTest, TextOption, TextTest } from './scan-class.ts';

/** Turns a program's logic into what the kernel can decide of it. */
export class ScanTests {
  private readonly program: Program;
  private readonly tests = new Map<number, ScanLogic>();
  private readonly known = { true: new WeakMap<Logic, ScanLogic>(), false: new WeakMap<Logic, ScanLogic>() };

  constructor(program: Program) {
    this.program = program;
  }

  /** Of a rule: it is asked only whether it is true. */
  logicOf(logic: Logic): ScanLogic {
    return this.logic(logic, true);
  }

  /** `onlyTruth`: whether it is false or unknown changes nothing. */
  private logic(logic: Logic, onlyTruth: boolean): ScanLogic {
    const known = this.known[`${onlyTruth}`];
    const found = known.get(logic) ?? this.made(logic, onlyTruth);
    known.set(logic, found);
    return found;
  }

  private made(logic: Logic, onlyTruth: boolean): ScanLogic {
    switch (logic.kind) {
      case 'truth':
        return { op: logic.value === null ? 'unknown' : logic.value ? 'yes' : 'no' };
      case 'test': {
        const predicate = this.program.predicates[logic.predicate];
        const known = this.tests.get(logic.predicate) ?? this.test(predicate);
        this.tests.set(logic.predicate, known);
        if (known.op !== 'undecided' || predicate?.kind !== 'opaque' || !onlyTruth) return known;
        if (predicate.implies.kind === 'truth') return known;
        return { op: 'and', items: [this.logic(predicate.implies, true), known] };
      }
      case 'and':
      case 'or':
        return joined(
          logic.kind,
          logic.items.map((item) => this.logic(item, onlyTruth)),
        );
      case 'not':
        return { op: 'not', item: this.logic(logic.item, false) };
      case 'if': {
        const { when, then, otherwise } = logic;
        if (!onlyTruth) return UNDECIDED;
        const taken: ScanLogic = { op: 'and', items: [this.logic(when, true), this.logic(then, true)] };
        const isNeverElse = otherwise.kind === 'truth' && otherwise.value !== true;
        if (isNeverElse) return taken;
        return { op: 'and', items: [{ op: 'or', items: [taken, this.logic(otherwise, true)] }, UNDECIDED] };
      }
    }
  }

  private test(predicate: Predicate | undefined): ScanLogic {
    if (predicate?.kind === 'opaque') return sameTexts(predicate.expr);
    if (predicate?.kind === 'leaves') return keywordTests(predicate.test, predicate);
    const paths = predicate?.kind === 'slot' ? this.program.slots[predicate.slot]?.paths : undefined;
    if (predicate?.kind !== 'slot' || paths === undefined) return UNDECIDED;
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
          options: optionsOf(predicate, test),
          judge: [valueTest(test)],
        };
        return { op: 'test', test: found };
      }
    }
  }
}

/** So many tests of one place become one test. */
const MANY = 4;

/** As `and` or `or`; of tests whether one value has one text or another, one is made that looks for all texts at once. */
function joined(op: 'and' | 'or', items: readonly ScanLogic[]): ScanLogic {
  if (op === 'and') return { op, items };
  const groups = new Map<string, TextTest[]>();
  const others: ScanLogic[] = [];
  for (const item of items) {
    if (item.op !== 'test' || item.test.kind !== 'texts' || !isPlain(item.test)) {
      others.push(item);
      continue;
    }
    const key = JSON.stringify(item.test.paths);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(item.test);
  }
  const tests = [...groups.values()].flatMap((group) => (group.length < MANY ? group : [together(group)]));
  const all: ScanLogic[] = [...tests.map((test): ScanLogic => ({ op: 'test', test })), ...others];
  const [only] = all;
  return only !== undefined && all.length === 1 ? only : { op, items: all };
}

function isPlain({ onMissing, options }: TextTest): boolean {
  const [only] = options;
  return onMissing === 'no' && options.length === 1 && only?.exact === true && !only.inOrder;
}

function together(tests: readonly TextTest[]): TextTest {
  return {
    kind: 'texts',
    paths: tests[0]?.paths ?? [],
    onMissing: 'no',
    options: [{ exact: true, literals: tests.flatMap(({ options }) => options[0]?.literals ?? []) }],
    judge: tests.flatMap(({ judge }) => (judge === undefined || 'notes' in judge ? [] : judge)),
  };
}

function valueTest({ pattern, collation, quantifier, onMissing }: Match): ValueTest {
  return { pattern, collation, quantifier, onMissing };
}

const UNDECIDED: ScanLogic = { op: 'undecided' };

/** Of a test of all values: without any value it is false like without any that fits. */
function keywordTests(test: Match, predicate: Predicate): ScanLogic {
  if (test.quantifier !== 'any' || test.onMissing !== 'false') return UNDECIDED;
  const isContains = test.pattern.kind === 'contains' && test.collation === 'ignore-case';
  const items = textsOf(predicate).flatMap((texts): ScanLogic[] => {
    const found = texts.flatMap(({ text }): ScanLogic[] => {
      const piece = longestPlain(text)?.toLowerCase();
      if (piece === undefined) return [];
      const exact = isContains && piece === text.toLowerCase() && standsInStrings(piece);
      return [{ op: 'test', test: { kind: 'keyword', text: piece, exact } }];
    });
    return found.length === texts.length && found.length > 0 ? [{ op: 'or', items: found }] : [];
  });
  return items.length === 0 ? UNDECIDED : { op: 'and', items };
}

/** The keywords that the tests in it ask for. */
export function keywordsIn(logic: ScanLogic, found: Set<string>): void {
  if (logic.op === 'and' || logic.op === 'or') for (const item of logic.items) keywordsIn(item, found);
  else if (logic.op === 'not') keywordsIn(logic.item, found);
  else if (logic.op === 'test' && logic.test.kind === 'keyword') found.add(logic.test.text);
}

function sameTexts(expr: Expr): ScanLogic {
  if (expr.kind !== 'call' || expr.fn !== 'sigma.equals-field') return UNDECIDED;
  const [left, right, caseCounts] = expr.args;
  const paths = pathsOf(left);
  const other = pathsOf(right);
  if (paths === undefined || other === undefined || caseCounts?.kind !== 'literal' || caseCounts.value !== false)
    return UNDECIDED;
  return { op: 'test', test: { kind: 'same', paths, other, onMissing: 'no' } };
}

function pathsOf(expr: Expr | undefined): Raw['paths'] | undefined {
  return expr?.kind === 'raw' && expr.keys === 'exact' && expr.of === undefined ? expr.paths : undefined;
}

function optionsOf(predicate: Predicate, { pattern, collation }: Match): readonly TextOption[] {
  switch (pattern.kind) {
    case 'wildcard': {
      const literals = chunksOf(pattern.parts);
      // The empty text is not looked for.
      if (literals.length === 0 && !pattern.parts.some((part) => 'any' in part)) return [];
      const exact = collation === 'ignore-case' && pattern.parts.every((part) => 'text' in part || part.any === 'many');
      return [{ exact, inOrder: true, literals }];
    }
    case 'regex':
      return regexRequirements(pattern, collation).map((texts) => ({
        exact: false,
        literals: texts.map((text) => ({ text, atStart: false, atEnd: false })),
      }));
    default:
      return literalOptions(predicate).map(({ literals, exact }) => ({
        exact,
        literals: literals.map(({ kind, text }) => ({
          text,
          atStart: kind === 'equals' || kind === 'prefix',
          atEnd: kind === 'equals' || kind === 'suffix',
        })),
      }));
  }
}
