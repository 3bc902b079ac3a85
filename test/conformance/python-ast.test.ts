import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { parseModule, printModule } from '../../src/languages/python/index.ts';
import { withoutPlaces } from '../without-places.ts';

/** Every Python file of a checkout of panther-analysis (`DRAGOMAN_PANTHER`): our syntax tree beside CPython's own. */
const checkout = process.env['DRAGOMAN_PANTHER'] ?? '';
const python = spawnSync('python3', ['-c', 'import ast'], { encoding: 'utf8' }).status === 0;
const there = existsSync(join(checkout, 'global_helpers'));
if (!there) console.log('skipped: DRAGOMAN_PANTHER names no checkout of panther-labs/panther-analysis');
if (!python) console.log('skipped: there is no python3');

/** Prints each tree as nested lists: kind, then fields by name; what CPython alone has (contexts, places, comments) left out. */
const DUMP = `
import ast, json, sys
SKIP = {"ctx", "type_comment", "type_ignores", "kind", "type_params", "simple"}
def dump(node):
    if isinstance(node, ast.Constant):
        value = node.value
        if value is None: return ["Constant", "none", None]
        if value is ...: return ["Constant", "ellipsis", None]
        if isinstance(value, bool): return ["Constant", "bool", value]
        if isinstance(value, int): return ["Constant", "int", str(value)]
        if isinstance(value, float): return ["Constant", "float", value]
        if isinstance(value, bytes): return ["Constant", "bytes", value.decode("latin-1")]
        if isinstance(value, complex): return ["Constant", "complex", value.imag]
        return ["Constant", "str", value]
    if isinstance(node, ast.FormattedValue):
        sign = "" if node.conversion == -1 else chr(node.conversion)
        return ["FormattedValue", ["conversion", sign], ["format_spec", dump(node.format_spec)], ["value", dump(node.value)]]
    if isinstance(node, (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)): return type(node).__name__
    if isinstance(node, ast.arguments): name = "arguments"
    elif isinstance(node, ast.AST): name = type(node).__name__
    elif isinstance(node, list): return [dump(each) for each in node]
    elif isinstance(node, (str, int)) or node is None: return node
    else: raise TypeError(node)
    if name == "comprehension": return [name] + [[f, bool(node.is_async) if f == "is_async" else dump(getattr(node, f))] for f in sorted(node._fields)]
    return [name] + [[field, dump(getattr(node, field))] for field in sorted(node._fields) if field not in SKIP]
for path in json.load(sys.stdin):
    with open(path, encoding="utf-8") as file:
        print(json.dumps(dump(ast.parse(file.read()))))
`;

/** Kinds of nodes that have no kind of their own in our tree, by a field that only they have. */
const PLAIN: readonly (readonly [string, string])[] = [
  ['posonlyargs', 'arguments'],
  ['is_async', 'comprehension'],
  ['context_expr', 'withitem'],
  ['asname', 'alias'],
  ['guard', 'match_case'],
  ['annotation', 'arg'],
  ['arg', 'keyword'],
];

function dump(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(dump);
  if (typeof node !== 'object' || node === null) return node;
  const record = node as Record<string, unknown>;
  if (record['kind'] === 'Constant') return ['Constant', record['type'], record['value']];
  const name = record['kind'] ?? PLAIN.find(([field]) => field in record)?.[1] ?? 'ExceptHandler';
  const fields = Object.keys(record)
    .filter((field) => field !== 'kind' && field !== 'start' && field !== 'end')
    // Our comprehensions have one shape: `elt` is a dict comprehension's key, and others have no value.
    .filter(
      (field) =>
        !(String(name).endsWith('Comp') || name === 'GeneratorExp') || field !== 'value' || name === 'DictComp',
    )
    .map((field) => [name === 'DictComp' && field === 'elt' ? 'key' : field, dump(record[field])] as const);
  return [
    name,
    ...fields.map(([field, value]) => [field, value]).sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  ];
}

describe.skipIf(!there || !python)('Python syntax trees', () => {
  test('are those of CPython', () => {
    const files = pythonFiles();
    const done = spawnSync('python3', ['-c', DUMP], {
      input: JSON.stringify(files),
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    expect(done.stderr).toBe('');
    const wanted = done.stdout.trim().split('\n');
    const opaque: string[] = [];
    const different: string[] = [];
    const started = performance.now();
    const parsed = files.map((path) => parseModule(sourceText(path, readFileSync(path, 'utf8'))));
    const spent = performance.now() - started;
    for (const [at, path] of files.entries()) {
      const found = parsed[at];
      if (found === undefined || !found.ok) opaque.push(path.slice(checkout.length + 1));
      else {
        const ours = ['Module', ['body', dump(found.module.body)]];
        const theirs = JSON.parse(wanted[at] ?? 'null');
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push(`${path}: ${difference(ours, theirs)}`);
      }
    }
    console.log(`${files.length} files in ${spent.toFixed(0)} ms; not read: ${opaque.length}`);
    expect(different.slice(0, 10)).toEqual([]);
    expect(opaque).toEqual([]);
  }, 600_000);
});

describe.skipIf(!there)('Python printed', () => {
  test('is read as the tree that it was printed of', () => {
    const different = pythonFiles().filter((path) => {
      const tree = parseModule(sourceText(path, readFileSync(path, 'utf8')));
      if (!tree.ok) return true;
      const again = parseModule(sourceText(path, printModule(tree.module)));
      return !again.ok || !isDeepStrictEqual(withoutPlaces(again.module), withoutPlaces(tree.module));
    });
    expect(different).toEqual([]);
  }, 600_000);
});

function pythonFiles(): readonly string[] {
  return readdirSync(checkout, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The first place where two trees part. */
function difference(a: unknown, b: unknown): string {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
      if (JSON.stringify(a[at]) !== JSON.stringify(b[at])) return difference(a[at], b[at]);
    }
  }
  return `${JSON.stringify(a)?.slice(0, 200)} and not ${JSON.stringify(b)?.slice(0, 200)}`;
}
