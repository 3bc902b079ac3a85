import { sourceText } from '../../src/base/source-text.ts';
import { parseCondition } from '../../src/languages/sigma/condition-parser.ts';
import { printCondition } from '../../src/languages/sigma/print.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics, holdSame, withoutPlaces } from './oracles.ts';
import { textTargetOf } from './target-of.ts';

export default textTargetOf({
  name: 'sigma-condition',
  about: 'conditions of Sigma rules, with the aggregations of Sigma 1: read, printed and read again',
  seeds: [
    'selection and not 1 of filter_*',
    '(a or b) and not (c and all of them)',
    '2 of sel* or any of them',
    'sel | count(User) by src_ip, dst.ip > 5',
    'sel | near a and not b',
    'NOT a OR ALL OF x-*',
  ],
  words: [
    'and',
    'or',
    'not',
    'of',
    'them',
    'all',
    'any',
    '1',
    '2',
    '|',
    'count()',
    'sum(',
    'by',
    '>',
    '<=',
    '==',
    'near',
    '(',
    ')',
    '*',
    'sel_*',
    'a',
    'AND',
  ],
  mostBytes: 4 * 1024,
  functions: { parseCondition, printCondition },
  // A negation of a negation is one.
  planted: (own) => ({ ...own, printCondition: (one) => own.printCondition(one).replace(/not not (?!not )/, 'not ') }),
  check(text, { parseCondition, printCondition }) {
    const { condition, aggregation, diagnostics } = parseCondition(sourceText('q', text));
    holdDiagnostics(diagnostics, text, 'q');
    if (condition === undefined) hold(diagnostics.length > 0, 'there is neither a condition nor a reason');
    if (condition === undefined || diagnostics.length > 0) return;
    const printed = printCondition(condition);
    const again = parseCondition(sourceText('q', printed));
    holdSame(withoutPlaces(again.condition), withoutPlaces(condition), `what is printed as ${printed}`);
    if (aggregation?.kind === 'near') printCondition(aggregation.expression);
  },
});
