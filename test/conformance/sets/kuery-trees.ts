import type { WildcardPart } from '../../../src/ir/expr.ts';
import type { KueryField, KueryQuery, KueryTerm, KueryValue } from '../../../src/languages/kuery/index.ts';

interface TreeNode {
  readonly node: string;
  readonly args: readonly unknown[];
}

/** Our tree in the names of detection-rules' own. */
export function treeOf(ast: KueryQuery): TreeNode {
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
export function plainNumbers(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(plainNumbers);
  if (typeof tree !== 'object' || tree === null || !('node' in tree) || !('args' in tree)) return tree;
  if (tree.node === 'Number' && Array.isArray(tree.args)) return { node: 'String', args: tree.args.map(String) };
  return { node: tree.node, args: plainNumbers(tree.args) };
}

const RANGE_NAMES = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

/** Our tree in Kibana's names. */
export function kibanaNode(ast: KueryQuery): unknown {
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

export function scalarOf(term: KueryTerm): string | boolean | null {
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

/** A node of Kibana's tree as ours; `path`: the nested field that it is inside of. */
export function kueryOfNode(node: unknown, path: string | undefined): KueryQuery {
  if (path !== undefined)
    return { kind: 'nested', path: fieldOf(path), query: kueryOfNode(node, undefined), span: SPAN };
  const { function: name, args } = node as { readonly function: string; readonly args: readonly unknown[] };
  const [first, second] = args;
  if (name === 'is' && first === null) return { kind: 'free-text', value: termOf(second), span: SPAN };
  const field = fieldOf(String(first));
  if (name === 'exists') {
    return { kind: 'is', field, value: { kind: 'wildcard', parts: [{ any: 'many' }], span: SPAN }, span: SPAN };
  }
  if (name === 'is') return { kind: 'is', field, value: termOf(second), span: SPAN };
  if (name !== 'range') throw new Error(`no node is called ${name}`);
  const ops = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
  const items = Object.entries(second as Readonly<Record<keyof typeof ops, unknown>>).map(
    ([key, value]): KueryQuery => {
      const op = ops[key as keyof typeof ops];
      return {
        kind: 'range',
        field,
        op,
        value: { kind: 'text', text: String(value), quoted: true, span: SPAN },
        span: SPAN,
      };
    },
  );
  return { kind: 'and', items, span: SPAN };
}

const SPAN = { source: '<node>', start: 0, end: 0 };

function fieldOf(name: string): (KueryQuery & { kind: 'is' })['field'] {
  return { kind: 'field', parts: partsOf(name), quoted: !name.includes('*'), span: SPAN };
}

function termOf(value: unknown): KueryTerm {
  const text = String(value);
  const quoted = /^"(.*)"$/.exec(text);
  if (quoted !== null) return { kind: 'text', text: quoted[1] ?? '', quoted: true, span: SPAN };
  if (text.includes('*')) return { kind: 'wildcard', parts: partsOf(text), span: SPAN };
  return { kind: 'text', text, quoted: false, span: SPAN };
}

function partsOf(text: string): readonly WildcardPart[] {
  return text
    .split(/(\*)/)
    .filter((piece) => piece !== '')
    .map((piece): WildcardPart => (piece === '*' ? { any: 'many' } : { text: piece }));
}
