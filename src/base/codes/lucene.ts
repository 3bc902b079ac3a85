import { type Entries, error } from './entry.ts';

/** Lucene query strings. */
export interface LuceneCodes {
  'lucene/expected': { expected: string; found: string };
  'lucene/unterminated': { what: string };
  'lucene/too-deep': { limit: number };
  'lucene/bad-regex': { reason: string };
  'unsupported/lucene': { what: string };
}

export const luceneCodes: Entries<LuceneCodes> = {
  'lucene/expected': error(
    (p) => `expected ${p.expected}, found ${p.found}`,
    () => 'write \\ before a character that stands for itself',
  ),
  'lucene/unterminated': error((p) => `this ${p.what} is never closed`),
  'lucene/too-deep': error((p) => `nested more than ${p.limit} levels deep`),
  'lucene/bad-regex': error((p) => `this regular expression cannot be run: ${p.reason}`),
  'unsupported/lucene': error((p) => `${p.what} is not supported in Lucene queries`),
};
