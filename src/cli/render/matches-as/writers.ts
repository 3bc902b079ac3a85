import type { Rule } from '../../../index.ts';
import { csvWriter } from './csv.ts';
import { junitWriter } from './junit.ts';
import { ocsfWriter } from './ocsf.ts';
import { sarifWriter } from './sarif.ts';
import { timesketchWriter } from './timesketch.ts';
import type { MatchWriter } from './writer.ts';

export type MatchForm = 'csv' | 'sarif' | 'junit' | 'ocsf' | 'timesketch';

const WRITERS: Readonly<Record<MatchForm, (rules: readonly Rule[]) => MatchWriter>> = {
  csv: csvWriter,
  sarif: sarifWriter,
  junit: junitWriter,
  ocsf: ocsfWriter,
  timesketch: timesketchWriter,
};

export function isMatchForm(format: string): format is MatchForm {
  return Object.hasOwn(WRITERS, format);
}

/** What writes matches in a form; `rules` are all that run. */
export function matchWriter(form: MatchForm, rules: readonly Rule[]): MatchWriter {
  return WRITERS[form](rules);
}
