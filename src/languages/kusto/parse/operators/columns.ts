import type { OperatorForm } from '../../ast/index.ts';
import { assignments, options } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { columnPattern, nameOrReport } from '../name.ts';
import type { Reader, Readers } from './reader.ts';
import { direction } from './rows.ts';

/** Operators that make columns, or choose them. */
export const columnReaders: Readers = {
  extend: columns('extend'),
  project: columns('project'),
  serialize,
  'project-away': patterns('project-away'),
  'project-keep': patterns('project-keep'),
  'project-by-names': byNames,
  'project-rename': rename,
  'project-reorder': reorder,
};

/** `extend := ('extend' | 'project') hints assignments` */
function columns(kind: 'extend' | 'project'): Reader {
  return (cursor, start) => {
    const hints = options(cursor, []);
    return { kind, options: hints, columns: assignments(cursor), span: cursor.since(start) };
  };
}

/** `serialize := 'serialize' [assignments]` */
function serialize(cursor: Cursor, start: number): OperatorForm {
  const made = cursor.atEndOfOperator() ? [] : assignments(cursor);
  return { kind: 'serialize', columns: made, span: cursor.since(start) };
}

/** `project-away := ('project-away' | 'project-keep') pattern (',' pattern)*` */
function patterns(kind: 'project-away' | 'project-keep'): Reader {
  return (cursor, start) => {
    const found = cursor.list(() => columnPattern(cursor));
    return { kind, patterns: found, span: cursor.since(start) };
  };
}

/** `project-by-names := 'project-by-names' expression (',' expression)*` */
function byNames(cursor: Cursor, start: number): OperatorForm {
  const names = cursor.list(() => cursor.grammar.expression(cursor));
  return { kind: 'project-by-names', names, span: cursor.since(start) };
}

/** `project-rename := 'project-rename' name '=' name (',' name '=' name)*` */
function rename(cursor: Cursor, start: number): OperatorForm {
  const renamed = cursor.list(() => {
    const to = nameOrReport(cursor, 'a column name');
    cursor.expect('=');
    return { to, from: nameOrReport(cursor, 'a column name') };
  });
  return { kind: 'project-rename', columns: renamed, span: cursor.since(start) };
}

/** `project-reorder := 'project-reorder' pattern ['asc' | 'desc'] (',' pattern ['asc' | 'desc'])*` */
function reorder(cursor: Cursor, start: number): OperatorForm {
  const ordered = cursor.list(() => ({ pattern: columnPattern(cursor), order: direction(cursor) }));
  return { kind: 'project-reorder', columns: ordered, span: cursor.since(start) };
}
