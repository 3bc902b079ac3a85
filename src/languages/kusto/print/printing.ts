import type { Expression, Operator, Statement } from '../ast/index.ts';

/** How tightly something binds, loosest first: what stands where only tighter things may is put in parentheses. */
export const LEVEL = {
  pipe: 0,
  or: 1,
  and: 2,
  equality: 3,
  relation: 4,
  sum: 5,
  product: 6,
  text: 7,
  sign: 8,
  path: 9,
} as const;

/** The printers lead to one another, as the grammar does. */
export interface Printing {
  /** In parentheses where it binds less tightly than `level`. */
  readonly expression: (node: Expression, level?: number) => string;
  /** `a | b`, on one line. */
  readonly operators: (operators: readonly Operator[]) => string;
  readonly block: (statements: readonly Statement[]) => string;
}
