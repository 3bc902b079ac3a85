import type { Asks, Elements, IpFamily, Order, TextWay } from './ast.ts';

/** What a condition's name says. `not`: the opposite of what it asks. */
export type Condition =
  | { readonly kind: 'always'; readonly value: boolean }
  | { readonly kind: Exclude<Asks['kind'], 'text' | 'order' | 'ip'>; readonly not: boolean }
  | { readonly kind: 'text'; readonly way: TextWay; readonly ignoreCase: boolean; readonly not: boolean }
  | { readonly kind: 'order'; readonly op: Order; readonly not: false }
  | { readonly kind: 'ip'; readonly family: IpFamily; readonly not: false }
  | { readonly kind: 'elements'; readonly how: Elements['how'] };

/** Every name of a condition; of several names for one the first is the usual. */
export const CONDITIONS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
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
  ['IEquals', { kind: 'text', way: 'equals', ignoreCase: true, not: false }],
  ...negated('Equal', 'equals'),
  ...texts('StartsWith', 'StartWith', 'starts-with'),
  ...texts('EndsWith', 'EndWith', 'ends-with'),
  ...texts('Contains', 'Contain', 'contains'),
  ...orders('IsGreaterThan', '>'),
  ...orders('IsLessThan', '<'),
  ...ips('IsIPAddress', 'any'),
  ...ips('IsIPv4Address', 'v4', 'IsIPAddressv4', 'IsIPAddressV4'),
  ...ips('IsIPv6Address', 'v6', 'IsIPAddressv6', 'IsIPAddressV6'),
  ...ips('IsIPAddressPublic', 'public'),
  ...ips('IsIPAddressPrivate', 'private'),
  ['IsIPAddressInCIDR', { kind: 'cidr', not: false }],
  ['IsIPAddressNotInCIDR', { kind: 'cidr', not: true }],
  ['AnyElement', { kind: 'elements', how: 'any' }],
  ['AllElements', { kind: 'elements', how: 'all' }],
  ['NoElement', { kind: 'elements', how: 'none' }],
  ['OnlyOneElement', { kind: 'elements', how: 'one' }],
]);

function texts(positive: string, stem: string, way: TextWay): [string, Condition][] {
  return [
    [positive, { kind: 'text', way, ignoreCase: false, not: false }],
    [`I${positive}`, { kind: 'text', way, ignoreCase: true, not: false }],
    [`DoesNot${stem}`, { kind: 'text', way, ignoreCase: false, not: true }],
    ...negated(stem, way),
  ];
}

/** Without regard to case. Both orders of the two prefixes are in use. */
function negated(stem: string, way: TextWay): [string, Condition][] {
  const condition: Condition = { kind: 'text', way, ignoreCase: true, not: true };
  return [
    [`IDoesNot${stem}`, condition],
    [`DoesNotI${stem}`, condition],
  ];
}

function orders(name: string, op: '<' | '>'): [string, Condition][] {
  const inclusive: Condition = { kind: 'order', op: `${op}=`, not: false };
  return [
    [name, { kind: 'order', op, not: false }],
    [`${name}OrEquals`, inclusive],
    [`${name}OrEqualTo`, inclusive],
  ];
}

function ips(name: string, family: IpFamily, ...others: readonly string[]): [string, Condition][] {
  return [name, ...others].map((each) => [each, { kind: 'ip', family, not: false }]);
}
