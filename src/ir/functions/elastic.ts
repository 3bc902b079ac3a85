import type { Signature } from './signature.ts';

/** What Elasticsearch's queries mean where no pattern does. */
export type ElasticFunction = 'elastic.date-range' | 'elastic.leaves' | 'elastic.members';

export const elasticFunctions: Record<ElasticFunction, Signature> = {
  'elastic.date-range': {
    parameters: ['scalar', 'string', 'string', 'string', 'string'],
    optional: 2,
    result: 'bool',
    nulls: 'handled',
    doc: 'Whether one of the moments lies in a range: a sign (`>`, `>=`, `<`, `<=`) and date math (`2024-01`, `now-1d/d`), once or twice, rounded as Elasticsearch rounds; false when missing.',
  },
  'elastic.leaves': {
    parameters: ['dynamic'],
    result: 'scalar',
    nulls: 'propagate',
    doc: 'Every scalar inside a value, as a flattened field is searched.',
  },
  'elastic.members': {
    parameters: ['dynamic', 'string', 'string', 'dynamic', 'dynamic'],
    result: 'scalar',
    nulls: 'propagate',
    doc: 'The scalars inside a map that are fields of a family: those whose dotted name starts with the second argument, but for the names (a dot at the end: all below) in the fourth; with the third put in place of the second, the name fits the wildcard in the fifth (pieces: `=` and text, `*` or `?`; no pieces fit every name).',
  },
};
