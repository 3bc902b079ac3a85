import { expect, it } from 'vitest';
import { diagnostic } from './diagnostic.ts';
import { DiagnosticKinds } from './diagnostic-kinds.ts';

it('keeps the first of each kind, and counts the others; what fails often hides nothing else', () => {
  const kinds = new DiagnosticKinds(2);
  for (let line = 1; line <= 5; line += 1) kinds.add(diagnostic('logs/not-json', { file: 'x', line, reason: 'r' }));
  kinds.add(diagnostic('logs/binary', { file: 'x', format: 'f' }));
  expect(kinds.all()).toMatchObject([
    { code: 'logs/not-json', params: { line: 1 } },
    { code: 'logs/binary' },
    { code: 'run/more', params: { code: 'logs/not-json', count: 3 } },
    { code: 'logs/not-json', params: { line: 2 } },
  ]);
});

it('tells rules, and places in them, apart', () => {
  const kinds = new DiagnosticKinds(1);
  const span = (start: number) => ({ source: 'r.py', start, end: start + 1 });
  for (const rule of ['a', 'b']) {
    for (const start of [1, 2, 1, 2, 1]) kinds.add(diagnostic('python/memory', { rule }, span(start)));
  }
  const counted = kinds.all().filter(({ code }) => code === 'run/more');
  expect(kinds.all()).toHaveLength(8);
  expect(counted.map(({ params }) => params['count'])).toEqual([2, 1, 2, 1]);
});

it('keeps no more kinds than so many', () => {
  const kinds = new DiagnosticKinds();
  for (let at = 0; at < 10_005; at += 1) kinds.add(diagnostic('python/memory', { rule: `r${at}` }));
  expect(kinds.all().at(-1)).toMatchObject({ code: 'run/more', params: { count: 5 } });
});
