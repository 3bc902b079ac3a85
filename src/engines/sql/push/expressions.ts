import { equal } from '../../../ir/equal.ts';
import type { Cond, Expr, Match, Raw } from '../../../ir/expr.ts';
import type { FunctionName } from '../../../ir/functions/registry.ts';
import { isGiven, isNull, SQL_FALSE, SQL_NULL, SQL_TRUE, sqlAnd, sqlNot, sqlOr, sqlText } from '../tree/construct.ts';
import type { SqlExpr } from '../tree/sql-expr.ts';
import { compareTruth } from './compare.ts';
import { pushedFunctions } from './functions.ts';
import { anyTermTruth, isPlainTerm, matchTruth } from './match.ts';
import { allOf, type Mode, type Pushing, type RowNames } from './pushing.ts';
import { emptyText, isOpaque, type Typed, typed, typedLiteral } from './typed.ts';

/** A missing value, or a null of no type. */
const NOTHING: Typed = { kind: 'json', sql: SQL_NULL, isNullable: true, constant: null };

/** What conversions make of nothing. */
const CONVERTED_NOTHING: Readonly<Partial<Record<FunctionName, Typed>>> = {
  'convert.string': { kind: 'text', sql: sqlText(''), isNullable: false, constant: '' },
  'convert.long': { ...NOTHING, kind: 'long' },
  'convert.real': { ...NOTHING, kind: 'real' },
  'convert.bool': { ...NOTHING, kind: 'bool' },
  'convert.datetime': { ...NOTHING, kind: 'moment' },
  'convert.timespan': { ...NOTHING, kind: 'span' },
  'convert.guid': { ...NOTHING, kind: 'text' },
  'convert.dynamic': NOTHING,
};

/** Expressions over rows that have these names. */
export class ExpressionPushing implements Pushing {
  private readonly names: RowNames;
  private readonly onRefused: (reason: string) => void;

  constructor(names: RowNames, onRefused: (reason: string) => void) {
    this.names = names;
    this.onRefused = onRefused;
  }

  refuse(reason: string): undefined {
    this.onRefused(reason);
    return undefined;
  }

  value(expr: Expr): Typed | undefined {
    switch (expr.kind) {
      case 'literal':
        return typedLiteral(expr) ?? this.refuse('constants that SQL has not');
      case 'missing':
        return NOTHING;
      case 'column':
        return this.names.column(expr.name) ?? this.refuse(`the column ${expr.name}`);
      case 'raw':
        return this.place(expr);
      case 'call':
        return this.call(expr.fn, expr.args);
      case 'cond':
        return this.choice(expr);
      case 'and':
      case 'or':
      case 'not':
      case 'exists':
      case 'is-null':
      case 'compare':
      case 'match': {
        const truth = this.truth(expr, 'exact');
        return truth && typed('bool', truth);
      }
      case 'at-least':
        return this.refuse('conditions that are counted');
      case 'list':
      case 'leaves':
      case 'quantified':
        return this.refuse('arrays');
      case 'let':
        return this.refuse('named values');
      case 'field':
        return this.refuse('fields that are not bound');
      case 'in-plan':
      case 'scalar-of':
        return this.refuse('subqueries');
    }
  }

  truth(expr: Expr, mode: Mode): SqlExpr | undefined {
    switch (expr.kind) {
      case 'and': {
        const items = allOf(expr.items, (item) => this.truth(item, mode));
        return items && sqlAnd(...items);
      }
      case 'or': {
        const { terms, others } = termsTogether(expr.items);
        const searches = allOf(terms, (group) => anyTermTruth(group, mode, this));
        const items = searches && allOf(others, (item) => this.truth(item, mode));
        return items && sqlOr(...searches, ...items);
      }
      case 'not': {
        const item = this.truth(expr.item, 'exact');
        return item && sqlNot(item);
      }
      case 'compare':
        return compareTruth(expr, mode, this);
      case 'match':
        return matchTruth(expr, mode, this);
      case 'is-null': {
        const subject = this.value(expr.subject);
        return subject && (subject.isNullable ? isNull(subject.sql) : SQL_FALSE);
      }
      case 'exists': {
        if (expr.counts === 'present' && expr.subject.kind !== 'raw')
          return this.refuse('values that are there and null');
        const subject = this.value(expr.subject);
        if (subject === undefined) return undefined;
        if (expr.counts === 'present') return subject === NOTHING ? SQL_FALSE : SQL_TRUE;
        if (isOpaque(subject.kind) && subject.stamp === undefined) return this.refuse('nested values');
        return subject.isNullable ? isGiven(subject.sql) : SQL_TRUE;
      }
      case 'literal':
      case 'missing':
      case 'column':
      case 'raw':
      case 'call':
      case 'cond':
      case 'at-least':
      case 'list':
      case 'leaves':
      case 'quantified':
      case 'let':
      case 'field':
      case 'in-plan':
      case 'scalar-of': {
        const value = this.value(expr);
        if (value === undefined) return undefined;
        // What is no truth value is unknown.
        return value.kind === 'bool' ? value.sql : SQL_NULL;
      }
    }
  }

  private place({ paths, of, keys }: Raw): Typed | undefined {
    if (of !== undefined || keys !== 'exact') return this.refuse('places inside of nested values');
    for (const [name, ...more] of paths) {
      const own = name === undefined ? undefined : this.names.own(name);
      if (own === 'absent') continue;
      return own === undefined || more.length > 0 ? this.refuse('places inside of nested values') : own;
    }
    return NOTHING;
  }

  private call(fn: FunctionName, args: readonly Expr[]): Typed | undefined {
    const [first] = args;
    if (fn.startsWith('convert.') && first?.kind === 'raw' && args.length === 1) {
      const [path, ...others] = first.paths;
      const isPlain = path?.length === 1 && others.length === 0 && first.of === undefined && first.keys === 'exact';
      const made = isPlain ? this.names.converted(fn, path[0] ?? '') : undefined;
      if (made !== undefined) return made;
    }
    const pushed = pushedFunctions[fn];
    if (pushed === undefined) return this.refuse(`the function ${fn}`);
    const values = allOf(args, (arg) => this.value(arg));
    const ofNothing = values?.length === 1 && values[0]?.constant === null ? CONVERTED_NOTHING[fn] : undefined;
    if (ofNothing !== undefined) return ofNothing;
    return (
      values && (pushed(values) ?? this.refuse(`the function ${fn} of ${values.map(({ kind }) => kind).join(', ')}`))
    );
  }

  private choice({ branches, otherwise }: Cond): Typed | undefined {
    const last = this.value(otherwise);
    const [first] = branches;
    if (first === undefined || last === undefined) return last;
    // A null text that becomes the empty one.
    if (branches.length === 1 && first.when.kind === 'is-null' && equal(first.when.subject, otherwise)) {
      if (!last.isNullable) return last;
      if (last.kind === 'text' && first.then.kind === 'literal' && first.then.value === '') return emptyText(last.sql);
    }
    const made = allOf(branches, ({ when, then }) => {
      const truth = this.truth(when, 'filter');
      const value = truth && this.value(then);
      return value && { when: truth, value };
    });
    if (made === undefined) return undefined;
    const values = [...made.map(({ value }) => value), last];
    const kind = values.find(({ constant }) => constant !== null)?.kind;
    if (kind === undefined) return NOTHING;
    if (isOpaque(kind) || values.some((one) => one.kind !== kind && one.constant !== null)) {
      return this.refuse('choices between values of several kinds');
    }
    const sql: SqlExpr = {
      kind: 'case',
      branches: made.map(({ when, value }) => ({ when, then: value.sql })),
      otherwise: last.sql,
    };
    return typed(
      kind,
      sql,
      values.some(({ isNullable }) => isNullable),
    );
  }
}

/** Searches for terms in one subject, which are cheaper together. */
function termsTogether(items: readonly Expr[]): {
  readonly terms: readonly Match[][];
  readonly others: readonly Expr[];
} {
  const terms: Match[][] = [];
  const others: Expr[] = [];
  for (const item of items) {
    if (item.kind !== 'match' || !isPlainTerm(item)) others.push(item);
    else {
      const group = terms.find(([first]) => first !== undefined && isAlike(first, item));
      if (group === undefined) terms.push([item]);
      else group.push(item);
    }
  }
  return { terms, others };
}

function isAlike(a: Match, b: Match): boolean {
  return a.collation === b.collation && a.onMissing === b.onMissing && equal(a.subject, b.subject);
}
