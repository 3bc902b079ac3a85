import { diagnostic } from '../../base/diagnostic.ts';
import type { Key, Step } from './ast.ts';
import { parseKeyPath } from './key-path.ts';
import type { MapFields } from './map-fields.ts';
import type { ValueNode } from './value-node.ts';

export const SPECIFIERS = ['Key', 'DeepKey', 'KeyPath', 'Enrichment'] as const;

/** Whether a map names a key. */
export function namesKey(fields: MapFields): boolean {
  return SPECIFIERS.some((name) => fields.has(name));
}

/** What `Key`, `DeepKey`, `KeyPath` or `Enrichment` names; undefined, with a diagnostic, where they are wrong. */
export function parseKey(fields: MapFields): Key | undefined {
  const [name, other] = SPECIFIERS.filter((each) => fields.has(each));
  if (name === undefined) {
    fields.missing('Key');
    return undefined;
  }
  if (other !== undefined) {
    const reason = `it names both \`${name}\` and \`${other}\``;
    fields.diagnostics.push(diagnostic('panther/match-expression', { reason }, fields.node.get(other)?.span));
    return undefined;
  }
  const steps = parseSteps(fields, name);
  return steps && { kind: 'key', steps, span: fields.node.get(name)?.span };
}

/** The place that a path in a text names. */
export function keyAtPath(path: string, fields: MapFields, node: ValueNode | undefined): Key | undefined {
  const steps = stepsOf(path, fields, node);
  return steps && { kind: 'key', steps, span: node?.span };
}

function parseSteps(fields: MapFields, name: (typeof SPECIFIERS)[number]): readonly Step[] | undefined {
  switch (name) {
    case 'Key': {
      const key = fields.name('Key');
      return key === undefined ? undefined : [key];
    }
    case 'DeepKey':
      return parseDeepKey(fields);
    case 'KeyPath': {
      const path = fields.name('KeyPath');
      return path === undefined ? undefined : stepsOf(path, fields, fields.node.get('KeyPath'));
    }
    case 'Enrichment':
      return parseEnrichment(fields);
  }
}

function stepsOf(path: string, fields: MapFields, node: ValueNode | undefined): readonly Step[] | undefined {
  const found = parseKeyPath(path);
  if (typeof found !== 'string') return found;
  fields.diagnostics.push(diagnostic('panther/key-path', { path, reason: found }, node?.span));
  return undefined;
}

function parseDeepKey(fields: MapFields): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const [index, item] of fields.list('DeepKey').entries()) {
    const number = item.asNumber();
    if (number !== undefined && Number.isInteger(number)) steps.push(number);
    else if (item.kind === 'string') steps.push(item.asString() ?? '');
    else {
      fields.wrong(`DeepKey[${index}]`, 'a name or a place in a list', item);
      return undefined;
    }
  }
  if (steps.length > 0) return steps;
  const node = fields.node.get('DeepKey');
  if (node?.kind === 'list') {
    fields.diagnostics.push(diagnostic('panther/key-path', { path: '[]', reason: 'it has no step' }, node.span));
  }
  return undefined;
}

function parseEnrichment(fields: MapFields): readonly Step[] | undefined {
  const node = fields.map('Enrichment');
  if (node === undefined) return undefined;
  const inner = fields.inside(node, 'Enrichment');
  const table = inner.requiredText('Table');
  const selector = inner.requiredText('Selector');
  const path = inner.requiredText('FieldPath');
  if (table === undefined || selector === undefined || path === undefined) return undefined;
  const steps = stepsOf(path, inner, node.get('FieldPath'));
  return steps && ['p_enrichment', table, selector, ...steps];
}
