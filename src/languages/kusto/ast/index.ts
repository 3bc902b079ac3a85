export type * from './expression.ts';
export type * from './node.ts';
export type * from './operator.ts';
export type * from './statement.ts';
