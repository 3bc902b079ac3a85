import { didYouMean } from '../base/did-you-mean.ts';
import { logTypes } from '../index.ts';
import { UsageError } from './exit.ts';

/** Refuses a log type that does not exist: every record would silently be read as something no rule is about. */
export function checkLogType(name: string | undefined): void {
  if (name === undefined) return;
  const names = logTypes.map((type) => type.name);
  if (name === 'generic' || names.includes(name)) return;
  const near = didYouMean(name, names);
  throw new UsageError(
    `no log type is called ${name}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`dragoman types` lists them',
  );
}
