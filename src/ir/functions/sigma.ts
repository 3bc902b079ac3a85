import type { Signature } from './signature.ts';

/** What Sigma's modifiers ask of fields beyond patterns: comparing two fields, and taking a moment apart. */
export type SigmaFunction =
  | 'sigma.equals-field'
  | 'sigma.starts-with-field'
  | 'sigma.ends-with-field'
  | 'sigma.contains-field'
  | 'sigma.minute'
  | 'sigma.hour'
  | 'sigma.day'
  | 'sigma.week'
  | 'sigma.month'
  | 'sigma.year';

const fields = (doc: string): Signature => ({
  parameters: ['scalar', 'scalar', 'bool'],
  result: 'bool',
  nulls: 'handled',
  doc: `${doc}, for some value of each; the third says whether case counts; false when either has no value.`,
});

const part = (doc: string): Signature => ({
  parameters: ['datetime'],
  result: 'long',
  nulls: 'propagate',
  doc: `${doc}, in UTC.`,
});

export const sigmaFunctions: Record<SigmaFunction, Signature> = {
  'sigma.equals-field': fields('Whether the canonical texts are the same'),
  'sigma.starts-with-field': fields('Whether the first text starts with the second'),
  'sigma.ends-with-field': fields('Whether the first text ends with the second'),
  'sigma.contains-field': fields('Whether the first text contains the second'),
  'sigma.minute': part('The minute of the hour, 0 to 59'),
  'sigma.hour': part('The hour of the day, 0 to 23'),
  'sigma.day': part('The day of the month, 1 to 31'),
  'sigma.week': part('The ISO 8601 week of the year, 1 to 53'),
  'sigma.month': part('The month, 1 to 12'),
  'sigma.year': part('The year'),
};
