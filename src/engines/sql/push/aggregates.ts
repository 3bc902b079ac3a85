import type { Aggregate } from '../../../ir/plan/plan.ts';
import {
  aggregate,
  cast,
  isNull,
  operation,
  SQL_NULL,
  sqlCall,
  sqlCase,
  sqlHuge,
  sqlLong,
  sqlText,
} from '../tree/construct.ts';
import type { SqlExpr } from '../tree/sql-expr.ts';
import { allOf, type Pushing } from './pushing.ts';
import { isNested, isOpaque, type Typed, typed } from './typed.ts';

/** A column that an aggregate makes. */
export interface MadeColumn {
  readonly name: string;
  readonly value: Typed;
}

/** The rows that count; all without a filter. */
interface Counted {
  readonly filter?: SqlExpr;
}

/** An aggregate over a group's rows, which are told apart by their places. */
export function pushAggregate(one: Aggregate, place: SqlExpr, pushing: Pushing): readonly MadeColumn[] | undefined {
  const { fn, names, args } = one;
  const [name = ''] = names;
  const value = (): Typed | undefined => {
    const [first] = args;
    const found = first && pushing.value(first);
    return found !== undefined && isOpaque(found.kind) ? pushing.refuse(`${fn} of nested values`) : found;
  };
  const counted = fn.endsWith('-if') ? filterOf(args.at(-1), pushing) : {};
  if (counted === undefined) return undefined;
  const made = (found: Typed | undefined): readonly MadeColumn[] | undefined => found && [{ name, value: found }];
  const other = (kind: Typed['kind']): undefined => pushing.refuse(`${fn} of ${kind} values`);
  switch (fn) {
    case 'count':
    case 'count-if':
      return made(typed('long', aggregate('count', [], counted), false));
    case 'arg-max':
    case 'arg-min':
    case 'take-any':
      return bestRow(one, place, pushing);
    case 'count-distinct':
    case 'count-distinct-if': {
      const of = value();
      return of && made(typed('long', aggregate('count', [of.sql], { distinct: true, ...counted }), false));
    }
    case 'sum':
    case 'sum-if': {
      // Reals come out by the order in which they are added.
      const of = value();
      return of && (of.kind === 'long' ? made(sumOf(of, counted)) : other(of.kind));
    }
    case 'avg':
    case 'avg-if': {
      const of = value();
      return of && (of.kind === 'long' ? made(meanOf(of, counted)) : other(of.kind));
    }
    case 'min':
    case 'min-if':
    case 'max':
    case 'max-if': {
      const of = value();
      if (of === undefined) return undefined;
      if (of.kind === 'text' || of.kind === 'real') return other(of.kind);
      return made(typed(of.kind, aggregate(fn.startsWith('min') ? 'min' : 'max', [of.sql], counted)));
    }
    case 'make-set':
    case 'make-set-if':
    case 'make-list':
    case 'make-list-if':
    case 'make-list-all':
    case 'moments':
    case 'moments-if':
    case 'bits-and':
    case 'bits-or':
    case 'bits-xor':
    case 'values-count':
    case 'values-different-count':
    case 'values-sum':
    case 'values-min':
    case 'values-max':
    case 'values-different':
    case 'values-all':
    case 'values-moments':
    case 'values-first':
    case 'values-last':
      return pushing.refuse(`the aggregate ${fn}`);
  }
}

function filterOf(condition: Aggregate['args'][number] | undefined, pushing: Pushing): Counted | undefined {
  const filter = condition && pushing.truth(condition, 'filter');
  return filter && { filter };
}

const TWO_TO_63 = 2n ** 63n;
const TWO_TO_64 = 2n ** 64n;

/** Whole numbers begin anew beyond 64 bits; the sum of none is 0. */
function sumOf({ sql }: Typed, counted: Counted): Typed {
  const sum = sqlCall('coalesce', aggregate('sum', [sql], counted), sqlHuge(0n));
  const shifted = operation('%', operation('+', sum, sqlHuge(TWO_TO_63)), sqlHuge(TWO_TO_64));
  const positive = operation('%', operation('+', shifted, sqlHuge(TWO_TO_64)), sqlHuge(TWO_TO_64));
  return typed('long', cast(operation('-', positive, sqlHuge(TWO_TO_63)), 'long'), false);
}

const TWO_TO_53 = 2n ** 53n;

/**
 * The sum as a real by the number of values. Reals are added one after the other, which is exact as long as no sum on the way can be
 * beyond 2^53; else the query fails here, as for what is too large for SQL, and the memory engine takes over.
 */
function meanOf({ sql }: Typed, counted: Counted): Typed {
  const sum = (of: SqlExpr): SqlExpr => aggregate('sum', [of], counted);
  const count = aggregate('count', [sql], counted);
  const size = sqlCall('abs', cast(sql, 'huge'));
  const branches = [
    { when: operation('=', count, sqlLong(0n)), then: SQL_NULL },
    {
      when: operation('<=', sum(size), sqlHuge(TWO_TO_53)),
      then: operation('/', cast(sum(sql), 'real'), cast(count, 'real')),
    },
  ];
  return typed('real', { kind: 'case', branches, otherwise: cast(sqlText('beyond 2^53'), 'real') });
}

const TWO_TO_62 = 2n ** 62n;
/** Less than any value's rank. */
const WITHOUT_VALUE = -(2n ** 126n);

/**
 * The columns of the row whose first one is the greatest or the least, of equal ones the first. One number of 128 bits ranks a row by its
 * value, then by its place, which is below 2^62; a null is only there where nothing else is.
 */
function bestRow({ fn, names, args }: Aggregate, place: SqlExpr, pushing: Pushing): readonly MadeColumn[] | undefined {
  const values = allOf(args, (arg) => pushing.value(arg));
  const [first] = values ?? [];
  if (values === undefined || first === undefined) return undefined;
  if (isNested(first)) return pushing.refuse(`${fn} by nested values`);
  const isRanked = fn !== 'take-any';
  if (isRanked && first.kind !== 'long' && first.kind !== 'moment' && first.kind !== 'span') {
    return pushing.refuse(`${fn} by ${first.kind} values`);
  }
  const earlier = operation('-', sqlHuge(0n), cast(place, 'huge'));
  const scale = sqlHuge(fn === 'arg-min' ? -TWO_TO_62 : TWO_TO_62);
  const rank = operation('+', operation('*', cast(first.sql, 'huge'), scale), earlier);
  const unranked = operation('+', sqlHuge(WITHOUT_VALUE), earlier);
  const key = !isRanked ? earlier : first.isNullable ? sqlCase(isNull(first.sql), unranked, rank) : rank;
  const members = values.map(({ sql }, at) => ({ expr: sql, as: `c${at}` }));
  const best = aggregate('arg-max', [{ kind: 'record', members }, key]);
  return values.map(({ kind }, at) => ({
    name: names[at] ?? '',
    value: typed(kind, { kind: 'member', of: best, name: `c${at}` }),
  }));
}
