import type { Assignment, ColumnDeclaration, Expression, Name, Option, SortKey } from '../ast/index.ts';
import { printName } from './name.ts';
import { LEVEL, type Printing } from './printing.ts';

/** What several operators have in common: columns, keys, options. */

export function printAssignments(columns: readonly Assignment[], print: Printing): string {
  return columns.map((column) => printAssignment(column, print)).join(', ');
}

export function printAssignment({ names, value }: Assignment, print: Printing, level: number = LEVEL.or): string {
  const printed = value.kind === 'star' ? value.pattern : print.expression(value, level);
  const [only] = names;
  if (only === undefined) return printed;
  const named = names.length === 1 ? printName(only.text) : `(${names.map(({ text }) => printName(text)).join(', ')})`;
  return `${named} = ${printed}`;
}

export function printSortKeys(keys: readonly SortKey[], print: Printing): string {
  const words = keys.map(({ value, direction, nulls }) => [
    print.expression(value, LEVEL.or),
    ...(direction === undefined ? [] : [direction]),
    ...(nulls === undefined ? [] : [`nulls ${nulls}`]),
  ]);
  return words.map((key) => key.join(' ')).join(', ');
}

export function printDeclarations(columns: readonly ColumnDeclaration[]): string {
  return columns.map(({ name, type }) => `${printName(name.text)}: ${type.text}`).join(', ');
}

/** Options in a row, with a blank behind each. */
export function printOptions(options: readonly Option[], print: Printing): string {
  return options.map((option) => `${printOption(option, print)} `).join('');
}

/** ` with (a = b, c = d)`, or nothing. */
export function printProperties(options: readonly Option[], print: Printing): string {
  return options.length === 0 ? '' : ` with (${options.map((option) => printOption(option, print)).join(', ')})`;
}

function printOption({ name, value }: Option, print: Printing): string {
  return `${name.text}=${printWord(value, print)}`;
}

/** A word that stands for itself. */
export function printWord(value: Expression, print: Printing): string {
  return value.kind === 'name' && /^\w+$/.test(value.name) ? value.name : print.expression(value, LEVEL.sum);
}

export function printPatterns(names: readonly Name[], printOne: (name: string) => string): string {
  return names.map(({ text }) => printOne(text)).join(', ');
}
