import type { AssertionKind, RegexNode } from './ast.ts';
import { type CodePoints, contains } from './code-points.ts';

type Instruction =
  | { readonly op: 'set'; readonly set: CodePoints }
  | { readonly op: 'assert'; readonly what: AssertionKind }
  | { readonly op: 'save'; readonly slot: number }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'match' };

/** Start and end offsets by group, two slots each; -1 for a group that took no part. */
export type Slots = readonly number[];

/**
 * The pattern as a Pike machine: all threads step through the text together, so time is program size × text length
 * whatever the pattern, and every assertion of the tree is native. Slower than either engine; it runs what they cannot
 * (see `compile.ts`) and is the third opinion in the tests. `x*` over an `x` that can match nothing is `(x+)?`, as in RE2.
 */
export class PikeProgram {
  private readonly code: Instruction[] = [];
  private readonly slotCount: number;

  constructor(node: RegexNode, groupCount: number) {
    this.slotCount = 2 * (groupCount + 1);
    this.code.push({ op: 'save', slot: 0 });
    this.emit(node);
    this.code.push({ op: 'save', slot: 1 }, { op: 'match' });
  }

  /** The leftmost match that starts at or after `from`, by the preferences of a backtracker. */
  find(text: string, from: number): Slots | undefined {
    let threads: Thread[] = [];
    let best: Slots | undefined;
    for (let at = from; ; ) {
      const point = text.codePointAt(at);
      const width = point === undefined ? 1 : point > 0xffff ? 2 : 1;
      const seen = new Uint8Array(this.code.length);
      const ready: Thread[] = [];
      for (const thread of threads) this.follow(thread, text, at, seen, ready);
      if (best === undefined) {
        this.follow({ pc: 0, slots: new Array<number>(this.slotCount).fill(-1) }, text, at, seen, ready);
      }
      threads = [];
      for (const { pc, slots } of ready) {
        const instruction = this.code[pc];
        if (instruction?.op === 'match') {
          best = slots;
          break;
        }
        if (instruction?.op === 'set' && point !== undefined && contains(instruction.set, point)) {
          threads.push({ pc: pc + 1, slots });
        }
      }
      if (point === undefined || (threads.length === 0 && best !== undefined)) return best;
      at += width;
    }
  }

  /** Follows everything that consumes nothing, in order of preference, to the sets and the match. */
  private follow(start: Thread, text: string, at: number, seen: Uint8Array, ready: Thread[]): void {
    const stack = [start];
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      const { pc, slots } = thread;
      const instruction = this.code[pc];
      if (instruction === undefined || seen[pc] === 1) continue;
      seen[pc] = 1;
      switch (instruction.op) {
        case 'set':
        case 'match':
          ready.push(thread);
          break;
        case 'jump':
          stack.push({ pc: instruction.to, slots });
          break;
        case 'split':
          stack.push({ pc: instruction.second, slots }, { pc: instruction.first, slots });
          break;
        case 'save':
          stack.push({ pc: pc + 1, slots: slots.with(instruction.slot, at) });
          break;
        case 'assert':
          if (holds(instruction.what, text, at)) stack.push({ pc: pc + 1, slots });
          break;
      }
    }
  }

  private emit(node: RegexNode): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'set':
        this.code.push({ op: 'set', set: node.set });
        return;
      case 'assertion':
        this.code.push({ op: 'assert', what: node.what });
        return;
      case 'concat':
        for (const item of node.items) this.emit(item);
        return;
      case 'alternation':
        this.emitAlternation(node.branches);
        return;
      case 'group':
        this.code.push({ op: 'save', slot: 2 * node.index });
        this.emit(node.body);
        this.code.push({ op: 'save', slot: 2 * node.index + 1 });
        return;
      case 'repeat':
        this.emitRepeat(node.body, node.min, node.max, node.greedy);
        return;
      case 'atomic':
        throw new Error('an atomic node has to be dropped before running');
    }
  }

  private emitAlternation(branches: readonly RegexNode[]): void {
    const jumps: { op: 'jump'; to: number }[] = [];
    for (const [i, branch] of branches.entries()) {
      if (i === branches.length - 1) {
        this.emit(branch);
        break;
      }
      const split = this.split();
      split.first = this.code.length;
      this.emit(branch);
      const jump: Instruction = { op: 'jump', to: 0 };
      this.code.push(jump);
      jumps.push(jump);
      split.second = this.code.length;
    }
    for (const jump of jumps) jump.to = this.code.length;
  }

  private emitRepeat(body: RegexNode, min: number, max: number | undefined, greedy: boolean): void {
    if (max === undefined) {
      for (let i = 1; i < min; i += 1) this.emit(body);
      const skip = min === 0 ? this.split() : undefined;
      const loop = this.code.length;
      this.emit(body);
      const split = this.split();
      aim(split, greedy, loop, this.code.length);
      if (skip !== undefined) aim(skip, greedy, loop, this.code.length);
      return;
    }
    for (let i = 0; i < min; i += 1) this.emit(body);
    const skips: [Split, number][] = [];
    for (let i = min; i < max; i += 1) {
      skips.push([this.split(), this.code.length]);
      this.emit(body);
    }
    for (const [skip, inside] of skips) aim(skip, greedy, inside, this.code.length);
  }

  private split(): Split {
    const split: Split = { op: 'split', first: 0, second: 0 };
    this.code.push(split);
    return split;
  }
}

interface Thread {
  readonly pc: number;
  readonly slots: readonly number[];
}

interface Split {
  op: 'split';
  first: number;
  second: number;
}

function aim(split: Split, greedy: boolean, inside: number, outside: number): void {
  split.first = greedy ? inside : outside;
  split.second = greedy ? outside : inside;
}

function holds(what: AssertionKind, text: string, at: number): boolean {
  switch (what) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'final-end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'line-start':
      return at === 0 || text[at - 1] === '\n';
    case 'inner-line-start':
      return at === 0 || (at < text.length && text[at - 1] === '\n');
    case 'line-end':
      return at === text.length || text[at] === '\n';
    case 'word-boundary':
      return isWord(text, at - 1) !== isWord(text, at);
    case 'not-word-boundary':
      return isWord(text, at - 1) === isWord(text, at);
  }
}

function isWord(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (
    (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f || (unit >= 0x61 && unit <= 0x7a)
  );
}
