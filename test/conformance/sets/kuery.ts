import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { primarySpan } from '../../../src/base/diagnostic.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { sourceText } from '../../../src/base/source-text.ts';
import { compilePredicate, rowOf } from '../../../src/engines/memory/index.ts';
import { equal } from '../../../src/ir/equal.ts';
import type { FieldType } from '../../../src/ir/types.ts';
import type { Schema } from '../../../src/ir/view.ts';
import { lintKuery, lowerKuery, parseKuery, printKuery } from '../../../src/languages/kuery/index.ts';
import { fromEpochMs } from '../../../src/values/date-time.ts';
import { plainly } from '../../plain-records.ts';
import { type ConformanceSet, failed, type Outcome, PASSED, skipped } from '../case.ts';
import { kibanaFields, pythonOrJson, sameAsDsl } from './kuery-dsl.ts';
import { kibanaNode, kueryOfNode, plainNumbers, scalarOf, treeOf } from './kuery-trees.ts';

interface KueryCase {
  readonly id: string;
  readonly kind: string;
  readonly kql: string;
  readonly kql2: string;
  readonly text: string;
  readonly message: string;
  readonly linted: string;
  readonly document: JsonObject;
  readonly matches: boolean;
  readonly node: unknown;
  readonly tree: unknown;
  readonly dsl: unknown;
  readonly es: unknown;
  readonly index_fields: 'all' | readonly string[] | null;
  readonly context: { readonly nested?: { readonly path: string } } | null;
  readonly config: { readonly dateFormatTZ?: string } | null;
  readonly options?: { readonly schema?: Readonly<Record<string, FieldType>>; readonly optimize?: boolean };
}

/** What Elastic's own tests of their two kuery implementations (Kibana's, detection-rules') expect. */
export const kuery: ConformanceSet = {
  name: 'elastic/kql',
  read: (tree) => {
    const file = tree.find('elastic/kql/cases.json');
    if (file === undefined) return { absent: 'there is no elastic/kql/cases.json' };
    const cases: readonly KueryCase[] = JSON.parse(readFileSync(file, 'utf8'));
    const fields = kibanaFields(tree.find('elastic/kql/kibana-index-fields.json'));
    return { cases: cases.map((one) => ({ id: one.id, run: () => outcomeOf(one, fields) })) };
  },
};

/** Kinds of cases that are about something that is not built. */
const NOT_BUILT: Readonly<Record<string, string>> = {
  'kql-to-eql': 'kuery is not rewritten as EQL',
  'eql-to-kql': 'EQL is not rewritten as kuery',
  'eql-conversion-error': 'EQL is not rewritten as kuery',
};

function outcomeOf(one: KueryCase, fields: ReadonlyMap<string, FieldType>): Outcome {
  switch (one.kind) {
    case 'parses':
      return same(errorsOf(one.kql, schemaOf(one.options?.schema)), []);
    case 'parse-error': {
      // Elasticsearch runs a query for a field that is not there and finds nothing; we warn of it.
      const schema = schemaOf(one.options?.schema);
      const found = [...errorsOf(one.kql, schema), ...lintKuery(parse(one.kql), schema)];
      return found.length > 0 ? PASSED : failed('neither an error nor a warning');
    }
    case 'tree': {
      const { ast } = parse(one.kql);
      if (!equal(parse(printKuery(ast)).ast, ast)) return failed(`printed as ${printKuery(ast)}, another query`);
      return same(plainNumbers(treeOf(ast)), plainNumbers(one.tree));
    }
    case 'same-tree': {
      // The trees are sorted there; here their meaning is compared, over all values that the queries name.
      const values = ['1', '2', 'other'].map((value) => ({ a: value }));
      return sameMeaning(one.kql, one.kql2, values);
    }
    case 'lint':
      return sameMeaning(one.kql, one.linted, fc.sample(documents, { numRuns: 300, seed: 2026 }));
    case 'match':
      return same(evaluate(one.kql, one.document), one.matches);
    case 'dsl': {
      const schema = schemaOf(one.options?.schema);
      const { ast, diagnostics } = parse(one.kql);
      const lowered = lowerKuery(ast, schema);
      if (diagnostics.length > 0 || !lowered.ok) return failed(`does not load: ${one.kql}`);
      return sameAsDsl(lowered.value, pythonOrJson(one.dsl), schema);
    }
    case 'kibana-es-query': {
      if (one.config?.dateFormatTZ !== undefined) {
        return skipped('not-built', 'rules have no time zone of a browser: times without one are UTC');
      }
      const path = one.context?.nested?.path;
      const known = [...fields].filter(
        ([name]) => one.index_fields === 'all' || one.index_fields?.includes(name) === true,
      );
      const types = new Map(path === undefined ? known : [...known, [path, 'nested'] as const]);
      const schema = schemaOf(one.index_fields === null ? undefined : Object.fromEntries(types));
      const lowered = lowerKuery(kueryOfNode(one.node, path), schema);
      if (!lowered.ok) return failed('does not lower');
      // A node of a range has both of its bounds, which kuery cannot write as one.
      return sameAsDsl(lowered.value, path === undefined ? one.es : { nested: { path, query: one.es } }, schema, 1);
    }
    case 'kibana-node': {
      const { ast, diagnostics } = parse(one.kql);
      return diagnostics.length > 0
        ? failed(`does not parse: ${diagnostics[0]?.message}`)
        : same(kibanaNode(ast), one.node);
    }
    case 'kibana-literal': {
      const { ast, diagnostics } = parse(one.text);
      if (diagnostics.length > 0) return failed(`does not parse: ${diagnostics[0]?.message}`);
      if (ast.kind !== 'free-text') return failed(`not one value: ${ast.kind}`);
      const type = ast.value.kind === 'wildcard' ? 'wildcard' : 'literal';
      return same({ type, value: scalarOf(ast.value) }, one.node);
    }
    case 'kibana-syntax-error': {
      const [first] = parse(one.kql).diagnostics;
      return same(first && primarySpan(first)?.start, one.message.split('\n').at(-1)?.indexOf('^'));
    }
    default:
      return skipped('not-built', NOT_BUILT[one.kind] ?? `cases of the kind ${one.kind} are not read yet`);
  }
}

/** Their linter rewrites a query: ours must give both texts the same meaning, on documents with the fields of its tests. */
const documents: fc.Arbitrary<JsonObject> = (() => {
  const values = fc.subarray(['b', 'c', 'd', 'e', 'f', 'y', 'agent12', 'Accepted password for root', 1, 2]);
  const fields = ['a', 'c', 'e', 'x', 'process'].map((name) => [name, values] as const);
  return fc
    .record(Object.fromEntries(fields))
    .map((document) => ({ ...document, process: { name: document['process'] ?? [] } }));
})();

function sameMeaning(one: string, other: string, events: readonly JsonObject[]): Outcome {
  const differs = events.find((event) => evaluate(one, event) !== evaluate(other, event));
  return differs === undefined ? PASSED : failed(`\`${one}\` and \`${other}\` differ on ${JSON.stringify(differs)}`);
}

function same(found: unknown, wanted: unknown): Outcome {
  return isDeepStrictEqual(found, wanted) ? PASSED : failed(`${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

function parse(text: string): ReturnType<typeof parseKuery> {
  return parseKuery(sourceText('<query>', text));
}

function errorsOf(text: string, schema: Schema): readonly string[] {
  const { ast, diagnostics } = parse(text);
  return [...diagnostics, ...lowerKuery(ast, schema).diagnostics]
    .filter((found) => found.severity === 'error')
    .map((found) => found.code);
}

function evaluate(kql: string, document: JsonObject): boolean {
  const { ast, diagnostics } = parse(kql);
  const lowered = lowerKuery(ast, schemaOf(undefined));
  if (diagnostics.some((found) => found.severity === 'error') || !lowered.ok) throw new Error(`does not load: ${kql}`);
  return compilePredicate(plainly(lowered.value), { now: fromEpochMs(0) })(rowOf(document)) === true;
}

function schemaOf(types: Readonly<Record<string, FieldType>> | undefined): Schema {
  const names = types === undefined ? undefined : Object.keys(types);
  return {
    name: 'ecs',
    typeOf: (name) => types?.[name],
    fieldNames: () => names,
    isComplete: () => names !== undefined,
  };
}
