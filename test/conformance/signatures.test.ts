import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { tierPlan } from '../../src/engines/python/tiers.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { checkPlan } from '../../src/passes/check.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { findingsIn, schemas } from '../checked-plans.ts';
import { corpora, openTree } from './tree.ts';

/**
 * Every published rule that loads has a plan that makes sense: its calls fit their signatures, what decides is a condition, the
 * columns that it reads are there, and are of the types that its language says. As it is lowered, and bound to some of the log types that
 * it concerns, other ones for each rule (`DRAGOMAN_SEED` takes others again).
 */
const tree = openTree(corpora);
afterAll(() => tree.close());

/** What is found, each with where. */
function told(at: string, found: readonly Diagnostic[]): readonly string[] {
  return found.filter(({ code }) => code.startsWith('plan/')).map(({ message }) => `${at}: ${message}`);
}

/** Loading refuses a plan that makes no sense, so what it says counts too. */
async function check(folder: string): Promise<{ readonly plans: number; readonly found: readonly string[] }> {
  const { rules, outcomes } = await loadRules([folder]);
  const refused = outcomes.flatMap((one) => (one.status === 'loaded' ? [] : told(one.identity.file, one.diagnostics)));
  const plans = rules.filter(({ logic }) => logic.kind === 'plan');
  const found = plans.flatMap((rule) => {
    const known = tierPlan(rule);
    return told(rule.file, [...findingsIn(rule), ...(known === undefined ? [] : checkPlan(known, { schemas }))]);
  });
  return { plans: plans.length, found: [...refused, ...found] };
}

describe.each([
  ['sigma/sigmahq-rules.tar.gz', 3_755],
  ['elastic/detection-rules.tar.gz', 454],
  ['kusto-rules/azure-sentinel-2020.tar.gz', 105],
  ['kusto-rules/reprise99.tar.gz', 140],
  ['kusto-rules/bert-janp.tar.gz', 270],
])('%s', (archive, atLeast) => {
  const folder = existsSync(join(corpora, archive)) ? tree.unpack(archive) : undefined;
  if (folder === undefined) console.warn(`skipped: ${corpora} has no ${archive}`);

  test.skipIf(folder === undefined)('no plan makes no sense', async () => {
    const { plans, found } = await check(folder ?? '');
    console.log(`${archive}: ${plans} plans`);
    expect(found).toEqual([]);
    expect(plans).toBeGreaterThanOrEqual(atLeast);
  });
});

const checkout = process.env['DRAGOMAN_PANTHER'] ?? '';
const hasPanther = existsSync(join(checkout, 'global_helpers'));
if (!hasPanther) console.log('skipped: DRAGOMAN_PANTHER names no checkout of panther-labs/panther-analysis');

test.skipIf(!hasPanther)('panther-analysis: also what is known of Python rules without Python', async () => {
  const { plans, found } = await check(checkout);
  console.log(`panther-analysis: ${plans} plans`);
  expect(found).toEqual([]);
  expect(plans).toBeGreaterThanOrEqual(1_000);
});

describe.each([
  ['kusto-docs/cases.json', 150],
  ['kusto-rules/feature-use.json', 670],
])('%s', (path, atLeast) => {
  const there = existsSync(join(corpora, path));
  if (!there) console.warn(`skipped: ${corpora} has no ${path}`);

  test.skipIf(!there)('the columns of every query are of the types that the language gives them', () => {
    const cases: readonly { readonly query: string }[] = JSON.parse(readFileSync(join(corpora, path), 'utf8'));
    let plans = 0;
    const found = cases.flatMap(({ query }) => {
      const lowered = lowerKusto(parseKusto(sourceText('query', query)).ast, kustoSchema, { allColumns: true });
      if (!lowered.ok) return [];
      plans += 1;
      return told(query, checkPlan(lowered.value.plan, { schemas, columns: lowered.value.columns }));
    });
    console.log(`${path}: ${plans} plans`);
    expect(found).toEqual([]);
    expect(plans).toBeGreaterThanOrEqual(atLeast);
  });
});
