import { createHash } from 'node:crypto';

/** What says where something stands, and the modules around a rule's own: no part of what it means by itself. */
const LEFT_OUT: ReadonlySet<string> = new Set(['span', 'bundle']);

/**
 * A text that IR and what is made of it share exactly when they are the same but for their spans, and for where the rules stand that
 * they refer to.
 */
export function contentHash(content: unknown): string {
  const text = JSON.stringify(content, (key, value: unknown) => {
    if (LEFT_OUT.has(key)) return undefined;
    return key === 'rule' && isRef(value) ? [value.format, value.id] : value;
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function isRef(value: unknown): value is { readonly format: unknown; readonly id: unknown } {
  return typeof value === 'object' && value !== null && 'format' in value && 'id' in value;
}
