import type { Schema } from '../../ir/view.ts';

/** The log types that a rule is for, and what is known of their fields. */
export interface Context {
  readonly logTypes: readonly string[];
  readonly schema: Schema;
}
