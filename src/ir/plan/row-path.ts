import type { Ask, Extend, Plan, Project, Unnest, Unpack, Where } from './plan.ts';

/** Operators that decide each row by itself, whatever other rows there are. */
export type RowLocal = Where | Extend | Project | Unnest | Unpack | Ask;

const ROW_LOCAL: Readonly<Record<Plan['kind'], boolean>> = {
  where: true,
  extend: true,
  project: true,
  unnest: true,
  unpack: true,
  ask: true,
  source: false,
  records: false,
  never: false,
  rows: false,
  input: false,
  table: false,
  shared: false,
  summarize: false,
  distinct: false,
  order: false,
  limit: false,
  union: false,
  join: false,
  apply: false,
  window: false,
  series: false,
  scan: false,
  matches: false,
  threshold: false,
  'first-seen': false,
  sequence: false,
};

export function isRowLocal(plan: Plan): plan is RowLocal {
  return ROW_LOCAL[plan.kind];
}

/** The row-local operators at the top of a plan, the lowest first, and what they stand on. */
export interface RowPath {
  readonly below: Exclude<Plan, RowLocal>;
  readonly steps: readonly RowLocal[];
}

export function rowPath(plan: Plan): RowPath {
  const steps: RowLocal[] = [];
  let node = plan;
  while (isRowLocal(node)) {
    steps.push(node);
    node = node.input;
  }
  return { below: node as RowPath['below'], steps: steps.reverse() };
}
