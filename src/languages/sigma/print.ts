import type { Condition } from './ast.ts';
import type { ParsedCondition } from './condition-parser.ts';
import type { Aggregation } from './over-time/aggregation.ts';

/** A whole condition with what stands behind its `|`; parsing it gives the same. */
export function printParsedCondition({ condition, aggregation }: ParsedCondition): string {
  const printed = condition === undefined ? '' : printCondition(condition);
  return aggregation === undefined ? printed : `${printed} | ${printAggregation(aggregation)}`;
}

function printAggregation(aggregation: Aggregation): string {
  switch (aggregation.kind) {
    case 'near':
      return `near ${printCondition(aggregation.expression)}`;
    case 'function': {
      const { fn, field, by, op, value } = aggregation;
      return `${fn}(${field ?? ''})${by.length === 0 ? '' : ` by ${by.join(', ')}`} ${op} ${value}`;
    }
  }
}

/** A condition as text; parsing it gives the same condition. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'reference':
      return condition.name;
    case 'selector':
      return `${condition.count} of ${condition.pattern}`;
    case 'not':
      return `not ${bracketed(condition.item)}`;
    case 'and':
    case 'or':
      return condition.items.map(bracketed).join(` ${condition.kind} `);
  }
}

/** Brackets around everything that is made of operators: clear beats short. */
function bracketed(condition: Condition): string {
  return condition.kind === 'and' || condition.kind === 'or'
    ? `(${printCondition(condition)})`
    : printCondition(condition);
}
