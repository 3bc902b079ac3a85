import type { Signature } from './signature.ts';

/** Functions that views need: picking and reshaping what raw records hold. */
export type ViewFunction =
  | 'view.first'
  | 'view.coalesce'
  | 'view.lookup-normalised'
  | 'view.ip'
  | 'view.multiply'
  | 'view.number';

export const viewFunctions: Record<ViewFunction, Signature> = {
  'view.first': { parameters: ['scalar'], result: 'scalar', nulls: 'propagate', doc: 'The first of several values.' },
  'view.coalesce': {
    parameters: ['scalar'],
    rest: true,
    result: 'scalar',
    nulls: 'handled',
    doc: 'The first argument that is neither missing nor null.',
  },
  'view.lookup-normalised': {
    parameters: ['dynamic', 'string'],
    result: 'scalar',
    nulls: 'propagate',
    doc: 'The member of a map whose key, with every `.` read as `_`, is the second argument.',
  },
  'view.ip': {
    parameters: ['string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The text if it is an IP address, else missing.',
  },
  'view.multiply': {
    parameters: ['real', 'real'],
    result: 'real',
    nulls: 'propagate',
    doc: 'The product; missing when a factor is no number.',
  },
  'view.number': {
    parameters: ['scalar'],
    result: 'real',
    nulls: 'propagate',
    doc: 'The number that the value is or spells, else missing.',
  },
};
