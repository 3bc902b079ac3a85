import { sourceText } from '../../src/base/source-text.ts';
import { printPlan } from '../../src/ir/print/print-plan.ts';
import { lowerKusto, parseKusto, printKusto } from '../../src/languages/kusto/index.ts';
import { aggregateNames } from '../../src/languages/kusto/lower/functions/aggregates.ts';
import { scalarFunctionNames } from '../../src/languages/kusto/lower/functions/table.ts';
import { TEXT_OPERATORS } from '../../src/languages/kusto/text-operators.ts';
import { checkPlan } from '../../src/passes/check.ts';
import { query } from '../../src/query/query.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics, holdSame, withoutPlaces } from './oracles.ts';
import { textTargetOf } from './target-of.ts';

const OPERATORS =
  'where extend project project-away project-keep project-rename project-reorder summarize distinct sort order top take limit count join lookup union mv-expand mv-apply parse parse-where parse-kv make-series serialize sample search find evaluate partition scan let print datatable range invoke as render getschema fork facet reduce top-nested externaldata';
const schemas = (name: string): typeof kustoSchema | undefined => (name === 'kusto' ? kustoSchema : undefined);
const now = fromEpochMs(1_767_225_600_000);

export default textTargetOf({
  name: 'kusto',
  about:
    'Kusto queries: read, printed and read again, lowered to plans that are sound, run over the rows they write themselves',
  seeds: [
    'print a = 1 + 2 * 3, b = strcat("x", tostring(4)), c = ago(1h), d = dynamic({"a":[1,null]})',
    'datatable (a: long, b: string) [1, "x", 2, "y", 3, ""] | where a > 1 and b has "x" or b startswith "y" | extend c = a * 2 | project a, c',
    'let t = datatable (a: string, b: long) ["x", 1, "x", 2, "y", 3]; t | summarize n = count(), s = sum(b), d = dcount(a) by a | sort by n desc, a asc | top 2 by s',
    'let f = (x: long) { x + 1 }; range i from 1 to 10 step 2 | extend j = f(i) | join kind=leftouter (range i from 1 to 4 step 1) on i | count',
    'SecurityEvent | where EventID == 4688 and Account !in~ ("a", "b") | summarize make_set(Computer), arg_max(TimeGenerated, *) by bin(TimeGenerated, 1h)',
    'datatable (d: dynamic) [dynamic([1,2]), dynamic({"a":"b"})] | mv-expand x = d to typeof(long) | parse kind=regex tostring(x) with * "a" y:long',
    'union withsource=T (print a=1), (print a=2, b="x") | where a between (1 .. 2) and isnotempty(b) | distinct a, T',
    'range t from datetime(2026-01-01) to datetime(2026-01-02) step 6h | make-series n = count() default=0 on t from datetime(2026-01-01) to datetime(2026-01-03) step 1d',
    'print x = "k=v;l=w" | parse-kv x as (k: string, l: string) with (pair_delimiter=";", kv_delimiter="=") | serialize r = row_number(), p = prev(k)',
    'print s = @"C:\\x", t = \'it"s\', u = h"secret", v = 1.5e3, w = 1d, y = time(1.02:03:04), z = guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
  ],
  words: [
    ...OPERATORS.split(' '),
    ...TEXT_OPERATORS.keys(),
    ...scalarFunctionNames(),
    ...aggregateNames(),
    ...[
      '|',
      ';',
      '==',
      '!=',
      '=~',
      '!~',
      '..',
      '=>',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '@"',
      '```',
      '//',
      '*',
      'by',
      'on',
      'kind=inner',
      'asc',
      'desc',
    ],
    ...[
      'dynamic(null)',
      'datetime(2026-01-01)',
      '1h',
      '30d',
      'true',
      'null',
      'typeof(long)',
      'long',
      'string',
      'real',
      'bool',
      'toscalar(',
      'materialize(',
    ],
    ...['SecurityEvent', 'EventID', 'TimeGenerated', 'AzureActivity', 'DeviceProcessEvents', '$left.a', '$right.b'],
  ],
  mostMs: 3_000,
  functions: { parseKusto, printKusto, lowerKusto },
  // The kind of a join is not printed.
  planted: (own) => ({ ...own, printKusto: (ast) => own.printKusto(ast).replace(/\bkind=leftouter /, '') }),
  async check(text, { parseKusto, printKusto, lowerKusto }) {
    const { ast, diagnostics } = parseKusto(sourceText('q', text));
    holdDiagnostics(diagnostics, text, 'q');
    if (diagnostics.length === 0) {
      const printed = printKusto(ast);
      const again = parseKusto(sourceText('q', printed));
      hold(again.diagnostics.length === 0, () => `what is printed cannot be read: ${printed}`);
      holdSame(withoutPlaces(again.ast.statements), withoutPlaces(ast.statements), `what is printed as ${printed}`);
    }
    if (diagnostics.some(({ severity }) => severity === 'error')) return;
    const lowered = lowerKusto(ast, kustoSchema, { allColumns: true });
    holdDiagnostics(lowered.diagnostics, text, 'q');
    if (!lowered.ok) return;
    for (const plan of [...lowered.value.shared.map((one) => one.plan), lowered.value.plan]) {
      printPlan(plan);
      const wrong = checkPlan(plan, { schemas });
      hold(wrong.length === 0, () => `the plan is not sound: ${wrong.map(({ message }) => message).join('; ')}`);
    }
    const found = await query(text, { language: 'kusto', now, rowLimits: { rows: 2_000, seconds: 1 } });
    holdDiagnostics(found.diagnostics, text, '<query>');
    hold(found.rows.length <= 2_000, `${found.rows.length} rows`);
    for (const row of found.rows) hold(row.length === found.columns.length, 'a row has other columns than the query');
  },
});
