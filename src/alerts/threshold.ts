import type { AlertThreshold, ThresholdOperator } from '../ir/rule/alert.ts';

/** Whether so many matches make an alert, when there will be no more of them. */
export function isReached({ operator, count }: AlertThreshold, found: number): boolean {
  switch (operator) {
    case 'gt':
      return found > count;
    case 'ge':
      return found >= count;
    case 'lt':
      return found < count;
    case 'eq':
      return found === count;
    case 'ne':
      return found !== count;
  }
}

/** What is known while more matches may come: `holds` and `fails` stay true however many do. */
export function soFar({ operator, count }: AlertThreshold, found: number): 'holds' | 'fails' | 'open' {
  switch (operator) {
    case 'gt':
      return found > count ? 'holds' : 'open';
    case 'ge':
      return found >= count ? 'holds' : 'open';
    case 'lt':
      return found >= count ? 'fails' : 'open';
    case 'eq':
      return found > count ? 'fails' : 'open';
    case 'ne':
      return found > count ? 'holds' : 'open';
  }
}

export const SIGNS: Readonly<Record<ThresholdOperator, string>> = { gt: '>', ge: '>=', lt: '<', eq: '=', ne: '!=' };
