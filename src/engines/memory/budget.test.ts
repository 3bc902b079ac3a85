import { expect, it } from 'vitest';
import type { Value } from '../../values/value.ts';
import { Budget, bounded, LimitReached, MOST_KEPT, MOST_TEXT, MOST_VALUES } from './budget.ts';

it('counts rows that are kept over a run, and those made of one record', () => {
  const budget = new Budget({ rows: 2, seconds: 60 });
  budget.keep();
  budget.make(2);
  budget.begin();
  budget.make(2);
  budget.keep();
  expect(() => budget.keep()).toThrow(LimitReached);
  budget.begin();
  expect(() => budget.make(3)).toThrow('more than 2 rows');
});

it('counts what the rows hold that are kept: a few can be as large as many', () => {
  const text = 'x'.repeat(1024 * 1024);
  const few = MOST_KEPT / text.length;
  for (const row of [
    { event: { a: { b: text } }, columns: new Map() },
    { event: undefined, columns: new Map([['a', text]]) },
  ]) {
    const budget = new Budget({ rows: Number.POSITIVE_INFINITY, seconds: 60 });
    expect(() => {
      for (let at = 0; at <= few; at += 1) budget.keep(row);
    }).toThrow('characters kept');
  }
});

it('looks at the time now and then', () => {
  const budget = new Budget({ rows: 2, seconds: 0 });
  const steps = (): void => {
    for (;;) budget.step();
  };
  expect(steps).toThrow('more than 0 seconds');
});

it('bounds texts, and lists with all that is in them', () => {
  expect(() => bounded('x'.repeat(MOST_TEXT))).not.toThrow();
  expect(() => bounded('x'.repeat(MOST_TEXT + 1))).toThrow(LimitReached);
  let shared: Value = ['x'];
  const doubling = (): void => {
    for (let at = 0; at < 60; at += 1) shared = bounded([shared, shared]);
  };
  expect(doubling).toThrow(`more than ${MOST_VALUES.toLocaleString('en-US')} values`);
});

it('bounds what is kept over a run, with the texts inside of lists and bags', () => {
  const text = 'x'.repeat(1024 * 1024);
  for (const value of [text, [text], { a: { b: text } }]) {
    const budget = new Budget({ rows: Number.POSITIVE_INFINITY, seconds: 60 });
    const few = MOST_KEPT / text.length - 1;
    for (let at = 0; at < few; at += 1) budget.hold(value);
    expect(() => {
      for (let at = 0; at < 2; at += 1) budget.hold(value);
    }).toThrow('characters kept');
  }
});
