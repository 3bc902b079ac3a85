import type { ViewField } from '../ir/view.ts';
import { constant } from './types/view-terms.ts';

/** A log source in the words of the rules that are about it: Sigma's three, and the index or data stream of Elastic's rules. */
export interface LogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
  readonly index?: string;
}

export const LOG_SOURCE_KEYS: readonly (keyof LogSource)[] = ['product', 'category', 'service', 'index'];

/** `product okta, service okta` */
export function logSourceWords(source: LogSource): string {
  return LOG_SOURCE_KEYS.flatMap((key) => (source[key] === undefined ? [] : [`${key} ${source[key]}`])).join(', ');
}

/** What a scope of Sigma's rules asks about; undefined where the source says nothing of it. */
export function sigmaSourceFields(source: LogSource): ReadonlyMap<string, ViewField> | undefined {
  const { product, category, service } = source;
  const fields = Object.entries({ product, category, service }).flatMap(([key, value]) =>
    value === undefined ? [] : [[`logsource.${key}`, constant(value)] as const],
  );
  return fields.length === 0 ? undefined : new Map(fields);
}
