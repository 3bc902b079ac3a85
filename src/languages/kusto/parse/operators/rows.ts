import type { Expression, OperatorForm, SortKey, TopNestedLevel } from '../../ast/index.ts';
import { assigned, assignment, assignments, options } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { nameOrReport } from '../name.ts';
import type { Readers } from './reader.ts';

/** Operators that choose rows, order them or count them. */
export const rowReaders: Readers = {
  where,
  filter: where,
  sort,
  order: sort,
  take,
  limit: take,
  top,
  /** `sample := 'sample' expression` */
  sample: (cursor, start) => ({ kind: 'sample', count: cursor.grammar.expression(cursor), span: cursor.since(start) }),
  'sample-distinct': sampleDistinct,
  'top-hitters': topHitters,
  'top-nested': topNested,
  count,
  distinct,
};

/** `where := ('where' | 'filter') hints [name '='] expression` */
function where(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  const [name] = assigned(cursor);
  const predicate = cursor.grammar.expression(cursor);
  return { kind: 'where', options: hints, name, predicate, span: cursor.since(start) };
}

/** `sort := ('sort' | 'order') hints 'by' sort-keys` */
function sort(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  cursor.expectWord('by');
  return { kind: 'sort', options: hints, keys: sortKeys(cursor), span: cursor.since(start) };
}

/** `sort-keys := sort-key (',' sort-key)*` */
export function sortKeys(cursor: Cursor): readonly SortKey[] {
  return cursor.list(() => sortKey(cursor));
}

/** `sort-key := expression ['asc' | 'desc'] ['nulls' ('first' | 'last')]` */
function sortKey(cursor: Cursor): SortKey {
  const { start } = cursor.peek();
  const value = cursor.grammar.expression(cursor);
  const order = direction(cursor);
  let nulls: 'first' | 'last' | undefined;
  if (cursor.takeWord('nulls')) {
    if (cursor.takeWord('first')) nulls = 'first';
    else if (cursor.takeWord('last')) nulls = 'last';
    else cursor.expected('`first` or `last`');
  }
  return { value, direction: order, nulls, span: cursor.since(start) };
}

export function direction(cursor: Cursor): 'asc' | 'desc' | undefined {
  if (cursor.takeWord('asc')) return 'asc';
  return cursor.takeWord('desc') ? 'desc' : undefined;
}

/** `take := ('take' | 'limit') expression` */
function take(cursor: Cursor, start: number): OperatorForm {
  return { kind: 'take', count: cursor.grammar.expression(cursor), span: cursor.since(start) };
}

/** `top := 'top' hints expression 'by' sort-keys` */
function top(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  const rows = cursor.grammar.expression(cursor);
  cursor.expectWord('by');
  return { kind: 'top', options: hints, count: rows, keys: sortKeys(cursor), span: cursor.since(start) };
}

/** `sample-distinct := 'sample-distinct' expression 'of' expression` */
function sampleDistinct(cursor: Cursor, start: number): OperatorForm {
  const rows = cursor.grammar.expression(cursor);
  cursor.expectWord('of');
  return { kind: 'sample-distinct', count: rows, of: cursor.grammar.expression(cursor), span: cursor.since(start) };
}

/** `top-hitters := 'top-hitters' expression 'of' expression ['by' expression]` */
function topHitters(cursor: Cursor, start: number): OperatorForm {
  const rows = cursor.grammar.expression(cursor);
  cursor.expectWord('of');
  const of = cursor.grammar.expression(cursor);
  const by = cursor.takeWord('by') ? cursor.grammar.expression(cursor) : undefined;
  return { kind: 'top-hitters', count: rows, of, by, span: cursor.since(start) };
}

/** `top-nested := 'top-nested' level (',' 'top-nested' level)*` */
function topNested(cursor: Cursor, start: number): OperatorForm {
  const levels = [topNestedLevel(cursor)];
  while (cursor.sees(',') && cursor.peek(1).value === 'top' && cursor.peek(3).value === 'nested') {
    for (let token = 0; token < 4; token += 1) cursor.next();
    levels.push(topNestedLevel(cursor));
  }
  return { kind: 'top-nested', levels, span: cursor.since(start) };
}

/** `level := [expression] 'of' assignment ['with' 'others' '=' expression] 'by' assignment ['asc' | 'desc']` */
function topNestedLevel(cursor: Cursor): TopNestedLevel {
  const { start } = cursor.peek();
  const rows = cursor.seesWord('of') ? undefined : cursor.grammar.expression(cursor);
  cursor.expectWord('of');
  const of = assignment(cursor);
  let others: Expression | undefined;
  if (cursor.takeWord('with')) {
    cursor.expectWord('others');
    cursor.expect('=');
    others = cursor.grammar.expression(cursor);
  }
  cursor.expectWord('by');
  const by = assignment(cursor);
  return { count: rows, of, others, by, direction: direction(cursor), span: cursor.since(start) };
}

/** `count := 'count' ['as' name]` */
function count(cursor: Cursor, start: number): OperatorForm {
  const as = cursor.takeWord('as') ? nameOrReport(cursor, 'a name') : undefined;
  return { kind: 'count', as, span: cursor.since(start) };
}

/** `distinct := 'distinct' hints ('*' | assignments)` */
function distinct(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  return { kind: 'distinct', options: hints, columns: assignments(cursor), span: cursor.since(start) };
}
