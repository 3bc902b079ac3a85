import type { Diagnostic } from '../index.ts';
import type { Io } from './io.ts';

/** What to ask who gave logs of which nothing could be read. */
export const NOTHING_READ = 'hint: no record was read: are these the log files?\n';

/** Says what to do about logs that nobody reads. */
export async function hintAtLogs(found: readonly Diagnostic[], io: Io): Promise<void> {
  if (found.some((one) => /\.[ct]sv(?:\.\w+)?$/i.test(String(one.params['file'] ?? '')))) {
    await io.stderr.write('hint: CSV is not read: export the same rows as JSON, an array or one object a line\n');
  }
}
