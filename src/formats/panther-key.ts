import { diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { call, field, fieldAt, text } from '../ir/construct.ts';
import type { Expr, Field } from '../ir/expr.ts';
import type { PantherFields } from './panther-fields.ts';
import type { YamlNode } from './yaml-source.ts';

/** One step of a path into an event: a name, a place in a list, or `null` for every element of a list. */
export type KeyStep = string | number | null;

/** Where a match expression looks: in the event, or in the element of a list that a variable stands for. */
export interface KeyScope {
  /** The variable of the element; undefined: the event. */
  readonly variable: string | undefined;
  readonly depth: number;
  /** Where in what the variable stands for. */
  readonly path?: readonly string[];
}

export const EVENT: KeyScope = { variable: undefined, depth: 0 };

/** What an event has at a key. */
export interface KeyValue {
  readonly expr: Expr;
  /** It is a list of what `[*]` found, not one value. */
  readonly several: boolean;
}

const SPECIFIERS = ['Key', 'DeepKey', 'KeyPath', 'Enrichment'] as const;

/** Whether a map names a key. */
export function hasKey(fields: PantherFields): boolean {
  return SPECIFIERS.some((name) => fields.has(name));
}

/** The value that `Key`, `DeepKey`, `KeyPath` or `Enrichment` names; undefined, with a diagnostic, where they are wrong. */
export function readKey(fields: PantherFields, scope: KeyScope): KeyValue | undefined {
  const named = SPECIFIERS.filter((name) => fields.has(name));
  const [name, other] = named;
  if (name === undefined) {
    fields.missing('Key');
    return undefined;
  }
  if (other !== undefined) {
    const reason = `it names both \`${name}\` and \`${other}\``;
    fields.diagnostics.push(diagnostic('panther/match-expression', { reason }, fields.node.get(other)?.span));
    return undefined;
  }
  const steps = readSteps(fields, name);
  return steps === undefined ? undefined : valueAt(steps, scope, fields.node.get(name)?.span);
}

function readSteps(fields: PantherFields, name: (typeof SPECIFIERS)[number]): readonly KeyStep[] | undefined {
  switch (name) {
    case 'Key': {
      const key = fields.name('Key');
      return key === undefined ? undefined : [key];
    }
    case 'DeepKey':
      return readDeepKey(fields);
    case 'KeyPath': {
      const path = fields.name('KeyPath');
      return path === undefined ? undefined : readPath(path, fields, fields.node.get('KeyPath'));
    }
    case 'Enrichment':
      return readEnrichment(fields);
  }
}

function readDeepKey(fields: PantherFields): readonly KeyStep[] | undefined {
  const items = fields.list('DeepKey');
  const steps: KeyStep[] = [];
  for (const [index, item] of items.entries()) {
    const number = item.asNumber();
    if (number !== undefined && Number.isInteger(number)) steps.push(number);
    else if (item.kind === 'string') steps.push(item.asString() ?? '');
    else {
      fields.wrong(`DeepKey[${index}]`, 'a name or a place in a list', item);
      return undefined;
    }
  }
  if (steps.length > 0) return steps;
  const span = fields.node.get('DeepKey')?.span;
  if (fields.node.get('DeepKey')?.kind === 'list') {
    fields.diagnostics.push(diagnostic('panther/key-path', { path: '[]', reason: 'it has no step' }, span));
  }
  return undefined;
}

function readEnrichment(fields: PantherFields): readonly KeyStep[] | undefined {
  const node = fields.map('Enrichment');
  if (node === undefined) return undefined;
  const inner = fields.inside(node, 'Enrichment');
  const table = inner.requiredText('Table');
  const selector = inner.requiredText('Selector');
  const path = inner.requiredText('FieldPath');
  if (table === undefined || selector === undefined || path === undefined) return undefined;
  const steps = readPath(path, inner, node.get('FieldPath'));
  return steps && ['p_enrichment', table, selector, ...steps];
}

const STEP = /([^.[\]]+)|\[\s*(-?\d+|\*|'[^']*'|"[^"]*")\s*\]/y;

/** `a.b[0].c[*]['d.e']`. */
function readPath(path: string, fields: PantherFields, node: YamlNode | undefined): readonly KeyStep[] | undefined {
  const steps: KeyStep[] = [];
  const refuse = (reason: string): undefined => {
    fields.diagnostics.push(diagnostic('panther/key-path', { path, reason }, node?.span));
    return undefined;
  };
  const written = path.startsWith('$.') ? path.slice(2) : path;
  let at = 0;
  while (at < written.length) {
    if (steps.length > 0 && written[at] === '.') at += 1;
    STEP.lastIndex = at;
    const found = STEP.exec(written);
    if (found === null)
      return refuse(at >= written.length ? 'it ends with a dot' : `\`${written[at]}\` has no place there`);
    const [whole, name, bracket] = found;
    at += whole.length;
    if (name !== undefined) steps.push(name);
    else if (bracket === '*') steps.push(null);
    else if (bracket !== undefined) steps.push(/^-?\d+$/.test(bracket) ? Number(bracket) : bracket.slice(1, -1));
  }
  return steps.length === 0 ? refuse('it has no step') : steps;
}

/** Reads as Panther's events are read: keys in any case, nothing found inside a list unless a step says so. */
function valueAt(steps: readonly KeyStep[], scope: KeyScope, span: Span | undefined): KeyValue {
  // The view gives the log type; raw records do not have it.
  if (scope.variable === undefined && steps.length === 1 && steps[0] === 'p_log_type') {
    return { expr: field('p_log_type', span), several: false };
  }
  const special = steps.findIndex((step) => typeof step !== 'string');
  const plain = steps.slice(0, special === -1 ? steps.length : special) as readonly string[];
  const base = place(plain, scope, span);
  if (special === -1) return { expr: base, several: false };
  const rest = steps.slice(special);
  return { expr: call('panther.at', [base, text(JSON.stringify(rest))], span), several: rest.includes(null) };
}

function place(path: readonly string[], scope: KeyScope, span: Span | undefined): Field {
  return fieldAt([...(scope.path ?? []), ...path], span, scope.variable);
}

/** The element itself. */
export function elementOf(scope: KeyScope): Expr {
  return place([], scope, undefined);
}

/** The value at a path that stands in a text: a title's `{a.b}`. */
export function valueAtPath(path: string, fields: PantherFields, node: YamlNode | undefined): KeyValue | undefined {
  const steps = readPath(path, fields, node);
  return steps && valueAt(steps, EVENT, node?.span);
}
