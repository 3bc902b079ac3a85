import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { KustoQuery } from '../ast/index.ts';
import { Cursor, type Grammar } from './cursor.ts';
import { expression, sum } from './expression.ts';
import { operators, pipe, source } from './pipe.ts';
import { block, query } from './statement.ts';

const GRAMMAR: Grammar = { expression, operand: sum, pipe, source, operators, block };

/**
 * Reads a Kusto query. Never throws; each error is reported, and reading goes on with the next operator or statement.
 */
export function parseKusto(text: SourceText): {
  readonly ast: KustoQuery;
  readonly diagnostics: readonly Diagnostic[];
} {
  const cursor = new Cursor(text, GRAMMAR);
  const statements = query(cursor);
  return { ast: { source: text, statements }, diagnostics: cursor.diagnostics };
}
