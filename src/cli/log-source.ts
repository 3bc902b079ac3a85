import { didYouMean } from '../base/did-you-mean.ts';
import { LOG_SOURCE_KEYS, type LogSource } from '../index.ts';
import { UsageError } from './exit.ts';

const FORM = 'write it as product=okta,service=okta';

/** `product=okta,service=okta`, as an option has it. */
export function parseLogSource(text: string, option: string): LogSource {
  const found = new Map<string, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (at === -1 || key === '' || value === '') throw new UsageError(`${option} ${text} is not a log source`, FORM);
    if (!LOG_SOURCE_KEYS.some((one) => one === key)) {
      const near = didYouMean(key, LOG_SOURCE_KEYS);
      const hint =
        near.length > 0 ? `did you mean ${near.join(' or ')}?` : `its parts are ${LOG_SOURCE_KEYS.join(', ')}`;
      throw new UsageError(`a log source has no ${key}`, hint);
    }
    if (found.has(key)) throw new UsageError(`${option} ${text} says ${key} twice`, FORM);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}
