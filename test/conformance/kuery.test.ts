import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { primarySpan } from '../../src/base/diagnostic.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { compilePredicate, rowOf } from '../../src/engines/memory/index.ts';
import { equal } from '../../src/ir/equal.ts';
import type { WildcardPart } from '../../src/ir/expr.ts';
import type { FieldType } from '../../src/ir/types.ts';
import type { Schema } from '../../src/ir/view.ts';
import {
  type KueryField,
  type KueryQuery,
  type KueryTerm,
  type KueryValue,
  lintKuery,
  lowerKuery,
  parseKuery,
  printKuery,
} from '../../src/languages/kuery/index.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';

/** What Elastic's own tests of their two kuery implementations (Kibana's, detection-rules') expect. */
const corpora = process.env['DRAGOMAN_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const file = join(corpora, 'elastic/kql/cases.json');
if (!existsSync(file)) console.warn(`skipped: no conformance data at ${file}`);

interface Case {
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
  readonly options?: { readonly schema?: Readonly<Record<string, FieldType>>; readonly optimize?: boolean };
}

const cases: readonly Case[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];

/** Cases that we do not agree with, and why. Patterns of the query text. */
const skipped: readonly { readonly kind: string; readonly kql: RegExp; readonly reason: string }[] = [
  {
    kind: 'parse-error',
    kql: /\b(AND|OR|NOT)\b/,
    reason: 'detection-rules wants keywords in lower case, Kibana takes them in any case',
  },
  {
    kind: 'parse-error',
    kql: /^@time [<>]/,
    reason: 'detection-rules refuses numbers for dates, Elasticsearch takes them for epoch milliseconds',
  },
  {
    kind: 'parse-error',
    kql: /^common\.\* :/,
    reason: 'detection-rules refuses a field wildcard over several types, Kibana searches each in its way',
  },
];

function of(kind: string): readonly Case[] {
  return cases.filter((one) => one.kind === kind);
}

function skipReason(one: Case): string | undefined {
  return skipped.find(({ kind, kql }) => kind === one.kind && kql.test(one.kql))?.reason;
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

function schemaOf(types: Readonly<Record<string, FieldType>> | undefined): Schema {
  const names = types === undefined ? undefined : Object.keys(types);
  return {
    name: 'ecs',
    typeOf: (name) => types?.[name],
    fieldNames: () => names,
    isComplete: () => names !== undefined,
  };
}

describe.skipIf(cases.length === 0)('kuery conformance', () => {
  test('every kind that is run has cases', () => {
    for (const kind of ['parses', 'parse-error', 'tree', 'same-tree', 'match', 'kibana-node', 'kibana-literal']) {
      expect(of(kind).length, kind).toBeGreaterThan(0);
    }
  });

  for (const one of of('parses')) {
    test(one.id, () => {
      expect(errorsOf(one.kql, schemaOf(one.options?.schema))).toEqual([]);
    });
  }

  for (const one of of('parse-error')) {
    test.skipIf(skipReason(one) !== undefined)(one.id, () => {
      const schema = schemaOf(one.options?.schema);
      // Elasticsearch runs a query for a field that is not there and finds nothing; we warn of it.
      const found = [...errorsOf(one.kql, schema), ...lintKuery(parse(one.kql).ast, schema)];
      expect(found).not.toEqual([]);
    });
  }

  for (const one of of('tree')) {
    test(one.id, () => {
      const { ast } = parse(one.kql);
      expect(plainNumbers(treeOf(ast))).toEqual(plainNumbers(one.tree));
      expect(equal(parse(printKuery(ast)).ast, ast)).toBe(true);
    });
  }

  for (const one of of('same-tree')) {
    // The trees are sorted there; here their meaning is compared, over all values that the queries name.
    test(one.id, () => {
      for (const value of ['1', '2', 'other'])
        expect(evaluate(one.kql, { a: value })).toBe(evaluate(one.kql2, { a: value }));
    });
  }

  for (const one of of('lint')) {
    // Their linter rewrites a query: ours must give both texts the same meaning.
    test(one.id, () => {
      const values = fc.subarray(['b', 'c', 'd', 'e', 'f', 'y', 'agent12', 'Accepted password for root', 1, 2]);
      const fields = ['a', 'c', 'e', 'x', 'process'].map((name) => [name, values] as const);
      fc.assert(
        fc.property(fc.record(Object.fromEntries(fields)), (document) => {
          const event = { ...document, process: { name: document['process'] ?? [] } };
          expect(evaluate(one.kql, event)).toBe(evaluate(one.linted, event));
        }),
        { numRuns: 300 },
      );
    });
  }

  for (const one of of('match')) {
    test(`${one.id}: ${one.kql}`, () => {
      expect(evaluate(one.kql, one.document)).toBe(one.matches);
    });
  }

  for (const one of of('kibana-node')) {
    test(one.id, () => {
      const { ast, diagnostics } = parse(one.kql);
      expect(diagnostics).toEqual([]);
      expect(kibanaNode(ast)).toEqual(one.node);
    });
  }

  for (const one of of('kibana-literal')) {
    test(one.id, () => {
      const { ast, diagnostics } = parse(one.text);
      expect(diagnostics).toEqual([]);
      if (ast.kind !== 'free-text') throw new Error(`not one value: ${ast.kind}`);
      const type = ast.value.kind === 'wildcard' ? 'wildcard' : 'literal';
      expect({ type, value: scalarOf(ast.value) }).toEqual(one.node);
    });
  }

  for (const one of of('kibana-syntax-error')) {
    test(one.id, () => {
      const first = parse(one.kql).diagnostics[0];
      expect(first && primarySpan(first)?.start).toBe(one.message.split('\n').at(-1)?.indexOf('^'));
    });
  }
});

function evaluate(kql: string, document: JsonObject): boolean {
  const { ast, diagnostics } = parse(kql);
  const lowered = lowerKuery(ast, schemaOf(undefined));
  if (diagnostics.some((found) => found.severity === 'error') || !lowered.ok) throw new Error(`does not load: ${kql}`);
  return compilePredicate(lowered.value, { now: fromEpochMs(0) })(rowOf(document)) === true;
}

interface TreeNode {
  readonly node: string;
  readonly args: readonly unknown[];
}

/** Our tree in the names of detection-rules' own. */
function treeOf(ast: KueryQuery): TreeNode {
  switch (ast.kind) {
    case 'everything':
    case 'error':
      return { node: ast.kind, args: [] };
    case 'or':
    case 'and':
      return { node: ast.kind === 'or' ? 'OrExpr' : 'AndExpr', args: [ast.items.map(treeOf)] };
    case 'not':
      return { node: 'NotExpr', args: [treeOf(ast.item)] };
    case 'is':
      return { node: 'FieldComparison', args: [fieldNode(ast.field), existsNode(ast.value)] };
    case 'free-text':
      return { node: 'FreeText', args: [valueNode(ast.value)] };
    case 'range':
      return { node: 'FieldRange', args: [fieldNode(ast.field), ast.op, valueNode(ast.value)] };
    case 'nested':
      return { node: 'NestedQuery', args: [fieldNode(ast.path), treeOf(ast.query)] };
  }
}

/** A lone star is theirs for existence, except as free text. */
function existsNode(value: KueryValue): TreeNode {
  const isStar = value.kind === 'wildcard' && textOf(value.parts) === '*';
  return isStar ? { node: 'Exists', args: [] } : valueNode(value);
}

function fieldNode(field: KueryField): TreeNode {
  return { node: 'Field', args: [textOf(field.parts)] };
}

function valueNode(value: KueryValue): TreeNode {
  switch (value.kind) {
    case 'or':
    case 'and':
      return { node: value.kind === 'or' ? 'OrValues' : 'AndValues', args: [value.items.map(valueNode)] };
    case 'not':
      return { node: 'NotValue', args: [valueNode(value.item)] };
    case 'error':
      return { node: 'error', args: [] };
    case 'text':
      return { node: 'String', args: [value.text] };
    case 'wildcard':
      return { node: 'Wildcard', args: [textOf(value.parts)] };
    case 'constant':
      return value.value === null ? { node: 'Null', args: [null] } : { node: 'Boolean', args: [value.value] };
  }
}

/** Their parser makes numbers of unquoted digits, or of any by the field's type; ours leaves that to lowering. */
function plainNumbers(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(plainNumbers);
  if (typeof tree !== 'object' || tree === null || !('node' in tree) || !('args' in tree)) return tree;
  if (tree.node === 'Number' && Array.isArray(tree.args)) return { node: 'String', args: tree.args.map(String) };
  return { node: tree.node, args: plainNumbers(tree.args) };
}

const RANGE_NAMES = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

/** Our tree in Kibana's names. */
function kibanaNode(ast: KueryQuery): unknown {
  const made = (name: string, args: readonly unknown[]): unknown => ({ type: 'function', function: name, args });
  switch (ast.kind) {
    case 'everything':
      return made('is', ['*', '*']);
    case 'error':
      return 'error';
    case 'or':
    case 'and':
      return made(ast.kind, [ast.items.map(kibanaNode)]);
    case 'not':
      return made('not', [kibanaNode(ast.item)]);
    case 'is':
      return kibanaIs(textOf(ast.field.parts), ast.value);
    case 'free-text':
      return kibanaIs(null, ast.value);
    case 'range':
      return made('range', [textOf(ast.field.parts), { [RANGE_NAMES[ast.op]]: scalarOf(ast.value) }]);
    case 'nested':
      return made('nested', [textOf(ast.path.parts), kibanaNode(ast.query)]);
  }
}

function kibanaIs(field: string | null, value: KueryValue): unknown {
  switch (value.kind) {
    case 'or':
    case 'and':
      return { type: 'function', function: value.kind, args: [value.items.map((item) => kibanaIs(field, item))] };
    case 'not':
      return { type: 'function', function: 'not', args: [kibanaIs(field, value.item)] };
    case 'error':
      return 'error';
    case 'text':
    case 'wildcard':
    case 'constant': {
      const phrase = value.kind === 'text' && value.quoted ? [true] : [];
      return { type: 'function', function: 'is', args: [field, scalarOf(value), ...phrase] };
    }
  }
}

function scalarOf(term: KueryTerm): string | boolean | null {
  switch (term.kind) {
    case 'text':
      return term.text;
    case 'wildcard':
      return textOf(term.parts);
    case 'constant':
      return term.value;
  }
}

function textOf(parts: readonly WildcardPart[]): string {
  return parts.map((part) => ('text' in part ? part.text : '*')).join('');
}
