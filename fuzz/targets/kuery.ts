import { sourceText } from '../../src/base/source-text.ts';
import { compilePredicate, rowOf } from '../../src/engines/memory/index.ts';
import { lintKuery, lowerKuery, parseKuery, printKuery } from '../../src/languages/kuery/index.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { plainly } from '../../test/plain-records.ts';
import { holdDiagnostics, holdSame, withoutPlaces } from './oracles.ts';
import { RECORDS } from './records.ts';
import { textTargetOf } from './target-of.ts';

const clock = { now: fromEpochMs(1_767_225_600_000) };

export default textTargetOf({
  name: 'kuery',
  about: 'kuery queries: read, printed and read again, linted, lowered and run',
  seeds: [
    'a:b',
    'process.name:"cmd.exe" and not user.name:(root or SYSTEM)',
    'source.port >= 443 or event.code < "10"',
    'event.action:st*p and d:*',
    'a.b:{ c.d:"x" and c.d:y }',
    '"quick brown" or message:(the and not fox*)',
    '@timestamp > "2026-01-01" and source.ip:10.0.0.0/8',
    'a\\:b:"x\\"y\\u0041" and not (not a:null or b:true)',
    '*:* and pro*.name:*',
  ],
  words: [
    ...[
      'and',
      'or',
      'not',
      'AND',
      'OR',
      'NOT',
      'true',
      'false',
      'null',
      ':',
      '<',
      '<=',
      '>',
      '>=',
      '(',
      ')',
      '{',
      '}',
      '*',
      '"',
      '\\',
    ],
    ...[
      '\\u0041',
      '\\"',
      '\\:',
      'process.name',
      'source.ip',
      '@timestamp',
      'event.code',
      'a.b',
      'now-1d/d',
      '10.0.0.0/8',
      '::1',
      '2026-01-01',
    ],
  ],
  functions: { parseKuery, printKuery, lowerKuery },
  // Of three that are all asked for, the last is forgotten.
  planted: (own) => ({
    ...own,
    printKuery: (ast) =>
      own.printKuery(ast.kind === 'and' && ast.items.length > 2 ? { ...ast, items: ast.items.slice(0, -1) } : ast),
  }),
  check(text, { parseKuery, printKuery, lowerKuery }) {
    const parsed = parseKuery(sourceText('q', text));
    const { ast, diagnostics } = parsed;
    holdDiagnostics(diagnostics, text, 'q');
    if (diagnostics.some(({ severity }) => severity === 'error')) return;
    const printed = printKuery(ast);
    const again = parseKuery(sourceText('q', printed));
    holdSame(withoutPlaces(again.ast), withoutPlaces(ast), `what is printed as ${printed}`);
    holdDiagnostics(lintKuery(parsed, ecsSchema), text, 'q');
    const lowered = lowerKuery(ast, ecsSchema);
    holdDiagnostics(lowered.diagnostics, text, 'q');
    if (!lowered.ok) return;
    const decide = compilePredicate(plainly(lowered.value), clock);
    for (const record of RECORDS) decide(rowOf(record));
  },
});
