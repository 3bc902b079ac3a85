import { diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import type { Name, Operator, OperatorForm } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { dashedName } from '../name.ts';
import { bodyReaders } from './bodies.ts';
import { columnReaders } from './columns.ts';
import { groupReaders } from './groups.ts';
import { otherReaders } from './others.ts';
import type { Readers } from './reader.ts';
import { rowReaders } from './rows.ts';
import { scanReaders } from './scan.ts';
import { sourceReaders } from './sources.ts';
import { tableReaders } from './tables.ts';
import { valueReaders } from './values.ts';

const READERS: ReadonlyMap<string, Readers[string]> = new Map(
  Object.entries({
    ...rowReaders,
    ...columnReaders,
    ...groupReaders,
    ...tableReaders,
    ...valueReaders,
    ...bodyReaders,
    ...scanReaders,
    ...sourceReaders,
    ...otherReaders,
  }),
);

/** Operators that Kusto has and whose parts are not read. */
const UNREAD: ReadonlySet<string> = new Set([
  'execute-and-cache',
  'graph-mark-components',
  'graph-match',
  'graph-merge',
  'graph-shortest-paths',
  'graph-to-table',
  'graph-where-edges',
  'graph-where-nodes',
  'macro-expand',
  'make-graph',
]);

/** The operators whose parts are read. */
export function operatorNames(): Iterable<string> {
  return READERS.keys();
}

/** `operator := name …`; the name may have dashes. */
export function operator(cursor: Cursor): Operator {
  const { start } = cursor.peek();
  const name = dashedName(cursor);
  if (name !== undefined) return { ...named(cursor, start, name), keyword: name.span };
  cursor.expected('an operator');
  const keyword = cursor.here();
  cursor.skipOperator();
  return { kind: 'bad-operator', span: cursor.since(start), keyword };
}

function named(cursor: Cursor, start: number, name: Name): OperatorForm {
  const read = READERS.get(name.text);
  if (read !== undefined) return read(cursor, start, name);
  const behind = cursor.peek().start;
  if (UNREAD.has(name.text)) {
    cursor.skipOperator();
    return { kind: 'other', name, text: cursor.textSince(behind), span: cursor.since(start) };
  }
  const near = didYouMean(name.text, [...READERS.keys(), ...UNREAD]);
  cursor.report(diagnostic('kusto/unknown-operator', { name: name.text, near }, cursor.since(start)));
  cursor.skipOperator();
  return { kind: 'bad-operator', span: cursor.since(start) };
}
