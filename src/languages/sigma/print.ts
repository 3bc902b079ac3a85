import type { Condition } from './ast.ts';

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
