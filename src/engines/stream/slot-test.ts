import type { Exists, IsNull, Match } from '../../ir/expr.ts';
import type { Truth, Value } from '../../values/value.ts';
import { compileMatchTest, hasValue } from '../memory/compile.ts';

/** What a test of a slot says of the slot's value: the memory engine's own verdict. */
export function compileSlotTest(test: Match | Exists | IsNull): (value: Value) => Truth {
  switch (test.kind) {
    case 'match':
      return compileMatchTest(test);
    case 'exists':
      return test.counts === 'present' ? (value) => value !== undefined : hasValue;
    case 'is-null':
      return (value) => (value ?? null) === null;
  }
}
