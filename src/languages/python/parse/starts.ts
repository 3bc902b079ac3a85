import type { Cursor } from './cursor.ts';

const STARTS: ReadonlySet<string> = new Set(['(', '[', '{', '-', '+', '~', '...', '*']);

const STARTING_WORDS: ReadonlySet<string> = new Set(['None', 'True', 'False', 'not', 'lambda', 'await', 'yield']);

export function startsExpression(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (token.kind === 'number' || token.kind === 'string') return true;
  if (token.kind === 'op') return STARTS.has(token.text);
  return cursor.atIdentifier || (token.kind === 'name' && STARTING_WORDS.has(token.text));
}
