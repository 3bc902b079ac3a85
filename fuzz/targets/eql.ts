import { sourceText } from '../../src/base/source-text.ts';
import type { Plan } from '../../src/ir/plan/plan.ts';
import { printPlan } from '../../src/ir/print/print-plan.ts';
import { eqlFunctionNames } from '../../src/languages/eql/functions.ts';
import { lowerEql, parseEql, printEql } from '../../src/languages/eql/index.ts';
import { checkPlan } from '../../src/passes/check.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics, holdSame, withoutPlaces } from './oracles.ts';
import { textTargetOf } from './target-of.ts';

const source: Plan = { kind: 'source', schema: 'ecs', scope: null };
const settings = {
  schema: ecsSchema,
  isMapping: false,
  source,
  category: 'event.category',
  timestamp: null,
  tiebreaker: null,
  samples: 1,
};
const schemas = (name: string): typeof ecsSchema | undefined => (name === 'ecs' ? ecsSchema : undefined);

export default textTargetOf({
  name: 'eql',
  about: 'EQL statements: read, printed and read again, lowered to a plan that is sound',
  seeds: [
    'process where process.name : "cmd*.exe" and process.pid > 4',
    'any where not (user.name in ("root", "SYSTEM") or length(process.args) == 0)',
    'sequence by user.id with maxspan=5m [process where true] by a [network where destination.port == 443] by b until [any where false]',
    'sequence [process where process.name == "a"] with runs=3 ![file where true]',
    'sample by host.id [process where true] [network where true]',
    'file where ?file.path like~ ("a*", "b?") and file.size + 1 * -2 % 3 <= 5.5 | head 10 | tail 2',
    'process where stringContains(process.command_line, """raw "text"""") and cidrMatch(source.ip, "10.0.0.0/8")',
    '`my-category` where regex == null and `a b` regex~ "x+" // comment\n/* more */',
  ],
  words: [
    ...[
      'where',
      'sequence',
      'sample',
      'by',
      'with',
      'maxspan',
      'runs',
      'until',
      'and',
      'or',
      'not',
      'in',
      'in~',
      'like',
      'like~',
      'regex',
      'regex~',
    ],
    ...[
      'true',
      'false',
      'null',
      'any',
      ':',
      '==',
      '!=',
      '<=',
      '>=',
      '|',
      'head',
      'tail',
      '[',
      ']',
      '![',
      '"""',
      '?',
      '`',
      '5m',
      '30s',
      '//',
      '/*',
      '*/',
    ],
    ...eqlFunctionNames(),
    ...['process', 'network', 'process.name', 'source.ip', 'user.id', '"*"', '"\\u{41}"'],
  ],
  functions: { parseEql, printEql, lowerEql },
  // A single pipe is not printed.
  planted: (own) => ({
    ...own,
    printEql: (statement) => own.printEql(statement.pipes.length === 1 ? { ...statement, pipes: [] } : statement),
  }),
  check(text, { parseEql, printEql, lowerEql }) {
    const { ast, diagnostics } = parseEql(sourceText('q', text));
    holdDiagnostics(diagnostics, text, 'q');
    if (ast === undefined || diagnostics.some(({ severity }) => severity === 'error')) return;
    const printed = printEql(ast);
    const again = parseEql(sourceText('q', printed));
    holdSame(withoutPlaces(again.ast), withoutPlaces(ast), `what is printed as ${printed}`);
    const lowered = lowerEql(ast, settings);
    holdDiagnostics(lowered.diagnostics, text, 'q');
    if (!lowered.ok) return;
    printPlan(lowered.value.plan);
    const wrong = checkPlan(lowered.value.plan, { schemas });
    hold(wrong.length === 0, () => `the plan is not sound: ${wrong.map(({ message }) => message).join('; ')}`);
  },
});
