import type { Span } from '../../base/span.ts';
import type { KueryQuery, KueryTerm } from '../../languages/kuery/index.ts';
import { type Located, type LocatedTable, scalarText } from '../source/located.ts';

type Field = (KueryQuery & { kind: 'is' })['field'];

/**
 * A query inside of `nested`, as kuery writes it between braces: with fields by their names below the path. Undefined where kuery has
 * no word for it.
 */
export function nestedQuery(query: Located, path: string): KueryQuery | undefined {
  if (query.kind !== 'table' || query.entries.size !== 1) return undefined;
  const [first] = query.entries;
  if (first === undefined) return undefined;
  const [kind, { value }] = first;
  const { span } = query;
  if (value.kind !== 'table') return undefined;
  switch (kind) {
    case 'match_all':
      return { kind: 'everything', span };
    case 'bool':
      return boolOf(value, path, span);
    case 'exists': {
      const name = value.entries.get('field')?.value;
      const field = name?.kind === 'string' ? fieldOf(name.value, path, name.span) : undefined;
      return field && { kind: 'is', field, value: { kind: 'wildcard', parts: [{ any: 'many' }], span }, span };
    }
    case 'match':
    case 'match_phrase':
    case 'term':
      return isOf(value, path, kind !== 'match', span);
    case 'range':
      return rangeOf(value, path, span);
    default:
      return undefined;
  }
}

const OPS: ReadonlyMap<string, '<' | '<=' | '>' | '>='> = new Map([
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
]);

/** An element has one value of a field, so that each bound is looked at by itself. */
function rangeOf(body: LocatedTable, path: string, span: Span): KueryQuery | undefined {
  const [first, ...more] = body.entries;
  if (first === undefined || more.length > 0) return undefined;
  const [name, { keySpan, value }] = first;
  const field = fieldOf(name, path, keySpan);
  if (value.kind !== 'table' || field === undefined) return undefined;
  const items: KueryQuery[] = [];
  for (const [key, { value: bound }] of value.entries) {
    const op = OPS.get(key);
    const text = scalarText(bound);
    if (op === undefined || text === undefined) return undefined;
    items.push({ kind: 'range', field, op, value: { kind: 'text', text, quoted: true, span }, span });
  }
  return { kind: 'and', items, span };
}

function isOf(body: LocatedTable, path: string, quoted: boolean, span: Span): KueryQuery | undefined {
  const [first, ...more] = body.entries;
  if (first === undefined || more.length > 0) return undefined;
  const [name, { keySpan, value }] = first;
  const inner = value.kind === 'table' ? (value.entries.get('query') ?? value.entries.get('value'))?.value : value;
  const isPlain = value.kind !== 'table' || value.entries.size === 1;
  const text = inner && scalarText(inner);
  const field = fieldOf(name, path, keySpan);
  if (text === undefined || field === undefined || !isPlain) return undefined;
  const term: KueryTerm = { kind: 'text', text, quoted, span };
  return { kind: 'is', field, value: term, span };
}

function boolOf(body: LocatedTable, path: string, span: Span): KueryQuery | undefined {
  const items: KueryQuery[] = [];
  const should: KueryQuery[] = [];
  for (const [key, { value }] of body.entries) {
    if (key === 'minimum_should_match' && scalarText(value) === '1') continue;
    const found = (value.kind === 'list' ? value.items : [value]).map((one) => nestedQuery(one, path));
    for (const one of found) {
      if (one === undefined) return undefined;
      if (key === 'must' || key === 'filter') items.push(one);
      else if (key === 'must_not') items.push({ kind: 'not', item: one, span });
      else if (key === 'should') should.push(one);
      else return undefined;
    }
  }
  // Beside what must be, alternatives that need not be say nothing.
  const isNeeded = items.length === 0 || body.entries.has('minimum_should_match');
  if (should.length > 0 && isNeeded) items.push({ kind: 'or', items: should, span });
  return { kind: 'and', items, span };
}

function fieldOf(name: string, path: string, span: Span): Field | undefined {
  if (!name.startsWith(`${path}.`)) return undefined;
  return { kind: 'field', parts: [{ text: name.slice(path.length + 1) }], quoted: true, span };
}
