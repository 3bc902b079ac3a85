import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { sourceText } from '../../../src/base/source-text.ts';
import { compilePredicate, rowOf } from '../../../src/engines/memory/index.ts';
import { lowerFilters } from '../../../src/formats/elastic/filters.ts';
import { readJsonValues } from '../../../src/formats/source/json-source.ts';
import { and } from '../../../src/ir/construct.ts';
import type { Expr } from '../../../src/ir/expr.ts';
import type { FieldType } from '../../../src/ir/types.ts';
import type { Schema } from '../../../src/ir/view.ts';
import { fromEpochMs } from '../../../src/values/date-time.ts';
import { plainly } from '../../plain-records.ts';
import { failed, type Outcome, PASSED } from '../case.ts';

/** Kuery and the query that Kibana or detection-rules make of it are compared by what they find. `most`: values a field has. */
export function sameAsDsl(condition: Expr, dsl: unknown, schema: Schema, most = 2): Outcome {
  const text = JSON.stringify({ query: dsl });
  const filters = readJsonValues(sourceText('<dsl>', text)).flatMap((item) =>
    item.ok && item.value.kind === 'table' ? [item.value] : [],
  );
  const { conditions, diagnostics } = lowerFilters(filters, schema);
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) return failed(`the query does not lower: ${wrong.message}`);
  const clock = { now: fromEpochMs(0) };
  const [one, other] = [compilePredicate(plainly(condition), clock), compilePredicate(plainly(and(conditions)), clock)];
  let found = 0;
  for (const document of documentsFor(dsl, most)) {
    const row = rowOf(document);
    const verdict = one(row) === true;
    if (verdict !== (other(row) === true)) return failed(`they differ on ${JSON.stringify(document)}`);
    if (verdict) found += 1;
  }
  return found > 0 ? PASSED : failed('no document that was tried fits either');
}

/** Documents with the fields and values of a query, and with others; a field has so many values at the most. */
function documentsFor(dsl: unknown, most: number): readonly JsonObject[] {
  const fields = new Set<string>(['other.field']);
  const values = new Set<string | number | boolean>(['another value', 7]);
  const walk = (value: unknown, key: string, around = ''): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, key, around);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (['match', 'match_phrase', 'term', 'range', 'wildcard'].includes(key)) fields.add(name);
        walk(inner, name, key);
      }
    } else if ((key === 'field' && around === 'exists') || key === 'fields') fields.add(String(value));
    else if (typeof value === 'string') {
      const plain = value.replace(/\\(.)/g, '$1');
      for (const text of [plain, plain.replace(/\*/g, 'xyz'), plain.replace(/\*/g, ''), `${plain} more`])
        values.add(text);
    } else if (typeof value === 'number') for (const number of [value - 1, value, value + 1]) values.add(number);
    else if (typeof value === 'boolean') values.add(value);
  };
  walk(dsl, '');
  const names = [...fields].filter((name) => !name.includes('*'));
  const one = fc.subarray([...values], { maxLength: most });
  const flat = fc.record(Object.fromEntries(names.map((name) => [name, one])), { requiredKeys: [] });
  return fc
    .sample(flat, { numRuns: 400, seed: 2026 })
    .flatMap((document) => [nested(document, false), nested(document, true)]);
}

/** Objects in each other; `listed`: the first level as a list of one, as a nested field has it. */
function nested(flat: Readonly<Record<string, readonly Json[] | undefined>>, listed: boolean): JsonObject {
  const root: Record<string, Json> = {};
  for (const [name, value] of Object.entries(flat)) {
    if (value === undefined) continue;
    const steps = name.split('.');
    let at = root;
    for (const step of steps.slice(0, -1)) {
      const inner: Json = at[step] ?? {};
      const next: Record<string, Json> = isJsonObject(inner) ? { ...inner } : {};
      at[step] = next;
      at = next;
    }
    at[steps.at(-1) ?? ''] = value;
  }
  return listed
    ? Object.fromEntries(Object.entries(root).map(([key, value]) => [key, isJsonObject(value) ? [value] : value]))
    : root;
}

/** Some queries are written as Python prints them. */
export function pythonOrJson(dsl: unknown): unknown {
  if (typeof dsl !== 'string') return dsl;
  return JSON.parse(
    dsl
      .replace(/'/g, '"')
      .replace(/\bTrue\b/g, 'true')
      .replace(/\bFalse\b/g, 'false'),
  );
}

const TYPES: Readonly<Record<string, FieldType>> = {
  number: 'long',
  string: 'keyword',
  date: 'date',
  ip: 'ip',
  boolean: 'boolean',
  geo_point: 'geo_point',
};

/** The fields of Kibana's own tests, by their types. */
export function kibanaFields(file: string | undefined): ReadonlyMap<string, FieldType> {
  if (file === undefined) return new Map();
  const listed: readonly {
    name: string;
    type: string;
    esTypes?: readonly string[];
    subType?: { nested?: { path: string } };
  }[] = JSON.parse(readFileSync(file, 'utf8'));
  const own = listed.map(({ name, type, esTypes }): [string, FieldType] => [
    name,
    esTypes?.includes('text') === true ? 'text' : (TYPES[type] ?? 'keyword'),
  ]);
  const paths = listed.flatMap(({ subType }) => subType?.nested?.path ?? []);
  return new Map([...own, ...paths.map((path): [string, FieldType] => [path, 'nested'])]);
}
