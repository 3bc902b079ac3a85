import { match } from '../../ir/construct.ts';
import type { Compare, Cond, Exists, Expr, Match } from '../../ir/expr.ts';
import { type FunctionName, functions } from '../../ir/functions/registry.ts';
import { asciiRuns, literalsOf } from '../text-search/literals.ts';
import { junction, NO, YES } from './logic.ts';
import type { Logic } from './program.ts';

/** Functions whose text, where they give one, is a stretch of their first argument's, or all of it, perhaps in lower case. */
const STRETCHES: ReadonlySet<FunctionName> = new Set<FunctionName>([
  'text.lower',
  'text.before-last',
  'text.after-last',
  'view.first',
  'view.text',
  'view.ip',
  'view.pair',
  'view.capture',
  'view.captures',
  'elastic.only',
  'elastic.at-most',
]);

/**
 * What must be true of places in the record wherever a test of something that is made of them is true: by that records are found
 * for which the memory engine has to be asked. `logicOf` gives the logic of a condition.
 */
export class Implied {
  private readonly logicOf: (expr: Expr) => Logic;

  constructor(logicOf: (expr: Expr) => Logic) {
    this.logicOf = logicOf;
  }

  byMatch(test: Match): Logic {
    const { subject } = test;
    switch (subject.kind) {
      case 'raw':
        return this.ofPlace(test);
      case 'list':
        return this.any(subject.items, (item) => this.byMatch({ ...test, subject: item }));
      case 'cond':
        return this.byCond(subject, (value) => this.byMatch({ ...test, subject: value }));
      case 'missing':
        return NO;
      case 'call': {
        const { fn, args } = subject;
        if (fn === 'view.coalesce') return this.any(args, (arg) => this.byMatch({ ...test, subject: arg }));
        const [arg] = args;
        if (fn === 'view.text' && arg !== undefined) return this.byMatch({ ...test, subject: arg });
        if (fn === 'text.lower' && arg !== undefined && isOfTextAlone(test)) {
          return this.byMatch({ ...test, subject: arg, collation: 'ignore-case' });
        }
        return this.byTexts(test);
      }
      default:
        return YES;
    }
  }

  byExists({ subject, counts }: Exists): Logic {
    if (counts === 'present') return YES;
    if (subject.kind === 'list') return this.any(subject.items, (item) => this.valued(item));
    return this.valued(subject);
  }

  byCompare({ left, right, nulls }: Compare): Logic {
    return nulls === 'unknown' ? junction('and', [this.valued(left), this.valued(right)]) : YES;
  }

  /** Of a text that is made of another in a way that only functions know: the texts that it must hold stand in the other. */
  private byTexts(test: Match): Logic {
    const held = literalsOf(test).map(({ literals }) =>
      this.any(literals, ({ text }) => {
        const run = asciiRuns(text).reduce((longest, one) => (one.length > longest.length ? one : longest), '');
        return run === '' ? YES : this.holding(test.subject, run);
      }),
    );
    return junction('and', [this.valued(test.subject), ...held]);
  }

  /** Some text of a value holds one, without regard to case. It is of ASCII: the lower case of others may depend on what is beside it. */
  private holding(expr: Expr, text: string): Logic {
    switch (expr.kind) {
      case 'raw':
        return this.ofPlace(match(expr, { kind: 'contains', text }, { collation: 'ignore-case' }));
      case 'list':
        return this.any(expr.items, (item) => this.holding(item, text));
      case 'cond':
        return this.byCond(expr, (value) => this.holding(value, text));
      case 'missing':
        return NO;
      case 'call': {
        const [arg] = expr.args;
        if (expr.fn === 'view.coalesce') return this.any(expr.args, (one) => this.holding(one, text));
        return arg !== undefined && STRETCHES.has(expr.fn) ? this.holding(arg, text) : this.valued(expr);
      }
      default:
        return YES;
    }
  }

  /** A value is neither missing nor null. */
  private valued(expr: Expr): Logic {
    switch (expr.kind) {
      case 'raw':
        return expr.of === undefined && expr.keys === 'exact'
          ? this.logicOf({ kind: 'exists', subject: expr, counts: 'present' })
          : YES;
      case 'cond':
        return this.byCond(expr, (value) => this.valued(value));
      case 'missing':
        return NO;
      case 'call': {
        if (expr.fn === 'view.coalesce') return this.any(expr.args, (arg) => this.valued(arg));
        if (functions[expr.fn].nulls === 'handled') return YES;
        return junction(
          'and',
          expr.args.map((arg) => this.valued(arg)),
        );
      }
      default:
        return YES;
    }
  }

  private ofPlace(test: Match): Logic {
    const { subject } = test;
    return subject.kind === 'raw' && subject.of === undefined && subject.keys === 'exact' ? this.logicOf(test) : YES;
  }

  /** Whichever branch gives the value: the condition of the branch is true. */
  private byCond({ branches, otherwise }: Cond, of: (value: Expr) => Logic): Logic {
    return junction('or', [
      ...branches.map(({ when, then }) => junction('and', [this.logicOf(when), of(then)])),
      of(otherwise),
    ]);
  }

  private any<T>(items: readonly T[], of: (item: T) => Logic): Logic {
    return junction('or', items.map(of));
  }
}

/** Whether the pattern fits a text in lower case only if, without regard to case, it fits the text. */
function isOfTextAlone({ pattern }: Match): boolean {
  switch (pattern.kind) {
    case 'equals':
    case 'one-of':
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'wildcard':
      return true;
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return false;
  }
}
