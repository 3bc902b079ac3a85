import { sourceText } from '../../base/source-text.ts';
import type { Schedule } from '../../ir/rule/alert.ts';
import { ticks } from '../../values/duration.ts';
import type { LoadContext } from '../rule-file.ts';
import { readYaml, type YamlNode } from '../source/yaml-source.ts';
import { filesById } from './repository.ts';

/** The seconds of the units of `p_occurs_since`; without one they are seconds. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * When the queries of a scheduled rule run, and what they look back at: of several, the one that runs most often. Undefined
 * where their files are not in the repository, or say neither.
 */
export function readSchedule(path: string, queries: readonly string[], context: LoadContext): Schedule | undefined {
  const files = filesById(path, context);
  const schedules = queries.flatMap((name) => {
    const file = files.get(name);
    const text = file === undefined ? undefined : context.readText(file);
    if (file === undefined || text === undefined) return [];
    const node = readYaml(sourceText(file, text)).documents.find((one) => one.get('QueryName')?.written() === name);
    return node === undefined ? [] : (scheduleOf(node, text) ?? []);
  });
  return schedules.sort((a, b) => (BigInt(a.every) < BigInt(b.every) ? -1 : 1))[0];
}

function scheduleOf(node: YamlNode, text: string): Schedule | undefined {
  const schedule = node.get('Schedule');
  const minutes = schedule?.get('RateMinutes')?.asNumber();
  const every = minutes === undefined ? cronSeconds(schedule?.get('CronExpression')?.asString() ?? '') : minutes * 60;
  if (every === undefined || every <= 0) return undefined;
  const back = lookbackSeconds(text) ?? every;
  return {
    every: ticks(every).toString(),
    lookback: ticks(back).toString(),
    delay: '0',
    by: 'ingestion',
    stated: true,
  };
}

/** How far a query looks back, by the first `p_occurs_since('1 day')` in it. */
function lookbackSeconds(query: string): number | undefined {
  const found = /p_occurs_since\(\s*(?:'\s*)?(\d+)\s*([smhdw]?)/i.exec(query);
  if (found === null) return undefined;
  return Number(found[1]) * (UNITS[found[2]?.toLowerCase() ?? ''] ?? 1);
}

/** The seconds between two times of a cron expression that fires at even distances: each hour, each n hours, each day. */
function cronSeconds(expression: string): number | undefined {
  const found = /^\s*\d+\s+(?:(\*)|\*\/(\d+)|(\d+))\s+\*\s+\*\s+\*\s*$/.exec(expression);
  if (found === null) return undefined;
  const [, each, step] = found;
  if (each !== undefined) return 3600;
  if (step === undefined) return 86_400;
  return 24 % Number(step) === 0 ? Number(step) * 3600 : undefined;
}
