import { diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import type { Asks, Elements, Group, Key, KeyAsks, MatchExpression } from './ast.ts';
import { CONDITIONS, type Condition } from './conditions.ts';
import type { MapFields } from './map-fields.ts';
import { namesKey, parseKey, SPECIFIERS } from './parse-key.ts';
import { parseBound, parseNetworks, parseScalar, parseText, parseValues } from './parse-value.ts';

const GROUPS: ReadonlyMap<string, Group['how']> = new Map([
  ['All', 'all'],
  ['Any', 'any'],
  ['OnlyOne', 'one'],
  ['None', 'none'],
]);
const KEYS: readonly string[] = [...SPECIFIERS, 'Condition', 'Value', 'Values', 'Expressions', ...GROUPS.keys()];

/** `expressions: expression*`. What is wrong is noted and left out. */
export function parseExpressions(key: string, fields: MapFields): readonly MatchExpression[] {
  return parseList(key, fields, false);
}

/** `inElement`: the expressions are about the element of a list, which has no key where it is a text. */
function parseList(key: string, fields: MapFields, inElement: boolean): readonly MatchExpression[] {
  return fields.maps(key).flatMap((expression) => parseExpression(expression, inElement) ?? []);
}

/** `expression: group | condition`. */
function parseExpression(fields: MapFields, inElement: boolean): MatchExpression | undefined {
  const { node } = fields;
  const entries = node.entries();
  for (const { key, keySpan } of entries) {
    if (!KEYS.includes(key)) {
      fields.diagnostics.push(diagnostic('panther/unknown-match-key', { key, near: didYouMean(key, KEYS) }, keySpan));
    }
  }
  for (const [name, how] of GROUPS) {
    if (node.get(name) === undefined) continue;
    // `group: {All | Any | OnlyOne | None: expressions}`.
    const other = entries.find(({ key }) => key !== name);
    if (other !== undefined) wrong(fields, `\`${name}\` stands alone`, other.keySpan);
    return { kind: 'group', how, items: parseList(name, fields, inElement), span: node.span };
  }
  return parseCondition(fields, inElement);
}

function wrong(fields: MapFields, reason: string, span: Span = fields.node.span): undefined {
  fields.diagnostics.push(diagnostic('panther/match-expression', { reason }, span));
  return undefined;
}

/** `condition: {[key], Condition: name, [Value | Values | Expressions]}`. */
function parseCondition(fields: MapFields, inElement: boolean): MatchExpression | undefined {
  const { node } = fields;
  const { span } = node;
  const name = fields.requiredText('Condition');
  if (name === undefined) return undefined;
  const condition = CONDITIONS.get(name);
  if (condition === undefined) {
    const params = { condition: name, near: didYouMean(name, CONDITIONS.keys()) };
    fields.diagnostics.push(diagnostic('panther/condition', params, node.get('Condition')?.span));
    return undefined;
  }
  if (condition.kind === 'always') {
    return namesKey(fields)
      ? wrong(fields, `\`${name}\` has no key`)
      : { kind: 'always', value: condition.value, span };
  }
  if (!namesKey(fields) && hasTwoKeys(fields)) return parseKeyTest(fields, condition, name);
  const key = !namesKey(fields) && inElement ? null : parseKey(fields);
  if (key === undefined) return undefined;
  if (condition.kind === 'elements') return parseElements(fields, condition.how, key);
  const asks = parseAsks(fields, condition, name);
  return asks && { kind: 'test', key, asks, not: condition.not, span };
}

/** `Expressions` of `AnyElement` and the like. */
function parseElements(fields: MapFields, how: Elements['how'], key: Key | null): Elements | undefined {
  if (!fields.has('Expressions')) {
    fields.missing('Expressions');
    return undefined;
  }
  return { kind: 'elements', key, how, body: parseList('Expressions', fields, true), span: fields.node.span };
}

function parseAsks(
  fields: MapFields,
  condition: Exclude<Condition, { kind: 'always' | 'elements' }>,
  name: string,
): Asks | undefined {
  switch (condition.kind) {
    case 'exists':
    case 'null':
    case 'empty':
      return { kind: condition.kind };
    case 'equals':
    case 'has': {
      const value = parseScalar(fields, name);
      return value && { kind: condition.kind, value };
    }
    case 'in': {
      const values = parseValues(fields, name);
      return values && { kind: 'in', values };
    }
    case 'text': {
      const { way, ignoreCase } = condition;
      const text = parseText(fields, name);
      return text === undefined ? undefined : { kind: 'text', way, ignoreCase, text };
    }
    case 'order': {
      const bound = parseBound(fields, name);
      return bound === undefined ? undefined : { kind: 'order', op: condition.op, bound };
    }
    case 'ip':
      return { kind: 'ip', family: condition.family };
    case 'cidr': {
      const networks = parseNetworks(fields, name);
      return networks && { kind: 'cidr', networks };
    }
  }
}

function hasTwoKeys(fields: MapFields): boolean {
  const values = fields.node.get('Values')?.asList();
  return values?.some((item) => item.kind === 'map') === true;
}

/** `Values` with two keys: the condition is about the first, with the second as its value. */
function parseKeyTest(fields: MapFields, condition: Condition, name: string): MatchExpression | undefined {
  const items = fields.maps('Values');
  const keys = items.flatMap((item) => parseKey(item) ?? []);
  const [left, right] = keys;
  if (keys.length < items.length) return undefined;
  if (items.length !== 2 || left === undefined || right === undefined) {
    return wrong(fields, '`Values` without a key are two keys');
  }
  const asks = keyAsks(condition);
  if (asks === undefined || condition.kind === 'always' || condition.kind === 'elements') {
    return wrong(fields, `\`${name}\` does not compare two keys`);
  }
  return { kind: 'key-test', left, right, asks, not: condition.not, span: fields.node.span };
}

/** What a condition asks of two keys; undefined where it does not compare. */
function keyAsks(condition: Condition): KeyAsks | undefined {
  switch (condition.kind) {
    case 'equals':
    case 'in':
    case 'has':
      return { kind: condition.kind };
    case 'text':
      return { kind: 'text', way: condition.way, ignoreCase: condition.ignoreCase };
    case 'order':
      return { kind: 'order', op: condition.op };
    case 'always':
    case 'exists':
    case 'null':
    case 'empty':
    case 'ip':
    case 'cidr':
    case 'elements':
      return undefined;
  }
}
