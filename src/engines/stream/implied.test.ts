import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { call, match, PLAIN } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { filterWork } from '../port.ts';
import { compileProgram } from './compile.ts';
import { Matcher } from './typescript/matcher.ts';

/** Rules over what views make of records are asked only where the record holds what they need. */

const place = (name: string): Expr => ({ kind: 'raw', paths: [[name]], ...PLAIN });
const text = (value: string): Expr => ({ kind: 'literal', type: 'string', value });
const lastPart = (of: Expr): Expr =>
  call('view.capture', [of, text('([^/]+)$'), { kind: 'literal', type: 'int', value: '1' }]);
const only = (when: Expr, then: Expr): Expr => ({
  kind: 'cond',
  branches: [{ when, then }],
  otherwise: { kind: 'missing' },
});
const isProcess = match(place('id'), { kind: 'equals', value: '1' });

/** How many of the records are looked at, and how many match. */
function asked(filter: Expr, events: readonly JsonObject[]): { candidates: number; matched: number } {
  const work = filterWork(1);
  const matcher = new Matcher(compileProgram([filter]), work);
  const matched = events.filter((event) => matcher.match(event).length > 0).length;
  return { candidates: work.candidates[0] ?? 0, matched };
}

describe('what a test of something made of a record implies of the record', () => {
  it('a stretch of a text that equals another holds it', () => {
    const filter = match(lastPart(place('path')), { kind: 'equals', value: 'amsi' }, { collation: 'ignore-case' });
    const events = [{ path: 'a/b/AMSI' }, { path: 'a/b' }, { path: 'amsi/b' }, { other: 'amsi' }];
    expect(asked(filter, events)).toEqual({ candidates: 2, matched: 1 });
  });

  it('also of texts in lower case, of the first of several and under conditions', () => {
    const made = call('view.coalesce', [only(isProcess, call('text.lower', [place('path')])), lastPart(place('file'))]);
    const filter = match(made, { kind: 'one-of', values: ['amsi', 'other'] });
    const events = [
      { id: '1', path: 'AMSI' },
      { id: '2', path: 'AMSI' },
      { id: '2', file: 'x/other' },
      { id: '1', path: 'b' },
    ];
    // The second could have been made of the path, as far as the text alone says.
    expect(asked(filter, events)).toEqual({ candidates: 3, matched: 2 });
  });

  it('a value that is made under a condition is there only where the condition is true', () => {
    const made: Expr = {
      kind: 'list',
      items: [only(isProcess, call('view.pair', [place('hashes'), text('MD5')]))],
    };
    const filter: Expr = { kind: 'exists', subject: made, counts: 'value' };
    const events = [{ id: '1', hashes: 'MD5=00' }, { id: '2', hashes: 'MD5=00' }, { id: '3' }];
    expect(asked(filter, events)).toEqual({ candidates: 1, matched: 1 });
  });
});
