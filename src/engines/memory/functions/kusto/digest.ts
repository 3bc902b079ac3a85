import type { Json } from '../../../../base/json.ts';
import type { KustoDigestFunction } from '../../../../ir/functions/kusto/digest.ts';
import { orderOf } from '../../../../values/compare.ts';
import type { Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { regularizedBeta } from './distributions.ts';
import { arrayIn, bagIn, dynamicOf, isNumeric, realIn } from './scalars.ts';

export const kustoDigestImplementations: Record<KustoDigestFunction, Implementation> = {
  'kusto.percentile': ([values, percentile, weights]) => percentileOf(ranked(values, weights), percentile),
  'kusto.percentiles': ([values, percentiles, weights]) => {
    const found = ranked(values, weights);
    return (arrayIn(percentiles) ?? []).map((percentile) => dynamicOf(percentileOf(found, percentile)));
  },
  'kusto.spread': ([measure, moments]) => {
    const [count = 0, , squares = 0] = (arrayIn(moments) ?? []).map(realIn);
    const isSample = measure === 'variance' || measure === 'stdev';
    if (Number.isNaN(squares)) return Number.NaN;
    const variance = count === 0 || (isSample && count < 2) ? 0 : squares / (isSample ? count - 1 : count);
    return measure === 'stdev' || measure === 'stdevp' ? Math.sqrt(variance) : variance;
  },
  'kusto.covariance': ([measure, lefts, rights]) => {
    const [left, right] = [arrayIn(lefts) ?? [], arrayIn(rights) ?? []];
    const pairs = left.flatMap((x, at) =>
      isNumeric(x) && isNumeric(right[at]) ? [[Number(x), Number(right[at])]] : [],
    );
    const by = measure === 'covariance' ? pairs.length - 1 : pairs.length;
    if (by < 1) return null;
    const mean = (place: number): number => pairs.reduce((sum, pair) => sum + (pair[place] ?? 0), 0) / pairs.length;
    const [x, y] = [mean(0), mean(1)];
    return pairs.reduce((sum, [a = 0, b = 0]) => sum + (a - x) * (b - y), 0) / by;
  },
  'kusto.rank': ([measure, values, value]) => {
    const all = (arrayIn(values) ?? []).filter((one) => one !== null);
    if (all.length === 0) return null;
    const below = all.filter((one) => (orderOf(one, value) ?? 1) <= 0).length;
    return measure === 'rank' ? below : (100 * below) / all.length;
  },
  'kusto.schema-of': ([values]) => schemaOf(arrayIn(values) ?? []),
  'kusto.welch-test': (args) => {
    const [mean1 = 0, variance1 = 0, count1 = 0, mean2 = 0, variance2 = 0, count2 = 0] = args.map(realIn);
    const [a, b] = [variance1 / count1, variance2 / count2];
    if (!(count1 > 1 && count2 > 1 && a + b > 0)) return null;
    const t = (mean1 - mean2) / Math.sqrt(a + b);
    const freedom = (a + b) ** 2 / (a ** 2 / (count1 - 1) + b ** 2 / (count2 - 1));
    return regularizedBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  },
};

interface Weighted {
  readonly value: Value;
  readonly weight: number;
}

function ranked(values: Value, weights: Value): readonly Weighted[] {
  const by = arrayIn(weights);
  return (arrayIn(values) ?? [])
    .map((value, at): Weighted => ({ value, weight: by === undefined ? 1 : realIn(by[at] ?? 0) }))
    .filter(({ value, weight }) => value !== null && weight > 0)
    .sort((a, b) => orderOf(a.value, b.value) ?? 0);
}

/** The nearest rank. */
function percentileOf(all: readonly Weighted[], percentile: Value): Value {
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = (total * Math.max(0, Math.min(100, isNumeric(percentile) ? Number(percentile) : 50))) / 100;
  let seen = 0;
  for (const { value, weight } of all) {
    seen += weight;
    if (seen >= wanted) return value;
  }
  return all.at(-1)?.value ?? null;
}

const INDEXER = '`indexer`';
const DEEPEST = 50;

function schemaOf(values: readonly Value[], depth = 0): Json {
  const types = new Set<string>();
  const members = new Map<string, Value[]>();
  const items: Value[] = [];
  let hasBag = false;
  for (const value of values) {
    const array = arrayIn(value);
    const bag = bagIn(value);
    if (array !== undefined) items.push(...array);
    else if (bag !== undefined) {
      hasBag = true;
      for (const [key, member] of Object.entries(bag)) members.set(key, [...(members.get(key) ?? []), member]);
    } else if (value !== null && value !== undefined) types.add(scalarType(value));
  }
  const found: Json[] = [...types];
  if (depth < DEEPEST && hasBag)
    found.push(Object.fromEntries([...members].map(([key, all]) => [key, schemaOf(all, depth + 1)])));
  if (depth < DEEPEST && items.length > 0) found.push({ [INDEXER]: schemaOf(items, depth + 1) });
  return found.length === 1 ? (found[0] ?? null) : found.length === 0 ? null : found;
}

function scalarType(value: Value): string {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'long' : 'double';
    case 'bigint':
      return 'long';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    default:
      return 'dynamic';
  }
}
