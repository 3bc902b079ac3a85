import type { Signature } from './signature.ts';

/** What Panther's match expressions ask of values, beyond what nodes say. */
export type PantherFunction =
  | 'panther.at'
  | 'panther.elements'
  | 'panther.numbered'
  | 'panther.is-list'
  | 'panther.is-empty'
  | 'panther.only-one'
  | 'panther.ip'
  | 'panther.compare-text'
  | 'panther.text';

export const pantherFunctions: Record<PantherFunction, Signature> = {
  'panther.at': {
    parameters: ['dynamic', 'string'],
    result: 'dynamic',
    nulls: 'handled',
    doc: 'What lies at a path: a JSON array of names (in any case), places in lists, and null for every element, which gives a list.',
  },
  'panther.elements': {
    parameters: ['dynamic'],
    result: 'dynamic',
    nulls: 'handled',
    doc: 'The elements of a list; of anything else, none.',
  },
  'panther.numbered': {
    parameters: ['dynamic', 'string'],
    result: 'dynamic',
    nulls: 'handled',
    doc: 'The elements of a list as maps of `at` and `value`, `forward` or `backward`; of anything else, none.',
  },
  'panther.is-list': {
    parameters: ['dynamic'],
    result: 'bool',
    nulls: 'handled',
    doc: 'Whether the value is a list.',
  },
  'panther.is-empty': {
    parameters: ['dynamic'],
    result: 'bool',
    nulls: 'handled',
    doc: 'Whether the value is missing, null, an empty text, an empty list or an empty map.',
  },
  'panther.only-one': {
    parameters: ['bool'],
    rest: true,
    result: 'bool',
    nulls: 'handled',
    doc: 'Whether exactly one of the conditions is true.',
  },
  'panther.ip': {
    parameters: ['scalar', 'string'],
    result: 'bool',
    nulls: 'handled',
    doc: 'Whether the text is an IP address: `any`, `v4`, `v6`, `public` or `private`.',
  },
  'panther.compare-text': {
    parameters: ['scalar', 'string', 'scalar', 'bool'],
    result: 'bool',
    nulls: 'handled',
    doc: 'Whether the first text `equals`, `starts-with`, `ends-with` or `contains` the third, without regard to case if so told.',
  },
  'panther.text': {
    parameters: ['dynamic'],
    result: 'string',
    nulls: 'handled',
    doc: 'The value as it stands in an alert: text as it is, other values as JSON, nothing for what is missing.',
  },
};
