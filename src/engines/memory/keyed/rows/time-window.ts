import type { SettledWindow } from '../../../../ir/plan/keyed.ts';
import { earliestOf } from './moments.ts';

/** The last moment that belongs to a window with rows from `opened` to `latest`: later rows open another, or move it. */
export function endOf(window: SettledWindow, opened: bigint, latest: bigint): bigint | 'forever' {
  switch (window.kind) {
    case 'sliding':
      return window.length === null ? 'forever' : latest + BigInt(window.length);
    case 'anchored':
      return window.length === null ? 'forever' : opened + BigInt(window.length);
    case 'tumbling': {
      const length = BigInt(window.length);
      const after = (opened - BigInt(window.origin)) % length;
      return opened - (after < 0n ? after + length : after) + length - 1n;
    }
    case 'session': {
      const next = latest + BigInt(window.gap);
      const most = window.atMost === null ? next : opened + BigInt(window.atMost);
      return earliestOf([next, most]) ?? next;
    }
  }
}

/** By how much a match may come later than the time of its last row. */
export function delayOf(window: SettledWindow): bigint | 'forever' {
  switch (window.kind) {
    case 'sliding':
      return 0n;
    case 'anchored':
      return window.length === null ? 'forever' : BigInt(window.length);
    case 'tumbling':
      return BigInt(window.length);
    case 'session':
      return BigInt(window.gap);
  }
}
