import type { SigmaFunction } from '../../../ir/functions/sigma.ts';
import { toEpochMs } from '../../../values/date-time.ts';
import { textOf } from '../../../values/text-of.ts';
import { DateTime, type Value } from '../../../values/value.ts';
import type { Implementation } from './implementation.ts';

/** Tests the texts of two fields, each pair of values where they have several. Never unknown. */
function compareFields(test: (text: string, other: string) => boolean): Implementation {
  return ([field, other, caseCounts]) => {
    const fold = (value: Value): string[] => {
      const text = textOf(value);
      if (text !== undefined) return [caseCounts === true ? text : text.toLowerCase()];
      return Array.isArray(value) ? value.flatMap(fold) : [];
    };
    const others = fold(other);
    return fold(field).some((text) => others.some((wanted) => test(text, wanted)));
  };
}

function partOf(read: (date: Date) => number): Implementation {
  return ([moment]) => (moment instanceof DateTime ? read(new Date(toEpochMs(moment))) : null);
}

const DAY_MS = 86_400_000;

/** The week that holds the day's Thursday, counted in the year that holds that Thursday. */
function isoWeek(date: Date): number {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(date.getTime() + (3 - weekday) * DAY_MS);
  const january = new Date(thursday);
  january.setUTCMonth(0, 1);
  return Math.floor((thursday.getTime() - january.getTime()) / DAY_MS / 7) + 1;
}

export const sigmaImplementations: Record<SigmaFunction, Implementation> = {
  'sigma.equals-field': compareFields((text, other) => text === other),
  'sigma.starts-with-field': compareFields((text, other) => text.startsWith(other)),
  'sigma.ends-with-field': compareFields((text, other) => text.endsWith(other)),
  'sigma.contains-field': compareFields((text, other) => text.includes(other)),
  'sigma.minute': partOf((date) => date.getUTCMinutes()),
  'sigma.hour': partOf((date) => date.getUTCHours()),
  'sigma.day': partOf((date) => date.getUTCDate()),
  'sigma.week': partOf(isoWeek),
  'sigma.month': partOf((date) => date.getUTCMonth() + 1),
  'sigma.year': partOf((date) => date.getUTCFullYear()),
};
