import type { Signature } from './signature.ts';

export type TextFunction =
  | 'text.lower'
  | 'text.upper'
  | 'text.concat'
  | 'text.replace'
  | 'text.before-last'
  | 'text.after-last'
  | 'text.equals'
  | 'text.equals-ignore-case';

export const textFunctions: Record<TextFunction, Signature> = {
  'text.lower': {
    parameters: ['string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The text in lower case; of several values, each.',
  },
  'text.upper': {
    parameters: ['string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The text in upper case; of several values, each.',
  },
  'text.concat': {
    parameters: ['string'],
    rest: true,
    result: 'string',
    nulls: 'propagate',
    doc: 'The texts joined; null when one of them is.',
  },
  'text.replace': {
    parameters: ['string', 'string', 'string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The text with every occurrence of the second replaced by the third.',
  },
  'text.before-last': {
    parameters: ['string', 'string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'What stands before the last occurrence of the second, or missing without one.',
  },
  'text.after-last': {
    parameters: ['string', 'string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'What follows the last occurrence of the second, or the whole text without one.',
  },
  'text.equals': {
    parameters: ['scalar', 'scalar'],
    result: 'bool',
    nulls: 'propagate',
    doc: 'Whether the canonical texts are the same.',
  },
  'text.equals-ignore-case': {
    parameters: ['scalar', 'scalar'],
    result: 'bool',
    nulls: 'propagate',
    doc: 'Whether the canonical texts are the same but for case.',
  },
};
