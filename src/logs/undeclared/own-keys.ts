import type { JsonObject } from '../../base/json.ts';
import { call } from '../../ir/construct.ts';
import { kindAt } from '../kind-at.ts';
import type { LogSource } from '../log-source.ts';
import { textAt } from '../types/shapes.ts';
import { fieldOf, own } from '../types/view-terms.ts';
import type { Taken } from './taken.ts';

const KEYS = ['product', 'category', 'service'] as const;

/**
 * The record says its log source itself: at top level it has the keys that the rule's `logsource` has, as texts. A list is none:
 * which of several would it be?
 */
const OWN_KEYS: Taken = {
  id: 'own keys',
  as: 'the log source that it names',
  by: 'its own keys product, category and service',
  schema: 'sigma',
  source: new Map(KEYS.map((key) => [`logsource.${key}`, fieldOf(call('view.text', [own(key)]))] as const)),
};

/** `admits`: whether any rule at hand is about such a source; only then does it matter what the keys say. */
export function byOwnKeys(event: JsonObject, admits: (source: LogSource) => boolean): Taken | undefined {
  const named = KEYS.filter((key) => kindAt(event, key) === 'text');
  if (named.length === 0) return undefined;
  return admits(Object.fromEntries(named.map((key) => [key, textAt(event, key)]))) ? OWN_KEYS : undefined;
}
