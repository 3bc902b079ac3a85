import type { Quantified } from '../../ir/expr.ts';
import type { Value } from '../../values/value.ts';

/** What a quantified expression makes of its body's values, one for each element that is looked at, as they come. */
export function quantify(how: Quantified['how'], values: Iterable<Value>): Value {
  switch (how) {
    case 'any':
      for (const value of values) if (value === true) return true;
      return false;
    case 'all':
      for (const value of values) if (value !== true) return false;
      return true;
    case 'none':
      for (const value of values) if (value === true) return false;
      return true;
    case 'one': {
      let found = 0;
      for (const value of values) {
        if (value === true) found += 1;
        if (found > 1) return false;
      }
      return found === 1;
    }
    case 'count': {
      let found = 0n;
      for (const value of values) if (value === true) found += 1n;
      return found;
    }
    case 'collect':
      return Array.from(values, (value) => value ?? null);
  }
}
