import type { Span } from '../../base/span.ts';
import { and, bool, call, FALSE, match, not, or, TRUE, text } from '../../ir/construct.ts';
import type { CompareOp, Expr, Pattern } from '../../ir/expr.ts';
import type { Asks, Key, KeyTest, MatchExpression, Template, Test, TextWay } from './ast.ts';
import type { Context } from './context.ts';
import { lowerElements, someElement } from './lower-elements.ts';
import { EVENT, elementOf, type KeyValue, lowerKey, type Scope } from './lower-key.ts';
import { type Equality, equalityFor } from './lower-value.ts';

/**
 * Match expressions, all of which must hold, over fields of the schema `panther`. Every condition is true or false, never
 * unknown: what is missing or of another kind than the condition is about does not meet it, and the negated forms are the
 * opposite of that. `docs/panther.md` says what each condition means, also where Panther's documentation leaves it open.
 */
export function lowerExpressions(expressions: readonly MatchExpression[], context: Context, span?: Span): Expr {
  return new Lowering(equalityFor(context)).all(expressions, EVENT, span);
}

/** What there is at a key of an event. */
export function lowerEventKey(key: Key): Expr {
  return lowerKey(key, EVENT).expr;
}

/** A text with the values of an event in it, nothing for one that is missing. */
export function lowerTemplate({ parts, span }: Template): Expr {
  const shown = parts.map((part) => (typeof part === 'string' ? text(part) : shownText(lowerEventKey(part))));
  return call('text.concat', shown, span);
}

/** The values of several keys of an event as one text. */
export function lowerJoined(keys: readonly Key[], between: string): Expr {
  const parts = keys.flatMap((key, index) => {
    const shown = shownText(lowerEventKey(key));
    return index === 0 ? [shown] : [text(between), shown];
  });
  return call('text.concat', parts);
}

function shownText(value: Expr): Expr {
  return call('panther.text', [value]);
}

class Lowering {
  private readonly same: Equality;

  constructor(same: Equality) {
    this.same = same;
  }

  all(expressions: readonly MatchExpression[], scope: Scope, span?: Span): Expr {
    return and(
      expressions.map((each) => this.expression(each, scope)),
      span,
    );
  }

  private expression(expression: MatchExpression, scope: Scope): Expr {
    const { span } = expression;
    switch (expression.kind) {
      case 'group': {
        const items = expression.items.map((item) => this.expression(item, scope));
        switch (expression.how) {
          case 'all':
            return and(items, span);
          case 'any':
            return or(items, span);
          case 'none':
            return not(or(items), span);
          case 'one':
            return { kind: 'at-least', count: 1, most: 1, of: items, span };
        }
        break;
      }
      case 'always':
        return bool(expression.value);
      case 'test':
        return this.test(expression, scope);
      case 'elements': {
        const { key, how, body } = expression;
        const over = this.keyValue(key, scope).expr;
        return lowerElements(how, over, scope, span, (inside) => this.all(body, inside));
      }
      case 'key-test':
        return turned(this.keyTest(expression, scope), expression);
    }
  }

  private keyValue(key: Key | null, scope: Scope): KeyValue {
    return key === null ? { expr: elementOf(scope), several: false } : lowerKey(key, scope);
  }

  private test(test: Test, scope: Scope): Expr {
    const value = this.keyValue(test.key, scope);
    return turned(this.asks(test.asks, value, scope, test.span), test);
  }

  private asks(asks: Asks, value: KeyValue, scope: Scope, span: Span): Expr {
    const onEach = (holds: (one: Expr) => Expr): Expr =>
      value.several ? someElement(value.expr, scope, holds) : holds(value.expr);
    switch (asks.kind) {
      case 'exists':
        if (value.several) return not(call('panther.is-empty', [value.expr]), span);
        return { kind: 'exists', subject: value.expr, counts: 'present', span };
      case 'null':
        return { kind: 'is-null', subject: value.expr, span };
      case 'empty':
        return call('panther.is-empty', [value.expr], span);
      case 'has':
        return someElement(value.expr, scope, (element) => this.same(element, asks.value), span);
      case 'equals':
        return onEach((one) => this.same(one, asks.value, span));
      case 'in':
        return onEach((one) => {
          const ways = asks.values.map((each) =>
            each.kind === 'scalar' ? this.same(one, each) : sameKeys(one, lowerKey(each, scope).expr),
          );
          return or(ways, span);
        });
      case 'text':
        return onEach((one) =>
          match(one, textPattern(asks.way, asks.text), {
            collation: asks.ignoreCase ? 'ignore-case' : 'exact',
            quantifier: 'whole',
            span,
          }),
        );
      case 'order':
        return onEach((one) => match(one, rangeOf(asks.op, asks.bound), { quantifier: 'whole', span }));
      case 'ip':
        return onEach((one) => call('panther.ip', [one, text(asks.family)], span));
      case 'cidr':
        return onEach((one) =>
          or(asks.networks.map((network) => match(one, { kind: 'cidr', network }, { quantifier: 'whole', span }))),
        );
    }
  }

  private keyTest(test: KeyTest, scope: Scope): Expr {
    const { asks, span } = test;
    const left = lowerKey(test.left, scope).expr;
    const right = lowerKey(test.right, scope).expr;
    switch (asks.kind) {
      case 'equals':
        return sameKeys(left, right, span);
      case 'text':
        return call('panther.compare-text', [left, text(asks.way), right, bool(asks.ignoreCase)], span);
      case 'order':
        return and([known(left), known(right), ordered(asks.op, left, right, span)], span);
      case 'in':
        return someElement(right, scope, (element) => sameKeys(element, left), span);
      case 'has':
        return someElement(left, scope, (element) => sameKeys(element, right), span);
    }
  }
}

function turned(expr: Expr, { not: isNot, span }: { readonly not: boolean; readonly span: Span }): Expr {
  return isNot ? not(expr, span) : expr;
}

/** Values of different kinds have no order: then the comparison is false, not unknown. */
function ordered(op: CompareOp, left: Expr, right: Expr, span: Span): Expr {
  const compared: Expr = { kind: 'compare', op, left, right, nulls: 'unknown', many: 'whole', span };
  return { kind: 'cond', branches: [{ when: compared, then: TRUE }], otherwise: FALSE };
}

function known(value: Expr): Expr {
  return not({ kind: 'is-null', subject: value });
}

/** Equal and of one kind. Two that are missing are not equal. */
function sameKeys(left: Expr, right: Expr, span?: Span): Expr {
  const spanned = span === undefined ? {} : { span };
  return and(
    [known(left), { kind: 'compare', op: '==', left, right, nulls: 'total', many: 'whole', ...spanned }],
    span,
  );
}

function textPattern(way: TextWay, wanted: string): Pattern {
  switch (way) {
    case 'equals':
      return { kind: 'equals', value: wanted };
    case 'starts-with':
      return { kind: 'prefix', text: wanted };
    case 'ends-with':
      return { kind: 'suffix', text: wanted };
    case 'contains':
      return { kind: 'contains', text: wanted };
  }
}

function rangeOf(op: '<' | '<=' | '>' | '>=', value: string | number): Pattern {
  const limit = { value, inclusive: op === '<=' || op === '>=' };
  return op === '<' || op === '<=' ? { kind: 'range', high: limit } : { kind: 'range', low: limit };
}
