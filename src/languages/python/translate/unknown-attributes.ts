import { didYouMean } from '../../../base/did-you-mean.ts';
import type { Span } from '../../../base/span.ts';
import type { PythonModule } from '../../../ir/rule/python.ts';
import type { Expression, FunctionDef } from '../ast.ts';
import { visit } from '../visit.ts';
import { moduleScope } from './module-scope.ts';
import { holdersOf, NAMES_OF_EVENTS } from './values/attributes.ts';
import { EVENT } from './values/event.ts';

/** What a rule asks the event for, and it has not. */
export interface UnknownAttribute {
  readonly name: string;
  readonly near: readonly string[];
  readonly span: Span;
}

/** The functions of a rule that are given the event. */
const FUNCTIONS = 'rule title dedup severity description reference runbook destinations alert_context unique'.split(
  ' ',
);

/** Attributes that events have not, wherever a rule's functions ask the event itself for them and do not say that it may fail. */
export function unknownAttributes(module: PythonModule): readonly UnknownAttribute[] {
  const scope = moduleScope(module);
  if (!('bindings' in scope)) return [];
  return FUNCTIONS.flatMap((name) => {
    const found = scope.bindings.get(name);
    if (found?.kind !== 'statement' || found.node.kind !== 'FunctionDef') return [];
    return inFunction(found.node).map(({ attr, start, end }) => ({
      name: attr,
      near: didYouMean(attr, NAMES_OF_EVENTS),
      span: scope.source.span(start, end),
    }));
  });
}

type Attribute = Expression & { readonly kind: 'Attribute' };

function inFunction({ args, body }: FunctionDef): readonly Attribute[] {
  const event = [...args.posonlyargs, ...args.args][0]?.arg;
  if (event === undefined) return [];
  const found: Attribute[] = [];
  let careful = false;
  visit(body, (node) => {
    const each = node as unknown as Expression;
    if (each.kind === 'Attribute' && each.value.kind === 'Name' && each.value.id === event) {
      if (holdersOf(EVENT, each.attr) === 0) found.push(each);
    }
    if (node['kind'] === 'Try' || isSet(node, event)) careful = true;
    if (each.kind === 'Name' && (each.id === 'hasattr' || each.id === 'getattr')) careful = true;
  });
  return careful ? [] : found.toSorted((a, b) => a.start - b.start);
}

/** Whether a node gives a name another meaning. */
function isSet(node: Record<string, unknown>, name: string): boolean {
  if (node['arg'] === name && node['kind'] === undefined) return !('value' in node);
  return [node['target'], node['optional_vars'], node['targets']].some((target) => {
    let set = false;
    if (target !== undefined && target !== null) {
      visit(target, (each) => {
        if (each['kind'] === 'Name' && each['id'] === name) set = true;
      });
    }
    return set;
  });
}
