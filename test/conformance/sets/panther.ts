import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadRules } from '../../../src/rules/load-rules.ts';
import { type TestResult, testRules } from '../../../src/verify/rule-tests.ts';
import { type ConformanceSet, failed, type Outcome, PASSED } from '../case.ts';

/** What the repository's rules are, without their code. */
interface Facts {
  readonly commit: string;
  readonly specs: readonly {
    readonly path: string;
    readonly id: string;
    readonly tests?: readonly { readonly name: string; readonly expected: boolean }[];
  }[];
}

/** Every inline test of panther-labs/panther-analysis (Apache-2.0), of which `DRAGOMAN_PANTHER` names a checkout. */
export const panther: ConformanceSet = {
  name: 'panther',
  read: async (tree) => {
    const checkout = process.env['DRAGOMAN_PANTHER'] ?? '';
    if (!existsSync(join(checkout, 'global_helpers'))) {
      return { absent: 'DRAGOMAN_PANTHER names no checkout of panther-labs/panther-analysis' };
    }
    const file = tree.find('panther/facts.json');
    if (file === undefined) return { absent: 'there is no panther/facts.json' };
    const facts: Facts = JSON.parse(readFileSync(file, 'utf8'));
    const results = await resultsOf(checkout);
    return {
      cases: facts.specs.flatMap(({ path, id, tests = [] }) => {
        const ofRule = results.get(path) ?? [];
        return tests.map(({ name, expected }) => ({
          id: `panther/${id}/${name}`,
          run: () =>
            outcomeOf(
              ofRule.find((result) => result.name === name),
              expected,
            ),
        }));
      }),
    };
  },
};

/** The results of all tests, in their order, by the paths of the rules in the checkout. */
async function resultsOf(checkout: string): Promise<ReadonlyMap<string, readonly TestResult[]>> {
  const byFile = new Map<string, TestResult[]>();
  for (const result of (await testRules(await loadRules([checkout]))).results) {
    const path = relative(checkout, result.rule.file);
    byFile.set(path, [...(byFile.get(path) ?? []), result]);
  }
  return byFile;
}

function outcomeOf(result: TestResult | undefined, expected: boolean): Outcome {
  if (result === undefined) return failed('the test did not run');
  if (result.status !== 'passed') return failed(result.message ?? result.status);
  return result.expected === expected
    ? PASSED
    : failed(`the test wants ${expected}, it was read as ${result.expected}`);
}
