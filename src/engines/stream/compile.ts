import { or } from '../../ir/construct.ts';
import { equal, fingerprint } from '../../ir/equal.ts';
import type { Expr, Match, Raw } from '../../ir/expr.ts';
import { printPattern } from '../../ir/print/print.ts';
import { manyMatches } from '../memory/any-match.ts';
import { Implied } from './implied.ts';
import { choice, junction, negation, UNKNOWN, YES } from './logic.ts';
import type { Logic, Predicate, Program, Slot } from './program.ts';

/**
 * Takes filters (conditions over `raw` paths, as `bind` and `simplify` leave them) apart into one program. Whatever is not
 * a test of a place in the record stays an opaque predicate for the memory engine. None of them may read the clock.
 */
export function compileProgram(filters: readonly Expr[]): Program {
  const builder = new ProgramBuilder();
  const rules = filters.map((filter) => ({ logic: builder.logicOf(filter) }));
  const { slots, predicates } = builder;
  return {
    slots,
    predicates,
    rules,
    selectors: selectorsOf(
      predicates,
      rules.map((rule) => rule.logic),
    ),
  };
}

class ProgramBuilder {
  readonly slots: Slot[] = [];
  readonly predicates: Predicate[] = [];
  private readonly slotIds = new Map<string, number>();
  private readonly predicateIds = new Map<string, number>();
  /** By the fingerprints of their expressions. */
  private readonly opaqueIds = new Map<number, readonly number[]>();
  private readonly slotOfPaths = new WeakMap<Raw['paths'], number>();
  private readonly implied = new Implied((expr) => this.logicOf(expr));

  logicOf(expr: Expr): Logic {
    switch (expr.kind) {
      case 'literal':
        return expr.value === true || expr.value === false ? { kind: 'truth', value: expr.value } : UNKNOWN;
      case 'missing':
        return UNKNOWN;
      case 'and':
        return junction(
          'and',
          expr.items.map((item) => this.logicOf(item)),
        );
      case 'or':
        return this.any(expr.items);
      case 'not':
        return negation(this.logicOf(expr.item));
      case 'cond':
        return expr.branches.reduceRight<Logic>(
          (otherwise, { when, then }) => choice(this.logicOf(when), this.logicOf(then), otherwise),
          this.logicOf(expr.otherwise),
        );
      case 'match':
        return this.match(expr);
      case 'exists':
      case 'is-null': {
        const slot = this.slotOf(expr.subject);
        if (slot === undefined) return this.opaque(expr, expr.kind === 'exists' ? this.implied.byExists(expr) : YES);
        const key = `${slot} ${expr.kind} ${expr.kind === 'exists' ? expr.counts : ''}`;
        return this.predicate(key, () => ({ kind: 'slot', slot, test: expr }));
      }
      case 'list':
      case 'field':
      case 'raw':
      case 'column':
      case 'leaves':
      case 'call':
      case 'quantified':
      case 'let':
      case 'in-plan':
      case 'scalar-of':
        return this.opaque(expr);
      case 'compare':
        return this.opaque(expr, this.implied.byCompare(expr));
      case 'at-least':
        return this.opaque(expr, expr.count > 0 ? this.logicOf(or(expr.of)) : YES);
    }
  }

  /** Many tests of what is no place in the record are one for the memory engine. */
  private any(items: readonly Expr[]): Logic {
    const many = manyMatches(items).many.filter(({ like: { subject } }) => {
      return this.slotOf(subject) === undefined && subject.kind !== 'leaves';
    });
    const together = new Set<Expr>(many.flatMap(({ matches }) => matches));
    const logics = many.map(({ matches }) => {
      const implied = matches.map((one) => this.implied.byMatch(one));
      return this.opaque(or(matches), junction('or', implied));
    });
    return junction('or', [
      ...logics,
      ...items.filter((item) => !together.has(item)).map((item) => this.logicOf(item)),
    ]);
  }

  private match(expr: Match): Logic {
    const { subject } = expr;
    const test = `${expr.collation} ${expr.quantifier} ${expr.onMissing} ${printPattern(expr.pattern)}`;
    const slot = this.slotOf(subject);
    if (slot !== undefined) return this.predicate(`${slot} ${test}`, () => ({ kind: 'slot', slot, test: expr }));
    if (subject.kind === 'leaves' && subject.name === null) {
      return this.predicate(`leaves ${test}`, () => ({ kind: 'leaves', test: expr }));
    }
    return this.opaque(expr, this.implied.byMatch(expr));
  }

  private opaque(expr: Expr, implies: Logic = YES): Logic {
    const print = fingerprint(expr);
    const alike = this.opaqueIds.get(print) ?? [];
    const known = alike.find((id) => equal(this.exprOf(id), expr));
    if (known !== undefined) return { kind: 'test', predicate: known };
    const id = this.predicates.push({ kind: 'opaque', expr, implies }) - 1;
    this.opaqueIds.set(print, [...alike, id]);
    return { kind: 'test', predicate: id };
  }

  private exprOf(id: number): Expr | undefined {
    const predicate = this.predicates[id];
    return predicate?.kind === 'opaque' ? predicate.expr : undefined;
  }

  private predicate(key: string, make: () => Predicate): Logic {
    let id = this.predicateIds.get(key);
    if (id === undefined) {
      id = this.predicates.length;
      this.predicates.push(make());
      this.predicateIds.set(key, id);
    }
    return { kind: 'test', predicate: id };
  }

  /** The slot that an expression reads, if it is one place in the record. */
  private slotOf(expr: Expr): number | undefined {
    if (expr.kind !== 'raw' || expr.of !== undefined || expr.keys !== 'exact') return undefined;
    const { paths, keys, arrays } = expr;
    const seen = this.slotOfPaths.get(paths);
    if (seen !== undefined && this.slots[seen]?.arrays === arrays) return seen;
    const key = JSON.stringify([arrays, paths]);
    let id = this.slotIds.get(key);
    if (id === undefined) {
      id = this.slots.length;
      this.slots.push({ paths, keys, arrays });
      this.slotIds.set(key, id);
    }
    this.slotOfPaths.set(paths, id);
    return id;
  }
}

/** How many slots may tell classes of records apart. */
const MOST_SELECTORS = 2;
/** A slot by which fewer rules can be told apart is no selector. */
const LEAST_SELECTED = 0.2;

/** Slots that many rules require to equal something: the event id first of all. */
function selectorsOf(predicates: readonly Predicate[], rules: readonly Logic[]): number[] {
  const required = rules.map((logic) => {
    const found = new Set<number>();
    for (const item of logic.kind === 'and' ? logic.items : [logic]) {
      const slot = slotOfEquality(item, predicates);
      if (slot !== undefined) found.add(slot);
    }
    return found;
  });
  const counts = new Map<number, number>();
  for (const of of required) for (const slot of of) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= Math.max(8, LEAST_SELECTED * rules.length))
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_SELECTORS)
    .map(([slot]) => slot);
}

/** The one slot that a condition asks to equal one of a few values. */
function slotOfEquality(logic: Logic, predicates: readonly Predicate[]): number | undefined {
  if (logic.kind === 'or') {
    const slots = new Set(logic.items.map((item) => slotOfEquality(item, predicates)));
    const [only] = slots;
    return slots.size === 1 ? only : undefined;
  }
  if (logic.kind !== 'test') return undefined;
  const predicate = predicates[logic.predicate];
  if (predicate?.kind !== 'slot' || predicate.test.kind !== 'match') return undefined;
  const { pattern } = predicate.test;
  if (pattern.kind === 'equals') return predicate.slot;
  return pattern.kind === 'one-of' && pattern.values.length <= 16 ? predicate.slot : undefined;
}
