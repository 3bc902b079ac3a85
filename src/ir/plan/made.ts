import { keyedColumns } from './keyed-inputs.ts';
import type { Plan } from './plan.ts';
import { keptSide } from './relational.ts';

/** The names of the columns that an operator makes itself, in their order; those of its inputs are not among them. */
export function madeNames(plan: Plan): readonly string[] {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'where':
    case 'ask':
    case 'distinct':
    case 'order':
    case 'limit':
    case 'union':
    case 'unpack':
      return [];
    case 'rows':
    case 'input':
    case 'table':
    case 'shared':
    case 'matches':
    case 'extend':
    case 'project':
    case 'window':
      return plan.columns.map(({ name }) => name);
    case 'unnest':
      return [...plan.columns.map(({ name }) => name), ...(plan.index === undefined ? [] : [plan.index])];
    case 'scan':
      return [...plan.declares.map(({ name }) => name), ...(plan.matchId === undefined ? [] : [plan.matchId])];
    case 'join':
      if (plan.into !== undefined) return [plan.into];
      return keptSide(plan.flavour) === undefined ? plan.columns.map(({ name }) => name) : [];
    case 'apply':
      return plan.keep.map(({ name }) => name);
    case 'series':
      return [...plan.by.map(({ name }) => name), ...plan.aggregates.flatMap(({ names }) => names), plan.axis.name];
    case 'summarize':
      return [...plan.by.map(({ name }) => name), ...plan.aggregates.flatMap(({ names }) => names)];
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return keyedColumns(plan);
  }
}
