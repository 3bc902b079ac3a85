import type { ViewField } from '../../ir/view.ts';

/**
 * What a record of an undeclared type is taken for, and by what: a rule with a log source reaches such a record in no other way.
 * There is one object for each way, so that records that are taken alike have the same.
 */
export interface Taken {
  /** Different for every way of a run. */
  readonly id: string;
  /** `windows process_creation` */
  readonly as: string;
  /** `the fields Image and CommandLine` */
  readonly by: string;
  /** Whose rules it admits. */
  readonly schema: 'sigma' | 'ecs';
  /** What the scopes of such rules ask about; `any`: a rule may be about any source. */
  readonly source: ReadonlyMap<string, ViewField> | 'any';
}
