import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';
import type { EsqlExpr, EsqlNumber, EsqlParameter, EsqlPart, EsqlQuery } from './ast.ts';

/** What a parameter stands for. */
export type EsqlParameterValue = string | number | bigint | boolean | null | readonly EsqlParameterValue[];

/** By name, or by place from 1. */
export type EsqlParameters = ReadonlyMap<string, EsqlParameterValue>;

/**
 * The query with the values of its parameters in their places: `?name` is a constant, `??name` a name of a column or function. Those
 * without a value, and those whose value is of the wrong kind, are errors.
 */
export function withParameters(
  query: EsqlQuery,
  values: EsqlParameters,
): { readonly query: EsqlQuery; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const given = (name: string, span: Span): EsqlParameterValue | undefined => {
    const value = values.get(name);
    if (value === undefined) diagnostics.push(diagnostic('esql/unknown-parameter', { name }, span));
    return value;
  };
  const part = (written: EsqlPart): EsqlPart => {
    const { text: name, span } = written;
    const value = given(name, span);
    if (value === undefined) return written;
    if (typeof value === 'string' && written.written === 'name-parameter')
      return { text: value, written: 'quoted', span };
    const reason = typeof value === 'string' ? 'constant' : 'no-name';
    diagnostics.push(diagnostic('esql/bad-parameter', { name, reason }, span));
    return written;
  };
  const replaced = (node: unknown): unknown => {
    if (isParameter(node)) {
      const value = given(node.name, node.span);
      return value === undefined ? node : constantOf(value, node.span);
    }
    return isParameterPart(node) ? part(node) : node;
  };
  return { query: replacedIn(query, replaced) as EsqlQuery, diagnostics };
}

/** A tree is plain data: its leaves are replaced wherever they stand, and what holds none of them stays the same object. */
function replacedIn(node: unknown, replaced: (node: unknown) => unknown): unknown {
  const made = replaced(node);
  if (made !== node || typeof node !== 'object' || node === null) return made;
  if (Array.isArray(node)) {
    const items = node.map((item) => replacedIn(item, replaced));
    return items.some((item, at) => item !== node[at]) ? items : node;
  }
  const entries = Object.entries(node);
  const changed = entries.flatMap(([key, child]) => {
    const other = replacedIn(child, replaced);
    return other === child ? [] : [[key, other] as const];
  });
  return changed.length === 0 ? node : { ...node, ...Object.fromEntries(changed) };
}

function isParameter(node: unknown): node is EsqlParameter {
  return isJsonObject(node) && node['kind'] === 'parameter';
}

function isParameterPart(node: unknown): node is EsqlPart {
  return isJsonObject(node) && (node['written'] === 'parameter' || node['written'] === 'name-parameter');
}

function constantOf(value: EsqlParameterValue, span: Span): EsqlExpr {
  if (value === null) return { kind: 'null', span };
  if (typeof value === 'string') return { kind: 'string', value, span };
  if (typeof value === 'boolean') return { kind: 'boolean', value, span };
  if (typeof value === 'object') return { kind: 'array', items: value.map((item) => constantOf(item, span)), span };
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
  const number: EsqlNumber = { kind: 'number', text: String(value).replace(/^-/, ''), whole, span };
  return value < 0 ? { kind: 'sign', op: '-', item: number, span } : number;
}
