import { type Entries, type Entry, error } from './entry.ts';

/** What is wrong with a lowered plan: faults of Dragoman itself, in a language, a view or a pass, never of a rule. */
export interface PlanCodes {
  'plan/argument-count': { name: string; expected: string; found: number };
  'plan/argument-type': { name: string; parameter: string; expected: string; found: string };
  'plan/argument-word': { name: string; parameter: string; expected: readonly string[]; found: string };
  'plan/arguments-apart': { name: string; found: string };
  'plan/not-a-condition': { what: string; found: string };
  'plan/never-comparable': { op: string; left: string; right: string };
  'plan/column-type': { name: string; expected: string; found: string };
  'plan/cell-type': { column: string; expected: string; found: string };
  'plan/wrong-count': { what: string; expected: number; found: number };
  'plan/duplicate-column': { name: string };
  'plan/unknown-column': { name: string; known: readonly string[] };
  'plan/unknown-variable': { name: string };
  'plan/no-record': { what: string };
  'plan/unbound': { what: string };
}

function fault<P>(message: (params: P) => string): Entry<P> {
  return error(
    (params) => `internal error in the plan: ${message(params)}`,
    () => 'this is a fault in dragoman: please report it with the rule',
  );
}

export const planCodes: Entries<PlanCodes> = {
  'plan/argument-count': fault((p) => `\`${p.name}\` takes ${p.expected} arguments, found ${p.found}`),
  'plan/argument-type': fault((p) => `\`${p.parameter}\` of \`${p.name}\` must be ${p.expected}, found ${p.found}`),
  'plan/argument-word': fault(
    (p) => `\`${p.parameter}\` of \`${p.name}\` must be one of ${p.expected.join(', ')}, found \`${p.found}\``,
  ),
  'plan/arguments-apart': fault((p) => `\`${p.name}\` gives nothing for arguments of the types ${p.found}`),
  'plan/not-a-condition': fault((p) => `${p.what} must be a condition, found ${p.found}`),
  'plan/never-comparable': fault((p) => `\`${p.op}\` compares ${p.left} with ${p.right}, which it never can`),
  'plan/column-type': fault((p) => `the column \`${p.name}\` must be ${p.expected}, found ${p.found}`),
  'plan/cell-type': fault((p) => `a cell of the column \`${p.column}\` must be ${p.expected}, found ${p.found}`),
  'plan/wrong-count': fault((p) => `there must be ${p.expected} ${p.what}, found ${p.found}`),
  'plan/duplicate-column': fault((p) => `the column \`${p.name}\` is made twice`),
  'plan/unknown-column': fault((p) => `there is no column \`${p.name}\` among ${p.known.join(', ') || 'none'}`),
  'plan/unknown-variable': fault((p) => `there is no variable \`${p.name}\` here`),
  'plan/no-record': fault((p) => `${p.what} is read from rows that stand for no record`),
  'plan/unbound': fault((p) => `${p.what} is left in a plan that was bound to a log type`),
};
