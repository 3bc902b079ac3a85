import type { Expression } from '../ast/index.ts';
import { scalarFunction } from './functions/table.ts';

/** The name a column gets when the query gives none; undefined when it is only numbered (`Column1`). */
export function nameOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member': {
      const target = nameOf(expression.target);
      return target === undefined ? undefined : `${target}_${expression.name.text}`;
    }
    case 'index': {
      const target = nameOf(expression.target);
      const { index } = expression;
      if (target === undefined || index.kind !== 'literal') return undefined;
      return `${target}_${index.value}`;
    }
    case 'call': {
      const first = expression.args[0]?.value;
      const naming = scalarFunction(expression.name.text)?.naming;
      if (first === undefined || naming === undefined) return undefined;
      if (naming === 'column-text') return first.kind === 'literal' ? String(first.value) : undefined;
      const inner = nameOf(first);
      if (naming === 'first') return inner;
      return `${naming}_${inner ?? ''}`;
    }
    case 'literal':
    case 'method':
    case 'star':
    case 'unary':
    case 'binary':
    case 'logic':
    case 'between':
    case 'list':
    case 'typeof':
    case 'pipe':
    case 'source':
    case 'bad':
      return undefined;
  }
}

/** A name that is not taken yet: `x`, `x1`, `x2`, … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 1; ; number += 1) {
    const numbered = `${name}${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** The name of a column that has none of its own: `Column1`, `Column2`, … never one that the input or the result has. */
export function numberedName(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) if (!taken.has(`Column${number}`)) return `Column${number}`;
}
