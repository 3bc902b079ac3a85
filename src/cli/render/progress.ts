import type { Output } from '../io.ts';
import { DEFAULT_COLUMNS } from '../io.ts';
import { clip } from './cells.ts';

export interface Progress {
  /** Says how far the work is; `total` is undefined while nobody knows. */
  update(done: number, total: number | undefined, what: string): void;
  /** Takes the bar away again. */
  stop(): void;
}

/** Work shorter than this shows no bar. */
const DELAY_MS = 700;
const EVERY_MS = 150;
const BAR = 24;
const CLEAR_LINE = '\r\u001b[2K';

/** A bar on a terminal, once the work turns out to be long; nothing elsewhere. */
export function progressBar(output: Output, label: string, clock: () => number = Date.now): Progress {
  if (!output.terminal) return { update: () => undefined, stop: () => undefined };
  const begun = clock();
  let last = 0;
  let shown = false;
  return {
    update: (done, total, what) => {
      const now = clock();
      if (now - begun < DELAY_MS || now - last < EVERY_MS) return;
      last = now;
      shown = true;
      void output.write(
        CLEAR_LINE + clip(line(label, done, total, what, now - begun), (output.columns ?? DEFAULT_COLUMNS) - 1),
      );
    },
    stop: () => {
      if (shown) void output.write(CLEAR_LINE);
      shown = false;
    },
  };
}

function line(label: string, done: number, total: number | undefined, what: string, elapsed: number): string {
  if (total === undefined || total <= 0) return `${label}  ${what}`;
  const share = Math.min(1, done / total);
  const full = Math.round(share * BAR);
  const left = share > 0.02 ? `  ${Math.ceil((elapsed / share - elapsed) / 1000)} s left` : '';
  return `${label} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.floor(share * 100)} %  ${what}${left}`;
}
