import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Checkpoint, StoredOperator } from './checkpoint.ts';
import { readObject } from './plain.ts';

/** A rule, as far as stored state is found by it. */
interface Found {
  readonly format: string;
  readonly id: string;
}

/** A checkpoint that the parts of a session take their state from. */
export class StoredState {
  readonly checkpoint: Checkpoint;
  /** What was taken up and still has to be said. */
  readonly notes: Diagnostic[] = [];
  private readonly taken = new Set<StoredOperator>();

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** What a part of the session remembers that is of no rule. Throws `NotStored`. */
  session(part: string): JsonObject {
    return readObject(this.checkpoint.session[part]);
  }

  /** The state of rules that mean what they meant, in the order in which it was stored; each is given to one rule. */
  *of<R extends Found>(
    part: string,
    rules: readonly R[],
    fingerprintOf: (rule: R) => string,
  ): Generator<readonly [rule: R, state: Json]> {
    const free = new Map<string, R[]>();
    for (const rule of rules) {
      const key = keyOf(rule);
      free.set(key, [...(free.get(key) ?? []), rule]);
    }
    for (const operator of this.checkpoint.operators) {
      if (operator.part !== part) continue;
      const same = free.get(keyOf(operator.rule)) ?? [];
      const place = same.findIndex((rule) => fingerprintOf(rule) === operator.fingerprint);
      const [rule] = place === -1 ? [] : same.splice(place, 1);
      if (rule === undefined) continue;
      this.taken.add(operator);
      yield [rule, operator.state];
    }
  }

  /** What was not taken up, once all parts have taken theirs. */
  diagnostics(): readonly Diagnostic[] {
    const left = this.checkpoint.operators.filter((operator) => !this.taken.has(operator));
    const names = new Set(left.map(({ rule }) => rule.name));
    return [...this.notes, ...[...names].map((rule) => diagnostic('checkpoint/dropped', { rule }))];
  }
}

function keyOf({ format, id }: Found): string {
  return JSON.stringify([format, id]);
}
