import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AlertGroup } from '../src/ir/rule/alert.ts';
import { ALERT_SEMANTICS, type AlertSemantics } from '../src/ir/rule/alert-semantics.ts';
import { durationInWords, ticks } from '../src/values/duration.ts';

const GROUPS: Readonly<Record<AlertGroup['by'], string>> = {
  match: 'each match',
  all: 'all rows of a run',
  dedup: 'the matches with one dedup text',
  fields: 'the matches with the same values',
};

function row(product: string, { group, period, seenAgain, schedule, mostPerRun }: AlertSemantics): string {
  const words = (seconds: number): string => durationInWords(ticks(seconds));
  const most = mostPerRun === undefined ? '' : `; at most ${mostPerRun} alerts a run`;
  const cells = [
    product,
    GROUPS[group],
    period === undefined ? '–' : words(period),
    seenAgain === 'once' ? 'matches once' : 'matches in each run',
    schedule === undefined ? '–' : `every ${words(schedule.every)}, look-back ${words(schedule.lookback)}${most}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

test('the page on alerts says of each product what its row says', () => {
  const page = readFileSync(new URL('../docs/alerts.md', import.meta.url), 'utf8');
  const [, section = ''] = /<!-- products -->\n([\s\S]*?)<!-- \/products -->/.exec(page) ?? [];
  const rows = section.trim().split('\n').slice(2);
  expect(rows).toEqual(Object.entries(ALERT_SEMANTICS).map(([product, semantics]) => row(product, semantics)));
});
