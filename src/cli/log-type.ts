import { didYouMean } from '../base/did-you-mean.ts';
import { logType, logTypes } from '../index.ts';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';

/**
 * Looks at a `--log-type`. A name that nobody declared is allowed (its records are read as they are), but one that is
 * nearly a declared name is a slip: every record would silently be something that no rule is about.
 */
export async function checkLogType(name: string | undefined, io: Io): Promise<void> {
  if (name === undefined || logType(name).declared || name === 'generic') return;
  const names = logTypes.map((type) => type.name);
  // `sysmon`, `CloudTrail`, `DeviceProcessEvents`: the half of a name.
  const halves = names.filter((known) => known.toLowerCase().split('.').includes(name.toLowerCase()));
  const near = halves.length > 0 ? halves : didYouMean(name, names);
  if (near.length > 0) throw new UsageError(`no log type is called ${name}`, `did you mean ${near.join(' or ')}?`);
  await io.stderr.write(
    `note: no log type is called ${name}; its records are read as they are (\`dragoman types\` lists the types)\n`,
  );
}
