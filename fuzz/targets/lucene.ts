import { sourceText } from '../../src/base/source-text.ts';
import { compilePredicate, rowOf } from '../../src/engines/memory/index.ts';
import { KuerySearch } from '../../src/formats/elastic/field-search.ts';
import { printExpr } from '../../src/ir/print/print.ts';
import { lowerLucene, parseLucene } from '../../src/languages/lucene/index.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { plainly } from '../../test/plain-records.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics } from './oracles.ts';
import { RECORDS } from './records.ts';
import { textTargetOf } from './target-of.ts';

const clock = { now: fromEpochMs(1_767_225_600_000) };

export default textTargetOf({
  name: 'lucene',
  about:
    'Lucene query strings, by both default operators: read, lowered and run; a query in brackets is the same query',
  seeds: [
    'event.action:(start OR stop) AND NOT user.name:root',
    '+a:b -process.name:"cmd.exe" c',
    'process.pid:[40 TO 50} AND source.port:>=443',
    'message:"quick brown"~2^3 OR qu?ck~1',
    'process.name:/cmd\\.[a-z]+/ && _exists_:a.b || !c:*',
    '@timestamp:[2026-01-01 TO *] AND source.ip:"10.0.0.0/8"',
    'a\\:b:x\\ y',
  ],
  words: [
    ...[
      'AND',
      'OR',
      'NOT',
      '&&',
      '||',
      '!',
      '+',
      '-',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      'TO',
      '~',
      '^',
      '*',
      '?',
      ':',
      '"',
      '/',
      '\\',
      '>=',
    ],
    ...['_exists_', '*:*', 'process.name', 'source.ip', '@timestamp', 'message', 'now-1d', '2026-01-01', '10.0.0.0/8'],
  ],
  functions: { parseLucene, lowerLucene },
  // Nothing is found by what stands in brackets.
  planted: (own) => ({
    ...own,
    parseLucene: (source, options) => {
      const read = source.text.startsWith('(') ? sourceText(source.name, 'none:none') : source;
      return own.parseLucene(read, options);
    },
  }),
  check(text, { parseLucene, lowerLucene }) {
    for (const operator of ['or', 'and'] as const) {
      const { query, diagnostics } = parseLucene(sourceText('q', text), { operator });
      holdDiagnostics(diagnostics, text, 'q');
      const search = new KuerySearch(ecsSchema);
      const lowered = lowerLucene(query, search);
      holdDiagnostics(search.diagnostics, text, 'q');
      if ([...diagnostics, ...search.diagnostics].some(({ severity }) => severity === 'error')) continue;
      const decide = compilePredicate(plainly(lowered), clock);
      const verdicts = RECORDS.map((record) => decide(rowOf(record)));
      const inBrackets = parseLucene(sourceText('q', `(${text}\n)`), { operator });
      if (text.trim() === '' || inBrackets.diagnostics.length > diagnostics.length) continue;
      const again = lowerLucene(inBrackets.query, new KuerySearch(ecsSchema));
      const same = compilePredicate(plainly(again), clock);
      for (const [at, record] of RECORDS.entries()) {
        hold(same(rowOf(record)) === verdicts[at], () => `in brackets it gives another verdict: ${printExpr(again)}`);
      }
    }
  },
});
