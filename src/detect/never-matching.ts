import type { Diagnostic } from '../base/diagnostic.ts';
import { neverDiagnostic } from '../engines/python/never.ts';
import { tierOf } from '../engines/python/tiers.ts';
import { pythonOf, type Rule } from '../ir/rule.ts';
import type { LogType } from '../logs/log-type.ts';
import { pantherLogType } from './python-rules.ts';

/** The Python rules that were given records and match none whatever, by what is known of them without Python. */
export function neverMatching(
  rules: readonly Rule[],
  seen: readonly { readonly type: LogType; readonly records: number }[],
): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  for (const { type, records } of seen) {
    const name = pantherLogType(type, {}) ?? type.name;
    counts.set(name, (counts.get(name) ?? 0) + records);
  }
  return rules.flatMap((rule) => {
    const logTypes = pythonOf(rule)?.logTypes ?? [];
    const records = logTypes.reduce((sum, logType) => sum + (counts.get(logType) ?? 0), 0);
    const never = records === 0 ? undefined : tierOf(rule)?.never;
    return never === undefined ? [] : [neverDiagnostic(rule, never, records)];
  });
}
