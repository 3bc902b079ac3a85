import { SOURCE_WORDS } from '../parse/primary.ts';
import { TEXT_OPERATORS } from '../text-operators.ts';
import { printText } from './literal.ts';

/** Words that mean something else where a name may stand. */
const RESERVED: ReadonlySet<string> = new Set([
  ...SOURCE_WORDS,
  ...[...TEXT_OPERATORS.keys()].filter((word) => /^\w+$/.test(word)),
  ...'and or not in between has_any has_all matches regex true false null dynamic typeof by on to from step of with where asc desc nulls limit default as let set declare alias restrict view hint kind flags output project'.split(
    ' ',
  ),
]);

/** A name as it stands where an expression or a column may: in brackets where it would be read as something else. */
export function printName(name: string): string {
  const plain = /^[A-Za-z_$][A-Za-z0-9_]*$/.test(name) && !/^(?:true|false|h)$/i.test(name) && !RESERVED.has(name);
  return plain ? name : `[${printText(name)}]`;
}

/** A column, or a pattern of columns. */
export function printPattern(pattern: string): string {
  return pattern.includes('*') ? pattern : printName(pattern);
}
