import type { Expression, Keyword } from '../ast.ts';
import { atComprehension, comprehension } from './comprehension.ts';
import type { Cursor } from './cursor.ts';

/** `arguments`, up to the closing bracket. */
export function parseArguments(cursor: Cursor): { readonly args: Expression[]; readonly keywords: Keyword[] } {
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  while (!cursor.sees(')') && !cursor.ended) {
    const { start } = cursor.peek();
    if (cursor.eat('**')) keywords.push({ arg: null, value: cursor.grammar.expression(cursor) });
    else if (cursor.eat('*')) {
      const value = cursor.grammar.expression(cursor);
      args.push({ kind: 'Starred', value, start, end: cursor.taken });
    } else if (cursor.atIdentifier && cursor.sees('=', 1)) {
      const arg = cursor.identifier();
      cursor.take();
      keywords.push({ arg, value: cursor.grammar.expression(cursor) });
    } else {
      const value = cursor.grammar.named(cursor);
      args.push(atComprehension(cursor) ? comprehension(cursor, 'GeneratorExp', value, null, start) : value);
    }
    if (!cursor.eat(',')) break;
  }
  return { args, keywords };
}
