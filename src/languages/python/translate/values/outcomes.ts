import { FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { Logic } from '../conditions/logic.ts';
import { hashable, type Outcome, type Outcomes, type Pair, type PyValue } from './value.ts';

/** What can be done with values under conditions, whatever the values are. */
export class OutcomeLogic extends Logic {
  pairOf(test: Expr): Pair {
    return { t: test, f: this.negate(test) };
  }

  guard(cond: Expr, outcomes: Outcomes): Outcomes {
    return outcomes.flatMap((outcome) => {
      const both = this.all([cond, outcome.cond]);
      return both === FALSE ? [] : [{ cond: both, value: outcome.value }];
    });
  }

  /** When the outcomes give anything at all: where it does not raise. */
  defined(outcomes: Outcomes): Expr {
    return this.any(outcomes.map(({ cond, value }) => this.all([cond, this.definedValue(value)])));
  }

  /** A truth value of which neither holds raises. */
  definedValue(value: PyValue): Expr {
    return value.kind === 'bool' || value.kind === 'maybe' ? this.any([value.t, value.f]) : TRUE;
  }

  /** When what the outcomes give can be a key. */
  keyable(outcomes: Outcomes): Expr {
    return this.any(outcomes.map(({ cond, value }) => this.all([cond, this.definedValue(value), hashable(value)])));
  }

  /** Outcomes that are all truth values as one; equal constants as one. */
  merged(outcomes: Outcomes): Outcomes {
    if (outcomes.length < 2) return outcomes;
    const bools: Outcome[] = [];
    const others: Outcome[] = [];
    for (const outcome of outcomes) {
      const isBool =
        outcome.value.kind === 'bool' || (outcome.value.kind === 'const' && typeof outcome.value.value === 'boolean');
      (isBool ? bools : others).push(outcome);
    }
    const found: Outcome[] = [];
    if (bools.length > 0) {
      const pairs = bools.map(({ cond, value }) => ({ cond, pair: plainTruth(value) }));
      const t = this.any(pairs.map(({ cond, pair }) => this.all([cond, pair.t])));
      const f = this.any(pairs.map(({ cond, pair }) => this.all([cond, pair.f])));
      found.push({ cond: TRUE, value: { kind: 'bool', t, f } });
    }
    for (const outcome of others) {
      const at = found.findIndex((earlier) => sameConstant(earlier.value, outcome.value));
      const earlier = found[at];
      if (earlier === undefined) found.push(outcome);
      else found[at] = { cond: this.any([earlier.cond, outcome.cond]), value: earlier.value };
    }
    return found;
  }
}

function sameConstant(a: PyValue, b: PyValue): boolean {
  if (a.kind === 'unknown' && b.kind === 'unknown') return true;
  if (a.kind === 'dynamic' && b.kind === 'dynamic') {
    return a.expr === b.expr && a.mask === b.mask && a.made === b.made && a.whole === b.whole;
  }
  return (
    a === b || (a.kind === 'const' && b.kind === 'const' && a.value === b.value && typeof a.value === typeof b.value)
  );
}

function plainTruth(value: PyValue): Pair {
  if (value.kind === 'bool') return value;
  return value.kind === 'const' && value.value === true ? { t: TRUE, f: FALSE } : { t: FALSE, f: TRUE };
}
