import type { JsonObject } from '../../../base/json.ts';
import type { FilterWork } from '../../port.ts';
import type { LiteralOption } from '../../text-search/literals.ts';
import { Classes } from '../classes.ts';
import type { Program } from '../program.ts';
import { check } from './check-tree.ts';
import { ClassIndex, textsOf } from './class-index.ts';
import { RecordMemo } from './memo.ts';

const NONE: readonly number[] = [];

/**
 * Runs a program over parsed records, in plain TypeScript: candidates by the literals of their class, then the rule's own
 * logic with a memo. The verdicts are the memory engine's.
 */
export class Matcher {
  private readonly program: Program;
  private readonly classes: Classes;
  private readonly memo: RecordMemo;
  private readonly indexes = new Map<number, ClassIndex>();
  private readonly options = new Map<number, readonly LiteralOption[]>();
  private readonly stamps: Int32Array;
  private readonly candidates: number[] = [];
  private readonly work: FilterWork | undefined;
  private record = 0;
  private current: ClassIndex | undefined;

  /** `work` is filled while records are matched; it costs time, so it is only kept where it is asked for. */
  constructor(program: Program, work?: FilterWork) {
    this.program = program;
    this.classes = new Classes(program);
    this.memo = new RecordMemo(program);
    this.stamps = new Int32Array(program.rules.length);
    this.work = work;
  }

  /** The rules that match, by their index in the program, ascending. */
  match(event: JsonObject): readonly number[] {
    const found = this.classes.of(event);
    if (found.rules.length === 0) return NONE;
    let index = this.indexes.get(found.id);
    if (index === undefined) {
      index = new ClassIndex(this.program, found, this.options);
      this.indexes.set(found.id, index);
    }
    this.begin(event, index);
    this.findCandidates(index);
    const matched = this.checkCandidates(index);
    index.seen(this.memo);
    return matched;
  }

  private begin(event: JsonObject, index: ClassIndex): void {
    this.memo.start(event);
    if (this.record === 2 ** 31 - 1) {
      this.record = 0;
      this.stamps.fill(0);
    }
    this.record += 1;
    this.candidates.length = 0;
    this.current = index;
  }

  private findCandidates(index: ClassIndex): void {
    const { memo } = this;
    for (const { slot, index: texts } of index.slots) {
      const value = memo.value(slot);
      if (typeof value === 'string') texts.scan(memo.foldedText(slot, value), this.hit);
      else if (value !== undefined && value !== null) {
        for (const text of textsOf(value)) texts.scan(text.toLowerCase(), this.hit);
      }
    }
    index.leaves?.scan(memo.allLeaves(), this.hitLeaf);
  }

  /** A keyword was found where values stand together: each has to be asked. */
  private readonly hitLeaf = (predicate: number): void => {
    if (this.memo.truth(predicate) === true) this.propose(predicate);
  };

  private readonly hit = (predicate: number): void => {
    const index = this.current;
    if (index === undefined) return;
    if (index.exact[predicate] === 1) this.memo.note(predicate, true);
    else if (this.memo.truth(predicate) !== true) return;
    this.propose(predicate);
  };

  private propose(predicate: number): void {
    for (const place of this.current?.covered.get(predicate) ?? NONE) {
      if (this.stamps[place] === this.record) continue;
      this.stamps[place] = this.record;
      this.candidates.push(place);
    }
  }

  private checkCandidates(index: ClassIndex): readonly number[] {
    const matched: number[] = [];
    const { work } = this;
    this.memo.closeIndex(index.exact);
    for (const place of index.always) this.checkOne(index, place, matched, work);
    for (const place of this.candidates) this.checkOne(index, place, matched, work);
    return matched.length > 1 ? matched.sort((a, b) => a - b) : matched;
  }

  private checkOne(index: ClassIndex, place: number, matched: number[], work: FilterWork | undefined): void {
    const rule = index.numbers[place];
    if (rule === undefined) return;
    const isSettled = index.settled[place] === 1;
    const start = work === undefined ? 0 : performance.now();
    const node = isSettled ? undefined : index.checkOf(place);
    const isMatch = isSettled || (node !== undefined && check(node, this.memo) === true);
    if (isMatch) matched.push(rule);
    if (work === undefined) return;
    add(work.time, rule, (performance.now() - start) * 1e6);
    add(work.candidates, rule, 1);
    if (!isSettled) add(work.verified, rule, 1);
    if (isMatch) add(work.matched, rule, 1);
  }
}

function add(counts: Float64Array, at: number, more: number): void {
  counts[at] = (counts[at] ?? 0) + more;
}
