import ipaddr from 'ipaddr.js';
import { diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import type { Span } from '../base/span.ts';
import { and, bool, call, FALSE, fieldAt, match, NULL, not, or, TRUE, text } from '../ir/construct.ts';
import type { CompareOp, Expr, Literal, Pattern } from '../ir/expr.ts';
import type { PantherFields } from './panther-fields.ts';
import { EVENT, elementOf, hasKey, type KeyScope, type KeyValue, readKey } from './panther-key.ts';
import type { YamlNode } from './yaml-source.ts';

/**
 * Panther's match expressions as IR. Every condition is true or false, never unknown: what is missing or of another type
 * than the condition is about does not meet it, and the negated forms are the opposite of that. `docs/panther.md` says
 * what each condition means; where Panther's documentation leaves it open, too.
 */

type ListWay = 'any' | 'all' | 'none' | 'one';
type TextWay = 'equals' | 'starts-with' | 'ends-with' | 'contains';

/** What a condition asks. `not`: it is the opposite. */
type Condition =
  | { readonly kind: 'always'; readonly value: boolean }
  | { readonly kind: 'exists' | 'null' | 'empty' | 'equals' | 'in' | 'has' | 'cidr'; readonly not: boolean }
  | { readonly kind: 'text'; readonly way: TextWay; readonly fold: boolean; readonly not: boolean }
  | { readonly kind: 'order'; readonly op: '<' | '<=' | '>' | '>=' }
  | { readonly kind: 'ip'; readonly family: string }
  | { readonly kind: 'elements'; readonly way: ListWay };

const CONDITIONS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['AlwaysTrue', { kind: 'always', value: true }],
  ['AlwaysFalse', { kind: 'always', value: false }],
  ['Exists', { kind: 'exists', not: false }],
  ['DoesNotExist', { kind: 'exists', not: true }],
  ['IsNull', { kind: 'null', not: false }],
  ['IsNotNull', { kind: 'null', not: true }],
  ['IsNullOrEmpty', { kind: 'empty', not: false }],
  ['IsNotNullOrEmpty', { kind: 'empty', not: true }],
  ['Equals', { kind: 'equals', not: false }],
  ['DoesNotEqual', { kind: 'equals', not: true }],
  ['IsIn', { kind: 'in', not: false }],
  ['IsNotIn', { kind: 'in', not: true }],
  ['Has', { kind: 'has', not: false }],
  ['DoesNotHave', { kind: 'has', not: true }],
  ['IEquals', { kind: 'text', way: 'equals', fold: true, not: false }],
  ...negated('Equal', 'equals', true),
  ...texts('StartsWith', 'StartWith', 'starts-with'),
  ...texts('EndsWith', 'EndWith', 'ends-with'),
  ...texts('Contains', 'Contain', 'contains'),
  ['IsGreaterThan', { kind: 'order', op: '>' }],
  ['IsGreaterThanOrEquals', { kind: 'order', op: '>=' }],
  ['IsGreaterThanOrEqualTo', { kind: 'order', op: '>=' }],
  ['IsLessThan', { kind: 'order', op: '<' }],
  ['IsLessThanOrEquals', { kind: 'order', op: '<=' }],
  ['IsLessThanOrEqualTo', { kind: 'order', op: '<=' }],
  ['IsIPAddress', { kind: 'ip', family: 'any' }],
  ['IsIPAddressv4', { kind: 'ip', family: 'v4' }],
  ['IsIPAddressV4', { kind: 'ip', family: 'v4' }],
  ['IsIPv4Address', { kind: 'ip', family: 'v4' }],
  ['IsIPAddressv6', { kind: 'ip', family: 'v6' }],
  ['IsIPAddressV6', { kind: 'ip', family: 'v6' }],
  ['IsIPv6Address', { kind: 'ip', family: 'v6' }],
  ['IsIPAddressPublic', { kind: 'ip', family: 'public' }],
  ['IsIPAddressPrivate', { kind: 'ip', family: 'private' }],
  ['IsIPAddressInCIDR', { kind: 'cidr', not: false }],
  ['IsIPAddressNotInCIDR', { kind: 'cidr', not: true }],
  ['AnyElement', { kind: 'elements', way: 'any' }],
  ['AllElements', { kind: 'elements', way: 'all' }],
  ['NoElement', { kind: 'elements', way: 'none' }],
  ['OnlyOneElement', { kind: 'elements', way: 'one' }],
]);

function texts(positive: string, stem: string, way: TextWay): [string, Condition][] {
  return [
    [positive, { kind: 'text', way, fold: false, not: false }],
    [`I${positive}`, { kind: 'text', way, fold: true, not: false }],
    [`DoesNot${stem}`, { kind: 'text', way, fold: false, not: true }],
    ...negated(stem, way, true),
  ];
}

/** Both orders of the two prefixes are in use. */
function negated(stem: string, way: TextWay, fold: boolean): [string, Condition][] {
  return [
    [`IDoesNot${stem}`, { kind: 'text', way, fold, not: true }],
    [`DoesNotI${stem}`, { kind: 'text', way, fold, not: true }],
  ];
}

const COMBINATORS = ['All', 'Any', 'OnlyOne', 'None'] as const;
const KEYS = ['Key', 'DeepKey', 'KeyPath', 'Enrichment', 'Condition', 'Value', 'Values', 'Expressions', ...COMBINATORS];

/** A list of match expressions, all of which must hold. What is wrong is noted, and false. */
export function readMatchExpressions(key: string, fields: PantherFields, scope: KeyScope = EVENT): Expr {
  return and(readList(key, fields, scope), fields.node.get(key)?.span);
}

function readList(key: string, fields: PantherFields, scope: KeyScope): Expr[] {
  return fields.maps(key).map((expression) => readExpression(expression, scope));
}

function readExpression(fields: PantherFields, scope: KeyScope): Expr {
  const { node } = fields;
  for (const { key, keySpan } of node.entries()) {
    if (!KEYS.includes(key)) {
      fields.diagnostics.push(diagnostic('panther/unknown-match-key', { key, near: didYouMean(key, KEYS) }, keySpan));
    }
  }
  const combinator = COMBINATORS.find((name) => node.get(name) !== undefined);
  if (combinator !== undefined) {
    const other = node.entries().find(({ key }) => key !== combinator);
    if (other !== undefined) wrongExpression(fields, `\`${combinator}\` stands alone`, other.keySpan);
    const items = readList(combinator, fields, scope);
    return combined(combinator, items, node.span);
  }
  return readCondition(fields, scope);
}

function combined(combinator: (typeof COMBINATORS)[number], items: readonly Expr[], span: Span): Expr {
  switch (combinator) {
    case 'All':
      return and(items, span);
    case 'Any':
      return or(items, span);
    case 'None':
      return not(or(items), span);
    case 'OnlyOne':
      return items.length === 1 ? (items[0] ?? FALSE) : call('panther.only-one', items, span);
  }
}

function wrongExpression(fields: PantherFields, reason: string, span: Span = fields.node.span): Expr {
  fields.diagnostics.push(diagnostic('panther/match-expression', { reason }, span));
  return FALSE;
}

function readCondition(fields: PantherFields, scope: KeyScope): Expr {
  const { node } = fields;
  const name = fields.requiredText('Condition');
  if (name === undefined) return FALSE;
  const condition = CONDITIONS.get(name);
  if (condition === undefined) {
    const params = { condition: name, near: didYouMean(name, CONDITIONS.keys()) };
    fields.diagnostics.push(diagnostic('panther/condition', params, node.get('Condition')?.span));
    return FALSE;
  }
  if (condition.kind === 'always') {
    if (hasKey(fields)) return wrongExpression(fields, `\`${name}\` has no key`);
    return bool(condition.value);
  }
  if (!hasKey(fields) && isTwoKeys(fields)) return readTwoKeys(fields, condition, name, scope);
  // The elements of a list of texts have no key.
  const value: KeyValue | undefined =
    !hasKey(fields) && scope.variable !== undefined
      ? { expr: elementOf(scope), several: false }
      : readKey(fields, scope);
  if (value === undefined) return FALSE;
  if (condition.kind === 'elements') return readElements(fields, condition.way, value.expr, scope);
  return leaf(fields, condition, name, value, scope);
}

/** A condition on the value of one key. */
function leaf(
  fields: PantherFields,
  condition: Exclude<Condition, { kind: 'always' | 'elements' }>,
  name: string,
  value: KeyValue,
  scope: KeyScope,
): Expr {
  const { span } = fields.node;
  const turned = (expr: Expr): Expr => ('not' in condition && condition.not ? not(expr, span) : expr);
  switch (condition.kind) {
    case 'exists':
      if (value.several) return turned(not(call('panther.is-empty', [value.expr]), span));
      return turned({ kind: 'exists', subject: value.expr, counts: 'present', span });
    case 'null':
      return turned({ kind: 'is-null', subject: value.expr, span });
    case 'empty':
      return turned(call('panther.is-empty', [value.expr], span));
    case 'has': {
      const wanted = readScalar(fields, name);
      if (wanted === undefined) return FALSE;
      return turned(someElement(value.expr, scope, (element) => same(element, wanted), span));
    }
    case 'equals': {
      const wanted = readScalar(fields, name);
      return wanted === undefined ? FALSE : turned(onEach(value, scope, (one) => same(one, wanted, span)));
    }
    case 'in': {
      const wanted = readValues(fields, name, scope);
      if (wanted === undefined) return FALSE;
      return turned(
        onEach(value, scope, (one) =>
          or(
            wanted.map((each) => same(one, each)),
            span,
          ),
        ),
      );
    }
    case 'text': {
      const wanted = readText(fields, name);
      if (wanted === undefined) return FALSE;
      const { way, fold } = condition;
      return turned(
        onEach(value, scope, (one) =>
          match(one, textPattern(way, wanted), {
            collation: fold ? 'ignore-case' : 'exact',
            quantifier: 'whole',
            span,
          }),
        ),
      );
    }
    case 'order': {
      const bound = readBound(fields, name);
      if (bound === undefined) return FALSE;
      const inclusive = condition.op.endsWith('=');
      const limit = { value: bound, inclusive };
      const pattern: Pattern = condition.op.startsWith('<')
        ? { kind: 'range', high: limit }
        : { kind: 'range', low: limit };
      return onEach(value, scope, (one) => match(one, pattern, { quantifier: 'whole', span }));
    }
    case 'ip':
      return onEach(value, scope, (one) => call('panther.ip', [one, text(condition.family)], span));
    case 'cidr': {
      const networks = readNetworks(fields, name);
      if (networks === undefined) return FALSE;
      const within = (one: Expr): Expr =>
        or(networks.map((network) => match(one, { kind: 'cidr', network }, { quantifier: 'whole', span })));
      return turned(onEach(value, scope, within));
    }
  }
}

/** The condition on the value, or on one of the values that `[*]` found. */
function onEach(value: KeyValue, scope: KeyScope, test: (one: Expr) => Expr): Expr {
  if (!value.several) return test(value.expr);
  return someElement(value.expr, scope, test);
}

function inner(scope: KeyScope): KeyScope & { readonly variable: string } {
  return { variable: `element${scope.depth + 1}`, depth: scope.depth + 1 };
}

function someElement(over: Expr, scope: KeyScope, test: (element: Expr) => Expr, span?: Span): Expr {
  const inside = inner(scope);
  return {
    kind: 'quantified',
    how: 'any',
    over: call('panther.elements', [over]),
    variable: inside.variable,
    body: test(elementOf(inside)),
    ...(span !== undefined && { span }),
  };
}

function readElements(fields: PantherFields, way: ListWay, value: Expr, scope: KeyScope): Expr {
  const { span } = fields.node;
  if (!fields.has('Expressions')) {
    fields.missing('Expressions');
    return FALSE;
  }
  const inside = inner(scope);
  const body = readMatchExpressions('Expressions', fields, inside);
  const some = (test: Expr): Expr => ({
    kind: 'quantified',
    how: 'any',
    over: call('panther.elements', [value]),
    variable: inside.variable,
    body: test,
    span,
  });
  switch (way) {
    case 'any':
      return some(body);
    case 'none':
      return not(some(body), span);
    case 'all':
      return and([call('panther.is-list', [value], span), not(some(not(body)), span)], span);
    case 'one':
      return onlyOne(fields, value, scope, span);
  }
}

/** The first element that fits and the last are one: nothing is counted. */
function onlyOne(fields: PantherFields, value: Expr, scope: KeyScope, span: Span): Expr {
  const sides = ['first', 'last'].map((name, index) => {
    const depth = scope.depth + 2;
    const variable = `${name}${scope.depth + 1}`;
    const side: KeyScope = { variable, depth: depth + index, path: ['value'] };
    // The expressions have been read before: what is wrong in them is said once.
    const noted = fields.diagnostics.length;
    const body = readMatchExpressions('Expressions', fields, side);
    fields.diagnostics.length = noted;
    return { variable, body, at: fieldAt(['at'], undefined, variable) };
  });
  const [first, last] = sides;
  if (first === undefined || last === undefined) return FALSE;
  const numbered = (order: string): Expr => call('panther.numbered', [value, text(order)]);
  const meet: Expr = { kind: 'compare', op: '==', left: first.at, right: last.at, nulls: 'total', many: 'whole' };
  const fromBehind: Expr = {
    kind: 'quantified',
    how: 'any',
    over: numbered('backward'),
    variable: last.variable,
    body: and([last.body, meet]),
    until: last.body,
  };
  const fromFront = and([first.body, fromBehind]);
  return {
    kind: 'quantified',
    how: 'any',
    over: numbered('forward'),
    variable: first.variable,
    body: fromFront,
    until: first.body,
    span,
  };
}

function isTwoKeys(fields: PantherFields): boolean {
  return (
    fields.node
      .get('Values')
      ?.asList()
      ?.some((item) => item.kind === 'map') === true
  );
}

/** `Values` with two keys: the condition is about the first, with the second as its value. */
function readTwoKeys(fields: PantherFields, condition: Condition, name: string, scope: KeyScope): Expr {
  const { span } = fields.node;
  const items = fields.maps('Values');
  const keys = items.flatMap((item) => readKey(item, scope)?.expr ?? []);
  const [left, right] = keys;
  if (items.length !== 2 || left === undefined || right === undefined || keys.length !== 2) {
    return keys.length === items.length ? wrongExpression(fields, '`Values` without a key are two keys') : FALSE;
  }
  const turned = (expr: Expr): Expr => ('not' in condition && condition.not ? not(expr, span) : expr);
  switch (condition.kind) {
    case 'equals':
      return turned(same(left, right, span));
    case 'text':
      return turned(call('panther.compare-text', [left, text(condition.way), right, bool(condition.fold)], span));
    case 'order':
      return and([known(left), known(right), ordered(condition.op, left, right, span)], span);
    case 'in':
      return turned(someElement(right, scope, (element) => same(element, left), span));
    case 'has':
      return turned(someElement(left, scope, (element) => same(element, right), span));
    case 'always':
    case 'exists':
    case 'null':
    case 'empty':
    case 'ip':
    case 'cidr':
    case 'elements':
      return wrongExpression(fields, `\`${name}\` does not compare two keys`);
  }
}

/** Values of different kinds have no order: then the comparison is false, not unknown. */
function ordered(op: CompareOp, left: Expr, right: Expr, span: Span): Expr {
  const compared: Expr = { kind: 'compare', op, left, right, nulls: 'unknown', many: 'whole', span };
  return { kind: 'cond', branches: [{ when: compared, then: TRUE }], otherwise: FALSE };
}

function known(value: Expr): Expr {
  return not({ kind: 'is-null', subject: value });
}

/** Equal and of one kind: the text `7` is not the number. Two that are missing are not equal. */
function same(left: Expr, right: Expr, span?: Span): Expr {
  const compared: Expr = {
    kind: 'compare',
    op: '==',
    left,
    right,
    nulls: 'total',
    many: 'whole',
    ...(span !== undefined && { span }),
  };
  return right.kind === 'literal' && right.value !== null ? compared : and([known(left), compared], span);
}

function textPattern(way: TextWay, wanted: string): Pattern {
  switch (way) {
    case 'equals':
      return { kind: 'equals', value: wanted };
    case 'starts-with':
      return { kind: 'prefix', text: wanted };
    case 'ends-with':
      return { kind: 'suffix', text: wanted };
    case 'contains':
      return { kind: 'contains', text: wanted };
  }
}

function scalar(node: YamlNode): Literal | undefined {
  const value = node.scalar();
  if (value === undefined) return undefined;
  if (value === null) return NULL;
  if (typeof value === 'string') return { ...text(value), span: node.span };
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return { kind: 'literal', type: 'long', value: String(value), span: node.span };
  }
  return { kind: 'literal', type: 'real', value, span: node.span };
}

function valueNode(fields: PantherFields, name: string): YamlNode | undefined {
  const node = fields.node.get('Value');
  if (node !== undefined) return node;
  wrongExpression(fields, `\`${name}\` needs a \`Value\``);
  return undefined;
}

function readScalar(fields: PantherFields, name: string): Literal | undefined {
  const node = valueNode(fields, name);
  if (node === undefined) return undefined;
  const found = scalar(node);
  if (found === undefined || found.value === null) {
    fields.wrong('Value', 'a text, a number, true or false', node);
    return undefined;
  }
  return found;
}

function readText(fields: PantherFields, name: string): string | undefined {
  const node = valueNode(fields, name);
  if (node === undefined) return undefined;
  if (node.kind === 'map' || node.kind === 'list' || node.kind === 'null') {
    fields.wrong('Value', 'a text', node);
    return undefined;
  }
  return node.written();
}

function readBound(fields: PantherFields, name: string): string | number | undefined {
  const node = valueNode(fields, name);
  if (node === undefined) return undefined;
  const found = node.asNumber() ?? node.asString();
  if (found === undefined) fields.wrong('Value', 'a number or a text', node);
  return found;
}

/** `Values`: constants, or keys whose values they are. */
function readValues(fields: PantherFields, name: string, scope: KeyScope): readonly Expr[] | undefined {
  if (!fields.has('Values')) {
    wrongExpression(fields, `\`${name}\` needs \`Values\``);
    return undefined;
  }
  const before = fields.diagnostics.length;
  const found = fields.list('Values').flatMap((item, index): Expr[] => {
    if (item.kind === 'map') {
      const key = readKey(fields.inside(item, `Values[${index}]`), scope);
      return key === undefined ? [] : [key.expr];
    }
    const value = scalar(item);
    if (value !== undefined && value.value !== null) return [value];
    fields.wrong(`Values[${index}]`, 'a text, a number, true or false', item);
    return [];
  });
  return fields.diagnostics.length > before ? undefined : found;
}

function readNetworks(fields: PantherFields, name: string): readonly string[] | undefined {
  const nodes = fields.has('Values') ? fields.list('Values') : [valueNode(fields, name)];
  const found: string[] = [];
  for (const node of nodes) {
    if (node === undefined) return undefined;
    const network = networkOf(node.asString() ?? '');
    if (network === undefined) {
      const params = { condition: name, expected: 'a network such as `10.0.0.0/8`' };
      fields.diagnostics.push(diagnostic('panther/condition-value', params, node.span));
      return undefined;
    }
    found.push(network);
  }
  return found;
}

/** An address alone is a network of one. */
function networkOf(written: string): string | undefined {
  const [address = '', bits, ...more] = written.trim().split('/');
  if (more.length > 0 || (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)))
    return undefined;
  const most = ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return `${address}/${most}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? `${address}/${Number(bits)}` : undefined;
}
