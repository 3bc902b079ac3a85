import type { OperatorForm, ScanColumn, ScanStep } from '../../ast/index.ts';
import { assignments, options } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { columnDeclaration, nameOrReport } from '../name.ts';
import type { Readers } from './reader.ts';
import { sortKeys } from './rows.ts';

/** Steps over rows in their order. */
export const scanReaders: Readers = { scan };

/**
 * `scan := 'scan' ['with_match_id' '=' name] ['order' 'by' sort-keys] ['partition' 'by' expression (',' expression)*]
 * ['declare' '(' column (',' column)* ')'] 'with' '(' step (';' step)* [';'] ')'`
 */
function scan(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, ['with_match_id']);
  let order: ReturnType<typeof sortKeys> = [];
  if (cursor.takeWord('order')) {
    cursor.expectWord('by');
    order = sortKeys(cursor);
  }
  const partition =
    cursor.takeWord('partition') && cursor.expectWord('by') ? cursor.list(() => cursor.grammar.operand(cursor)) : [];
  const declares = cursor.takeWord('declare') ? cursor.bracketed('(', () => column(cursor)) : [];
  cursor.expectWord('with');
  const steps: ScanStep[] = [];
  if (cursor.expect('(')) {
    while (cursor.seesWord('step')) {
      steps.push(step(cursor));
      if (!cursor.take(';')) break;
    }
    cursor.closing(')');
  }
  return { kind: 'scan', options: found, order, partition, declares, steps, span: cursor.since(start) };
}

/** `column := declaration ['=' expression]` */
function column(cursor: Cursor): ScanColumn {
  const { start } = cursor.peek();
  const declared = columnDeclaration(cursor);
  const value = cursor.take('=') ? cursor.grammar.expression(cursor) : undefined;
  return { ...declared, value, span: cursor.since(start) };
}

/** `step := 'step' name ['optional'] ['output' '=' name] ':' expression ['=>' assignments]` */
function step(cursor: Cursor): ScanStep {
  const { start } = cursor.next();
  const name = nameOrReport(cursor, 'the name of the step');
  const optional = cursor.takeWord('optional');
  const output =
    cursor.takeWord('output') && cursor.expect('=') ? nameOrReport(cursor, '`all`, `last` or `none`') : undefined;
  cursor.expect(':');
  const condition = cursor.grammar.expression(cursor);
  const made = cursor.take('=>') ? assignments(cursor) : [];
  return { name, optional, output, condition, assignments: made, span: cursor.since(start) };
}
