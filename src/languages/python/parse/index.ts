import type { SourceText } from '../../../base/source-text.ts';
import type { Module } from '../ast.ts';
import { Cursor } from './cursor.ts';
import { GRAMMAR } from './expression.ts';
import { lex, type Problem } from './lexer.ts';
import { parseStatements } from './statement.ts';

export type ParsedModule =
  | { readonly ok: true; readonly module: Module }
  | { readonly ok: false; readonly problem: Problem };

/**
 * A module's syntax tree, or the first thing in it that is not understood: then nothing is said of the module at all.
 * Never throws, on any text.
 */
export function parseModule(source: SourceText): ParsedModule {
  const { tokens, problem } = lex(source.text, 0, source.text.length, false);
  if (problem !== undefined) return { ok: false, problem };
  const cursor = new Cursor(source, tokens, GRAMMAR);
  const body = parseStatements(cursor);
  if (!cursor.ended) cursor.fail('an indent stands where none can');
  return cursor.problem === undefined ? { ok: true, module: { body } } : { ok: false, problem: cursor.problem };
}
