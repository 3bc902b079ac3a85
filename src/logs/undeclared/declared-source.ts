import type { JsonObject } from '../../base/json.ts';
import { kindAt } from '../kind-at.ts';
import { type LogSource, logSourceWords, sigmaSourceFields } from '../log-source.ts';
import { constant } from '../types/view-terms.ts';
import type { Taken } from './taken.ts';

/** Which records of undeclared types are of a log source, as a configuration says it. What it leaves out may be anything. */
export interface DeclaredSource {
  readonly source: LogSource;
  /** The name of their type: `generic`, or what `p_log_type` or `--log-type` says. */
  readonly logType?: string;
  /** Keys that they have at top level. */
  readonly keys?: readonly string[];
  /** Texts or numbers that stand at keys at top level. */
  readonly values?: Readonly<Record<string, string>>;
}

export function isDeclaredAs(event: JsonObject, logType: string, declared: DeclaredSource): boolean {
  const { logType: wanted, keys = [], values = {} } = declared;
  if (wanted !== undefined && wanted !== logType) return false;
  if (!keys.every((key) => kindAt(event, key) !== undefined)) return false;
  return Object.entries(values).every(([key, value]) => {
    const kind = kindAt(event, key);
    return (kind === 'text' || kind === 'number' || kind === 'boolean') && String(event[key]) === value;
  });
}

/** What a log source that the user states makes of records: one way for Sigma's rules and one for Elastic's, as far as it says. */
export function takenAs(source: LogSource, by: string): readonly Taken[] {
  const words = logSourceWords(source);
  const sigma = sigmaSourceFields(source);
  const { index } = source;
  const way = (schema: Taken['schema'], fields: Taken['source']): Taken => ({
    id: `${schema} ${by}: ${JSON.stringify(source)}`,
    as: words,
    by,
    schema,
    source: fields,
  });
  return [
    ...(sigma === undefined ? [] : [way('sigma', sigma)]),
    ...(index === undefined ? [] : [way('ecs', new Map([['_index', constant(index)]]))]),
  ];
}
