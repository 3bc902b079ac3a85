import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import { and, bool, call, FALSE, literalOf, match, NULL, not, or, TRUE, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { FunctionName } from '../../ir/functions/registry.ts';
import { oneOf } from '../../ir/one-of.ts';
import { networkOf } from '../../patterns/address.ts';
import type {
  EqlArithmetic,
  EqlCall,
  EqlCompareOp,
  EqlComparison,
  EqlExpr,
  EqlMatching,
  EqlMembership,
  EqlSign,
} from './ast.ts';
import { type EqlFunctionRow, eqlFunction, eqlFunctionNames } from './functions.ts';
import { type Compared, compareField, eqlPattern, fits, type OnMissing } from './lower-field.ts';
import { regexPattern } from './regex.ts';
import type { EqlFields, EqlTarget } from './target.ts';
import { type EqlType, isNumeric, mayBe } from './types.ts';

/** A value, and what is known of it. */
export interface Typed {
  readonly expr: Expr;
  readonly type: EqlType;
  /** Whether it depends on the event. */
  readonly ofEvent: boolean;
}

/**
 * The meaning of expressions, as Elasticsearch runs them: each comparison is a search of its own, which a missing value does not
 * fit, so that `not` of it does; inside a comparison null is what any null gives, and so it is of the constant null and of a
 * field that no index has. Of several values one is enough.
 */
export class ExpressionLowering {
  private readonly fields: EqlFields;
  private readonly report: (found: Diagnostic) => void;

  constructor(fields: EqlFields, report: (found: Diagnostic) => void) {
    this.fields = fields;
    this.report = report;
  }

  /** What decides: true or false, or null too where it is a part of a value. */
  condition(expr: EqlExpr, missing: OnMissing): Expr {
    const { span } = expr;
    switch (expr.kind) {
      case 'and':
      case 'or': {
        const items = expr.items.map((item) => this.condition(item, missing));
        return expr.kind === 'and' ? and(items, span) : or(items, span);
      }
      case 'not':
        return not(this.condition(expr.item, missing), span);
      case 'compare':
        return this.comparison(expr, missing);
      case 'in':
        return this.membership(expr, missing);
      case 'matching':
        return this.matching(expr, missing);
      case 'boolean':
        return bool(expr.value);
      case 'null':
        return NULL;
      case 'field': {
        const target = this.fields.target(expr);
        this.wantBoolean(target.type, span);
        return this.fit(target, { kind: 'boolean', value: true, span }, missing, span);
      }
      case 'call': {
        const test = this.textTest(expr, missing);
        if (test !== undefined) return test;
        const value = this.call(expr);
        this.wantBoolean(value.type, span);
        return this.decided(value.expr, missing);
      }
      case 'string':
      case 'number':
      case 'arithmetic':
      case 'sign':
        this.wantBoolean(this.value(expr).type, span);
        return FALSE;
      case 'error':
        return FALSE;
    }
  }

  /** What an expression gives. */
  value(expr: EqlExpr): Typed {
    const { span } = expr;
    switch (expr.kind) {
      case 'string':
        return constant(text(expr.value, span), 'string');
      case 'number':
        return constant(numberLiteral(expr.text, expr.type, span), expr.type);
      case 'boolean':
        return constant(literalOf(expr.value, span), 'boolean');
      case 'null':
        return constant(NULL, 'null');
      case 'field': {
        const { subject, type, absent } = this.fields.target(expr);
        return { expr: subject, type, ofEvent: absent !== true };
      }
      case 'arithmetic':
        return this.arithmetic(expr);
      case 'sign':
        return this.sign(expr);
      case 'call':
        return this.call(expr);
      case 'and':
      case 'or':
      case 'not':
      case 'compare':
      case 'in':
      case 'matching':
        return { expr: this.condition(expr, 'null'), type: 'boolean', ofEvent: true };
      case 'error':
        return constant(NULL, 'unknown');
    }
  }

  private comparison({ op, left, right, span }: EqlComparison, missing: OnMissing): Expr {
    if (left.kind === 'error' || right.kind === 'error') return FALSE;
    const [a, b] = [this.nullTarget(left), this.nullTarget(right)];
    if (a || b) return this.nullTest(op, a ? right : left, span);
    const [turned, subject, other] =
      comparedOf(right) === undefined && comparedOf(left) !== undefined ? [TURNED[op], right, left] : [op, left, right];
    const against = comparedOf(other);
    if (against?.kind === 'boolean' && (op === '==' || op === '!=') && subject.kind !== 'field') {
      const condition = this.condition(subject, missing);
      return (turned === '==') === against.value ? condition : not(condition, span);
    }
    if (subject.kind === 'field' && against !== undefined) {
      const target = this.fields.target(subject);
      return compareField(turned, against, { target, missing, span, report: this.report });
    }
    return this.compareValues(turned, subject, other, missing, span);
  }

  private compareValues(op: EqlCompareOp, left: EqlExpr, right: EqlExpr, missing: OnMissing, span: Span): Expr {
    const [a, b] = [this.value(left), this.value(right)];
    if (a.ofEvent && b.ofEvent) this.report(diagnostic('eql/field-to-field', {}, span));
    if (!comparable(a.type, b.type)) {
      const what = 'the right side of a comparison';
      this.report(diagnostic('eql/wrong-type', { what, expected: nameOf(a.type), found: nameOf(b.type) }, right.span));
    }
    const compared: Expr = { kind: 'compare', op, left: a.expr, right: b.expr, nulls: 'unknown', many: 'any', span };
    return this.decided(compared, missing);
  }

  /** Whether an operand is null whatever the event: written so, or a field that no index has. */
  private nullTarget(expr: EqlExpr): boolean {
    if (expr.kind === 'null') return true;
    return expr.kind === 'field' && expr.optional && this.fields.target(expr).absent === true;
  }

  /**
   * `x == null` asks whether there is a value, and so does a comparison with a field that no index has: `?nothing != "x"` is true.
   * Any other comparison with null is not known.
   */
  private nullTest(op: EqlCompareOp, other: EqlExpr, span: Span): Expr {
    if (op !== '==' && op !== '!=') return NULL;
    if (this.nullTarget(other)) return bool(op === '==');
    if (other.kind === 'field') {
      const exists: Expr = { kind: 'exists', subject: this.fields.target(other).subject, counts: 'value', span };
      return op === '==' ? not(exists, span) : exists;
    }
    const isNull: Expr = { kind: 'is-null', subject: this.value(other).expr, span };
    return op === '==' ? isNull : not(isNull, span);
  }

  /** The items of `in` are of the type of what they are compared with, where `==` takes a number or an address as text too. */
  private isItemOf(subject: EqlExpr, item: EqlExpr): boolean {
    const [wanted, found] = [this.value(subject).type, this.value(item).type];
    if (comparable(wanted, found)) return true;
    const params = { what: 'an item of `in`', expected: nameOf(wanted), found: nameOf(found) };
    this.report(diagnostic('eql/wrong-type', params, item.span));
    return false;
  }

  private membership({ ignoreCase, negated, subject, items, span }: EqlMembership, missing: OnMissing): Expr {
    if (this.nullTarget(subject)) return NULL;
    const found = items.map((item): Expr => {
      if (item.kind === 'null') return NULL;
      if (ignoreCase) {
        if (item.kind === 'string')
          return this.textFits(subject, { kind: 'equals', value: item.value }, true, missing, item.span);
        this.report(
          diagnostic(
            'eql/wrong-type',
            { what: 'an item of `in~`', expected: 'a text', found: 'something else' },
            item.span,
          ),
        );
        return FALSE;
      }
      if (subject.kind === 'field' && !this.isItemOf(subject, item)) return FALSE;
      return this.comparison({ kind: 'compare', op: '==', left: subject, right: item, span: item.span }, missing);
    });
    const any = oneOf(
      found.filter((one) => one !== FALSE),
      span,
    );
    return negated ? not(any, span) : any;
  }

  private matching({ op, subject, patterns, span }: EqlMatching, missing: OnMissing): Expr {
    const ignoreCase = op !== 'like' && op !== 'regex';
    const texts = patterns.flatMap((pattern) => {
      if (pattern.kind === 'string') return [pattern];
      const found = pattern.kind === 'null' ? 'null' : `a ${pattern.kind}`;
      this.report(
        diagnostic('eql/wrong-type', { what: `what \`${op}\` compares with`, expected: 'a text', found }, pattern.span),
      );
      return [];
    });
    if (op === 'regex' || op === 'regex~') {
      const pattern = regexPattern(texts, ignoreCase, this.report);
      return pattern === undefined ? FALSE : this.textFits(subject, pattern, ignoreCase, missing, span);
    }
    return oneOf(
      texts.map(({ value }) => this.textFits(subject, eqlPattern(value), ignoreCase, missing, span)),
      span,
    );
  }

  /** Whether a text, or one of several, fits a pattern. */
  private textFits(
    subject: EqlExpr,
    pattern: Parameters<typeof match>[1],
    ignoreCase: boolean,
    missing: OnMissing,
    span: Span,
  ): Expr {
    if (subject.kind === 'field') {
      const target = this.fields.target(subject);
      if (target.absent === true) return NULL;
      this.wantText(target.type, `\`${target.name}\``, subject.span);
      return fits({ target, missing, span, report: this.report }, pattern, ignoreCase);
    }
    const { expr, type } = this.value(subject);
    this.wantText(type, 'what is compared with a pattern', subject.span);
    return match(expr, pattern, { collation: ignoreCase ? 'ignore-case' : 'exact', onMissing: missing, span });
  }

  private fit(target: EqlTarget, value: Compared, missing: OnMissing, span: Span): Expr {
    return compareField('==', value, { target, missing, span, report: this.report });
  }

  /** `startsWith(field, "text")` and its like are patterns. */
  private textTest(expr: EqlCall, missing: OnMissing): Expr | undefined {
    const [subject, wanted] = expr.args;
    const known = eqlFunction(expr.name.text);
    if (known === undefined || expr.args.length !== 2 || subject?.kind !== 'field' || wanted?.kind !== 'string')
      return undefined;
    if (expr.ignoreCase && !known.hasCaseForm) return undefined;
    const { value } = wanted;
    switch (known.fn) {
      case 'eql.starts-with':
        return this.textFits(subject, { kind: 'prefix', text: value }, expr.ignoreCase, missing, expr.span);
      case 'eql.ends-with':
        return this.textFits(subject, { kind: 'suffix', text: value }, expr.ignoreCase, missing, expr.span);
      case 'eql.contains':
        return this.textFits(subject, { kind: 'contains', text: value }, expr.ignoreCase, missing, expr.span);
      default:
        return undefined;
    }
  }

  private call(expr: EqlCall): Typed {
    const { ignoreCase, args, span } = expr;
    const { text: name, span: nameSpan } = expr.name;
    const known = eqlFunction(name);
    if (known === undefined) {
      const suggestions = didYouMean(name, eqlFunctionNames());
      this.report(diagnostic('eql/unknown-function', { name, suggestions }, nameSpan));
      return constant(NULL, 'unknown');
    }
    if (ignoreCase && !known.hasCaseForm) this.report(diagnostic('eql/no-case-form', { name }, nameSpan));
    const given = args.map((arg) => this.value(arg));
    if (!this.checkArguments(known, expr, given)) return constant(NULL, 'unknown');
    const ofEvent = given.some((arg) => arg.ofEvent);
    const { fn } = known;
    if (fn === 'cidr-match') return { expr: this.cidrMatch(given[0], expr), type: 'boolean', ofEvent };
    return {
      expr: call(functionFor(fn, given), argumentsFor(known, given, ignoreCase), span),
      type: known.result === 'number' ? numberType(given) : known.result,
      ofEvent,
    };
  }

  private cidrMatch(address: Typed | undefined, { args, span }: EqlCall): Expr {
    const networks = args.slice(1).flatMap((arg) => {
      const network = arg.kind === 'string' ? networkOf(arg.value) : undefined;
      if (arg.kind !== 'string') this.report(diagnostic('eql/not-constant', { what: 'a network' }, arg.span));
      else if (network === undefined) this.report(diagnostic('eql/bad-network', { value: arg.value }, arg.span));
      return network ?? [];
    });
    const subject = address?.expr ?? NULL;
    return or(
      networks.map((network) => match(subject, { kind: 'cidr', network }, { onMissing: 'null', span })),
      span,
    );
  }

  private checkArguments(
    { name, parameters }: EqlFunctionRow,
    { args, span }: EqlCall,
    given: readonly Typed[],
  ): boolean {
    const least = parameters.filter(({ times }) => times !== 'optional').length;
    const last = parameters.at(-1);
    const most = last?.times === 'any' ? Number.POSITIVE_INFINITY : parameters.length;
    if (given.length < least || given.length > most) {
      const wanted =
        most === Number.POSITIVE_INFINITY ? `${least} or more` : least === most ? `${least}` : `${least} to ${most}`;
      this.report(
        diagnostic('eql/argument-count', { name, expected: `${wanted} arguments`, found: given.length }, span),
      );
      return false;
    }
    for (const [place, { type }] of given.entries()) {
      const parameter = parameters[place] ?? last;
      if (parameter === undefined || parameter.types.length === 0 || mayBe(type, ...parameter.types)) continue;
      const what = `the argument \`${parameter.name}\` of \`${name}\``;
      const expected = parameter.types.map(nameOf).join(' or ');
      this.report(diagnostic('eql/wrong-type', { what, expected, found: nameOf(type) }, args[place]?.span));
    }
    return true;
  }

  private arithmetic({ op, left, right, span }: EqlArithmetic): Typed {
    const given = [this.number(left), this.number(right)];
    const fn = functionFor(ARITHMETIC[op], given);
    const exprs = given.map(({ expr }) => expr);
    return { expr: call(fn, exprs, span), type: numberType(given), ofEvent: given.some(({ ofEvent }) => ofEvent) };
  }

  private sign({ op, item, span }: EqlSign): Typed {
    const value = this.number(item);
    if (op === '+') return value;
    if (item.kind === 'number') return constant(numberLiteral(`-${item.text}`, item.type, span), item.type);
    return { ...value, expr: call('eql.subtract', [literalOf(0), value.expr], span) };
  }

  private number(expr: EqlExpr): Typed {
    const value = this.value(expr);
    if (!mayBe(value.type, 'long', 'double')) {
      const found = nameOf(value.type);
      this.report(
        diagnostic('eql/wrong-type', { what: 'what is calculated with', expected: 'a number', found }, expr.span),
      );
    }
    return value;
  }

  /** As a filter, what is not known is false. */
  private decided(condition: Expr, missing: OnMissing): Expr {
    if (missing === 'null') return condition;
    return {
      kind: 'cond',
      branches: [{ when: condition, then: TRUE }],
      otherwise: FALSE,
      ...(condition.span && { span: condition.span }),
    };
  }

  private wantBoolean(type: EqlType, span: Span): void {
    if (!mayBe(type, 'boolean')) this.report(diagnostic('eql/not-a-condition', { found: nameOf(type) }, span));
  }

  private wantText(type: EqlType, what: string, span: Span): void {
    if (mayBe(type, 'string', 'version')) return;
    this.report(diagnostic('eql/wrong-type', { what, expected: 'a text', found: nameOf(type) }, span));
  }
}

const TURNED: Readonly<Record<EqlCompareOp, EqlCompareOp>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const ARITHMETIC: Readonly<Record<EqlArithmetic['op'], FunctionName>> = {
  '+': 'eql.add',
  '-': 'eql.subtract',
  '*': 'eql.multiply',
  '/': 'eql.divide',
  '%': 'eql.modulo',
};

/** Of whole numbers a division gives a whole one; with any other, or the constant 2.0, it has a fraction. */
function functionFor(fn: FunctionName, given: readonly Typed[]): FunctionName {
  return fn === 'eql.divide' && given.some(({ type }) => type === 'double') ? 'eql.ratio' : fn;
}

function numberType(given: readonly Typed[]): EqlType {
  if (given.some(({ type }) => type === 'double')) return 'double';
  return given.every(({ type }) => type === 'long') ? 'long' : 'unknown';
}

/** What the IR's function is given: optional arguments as null, and whether case matters. */
function argumentsFor(
  { parameters, hasCaseForm }: EqlFunctionRow,
  given: readonly Typed[],
  ignoreCase: boolean,
): readonly Expr[] {
  const exprs = given.map(({ expr }) => expr);
  if (parameters.at(-1)?.times !== 'any') while (exprs.length < parameters.length) exprs.push(NULL);
  return hasCaseForm ? [...exprs, text(ignoreCase ? 'ignore-case' : 'exact')] : exprs;
}

function constant(expr: Expr, type: EqlType): Typed {
  return { expr, type, ofEvent: false };
}

function numberLiteral(written: string, type: 'long' | 'double', span: Span): Expr {
  if (type === 'long') return { kind: 'literal', type, value: BigInt(written).toString(), span };
  return { kind: 'literal', type: 'real', value: Number(written), span };
}

/** The constant that an operand is. */
function comparedOf(expr: EqlExpr): Compared | undefined {
  switch (expr.kind) {
    case 'string':
    case 'boolean':
      return expr;
    case 'number':
      return { ...expr, negative: false };
    case 'sign':
      return expr.item.kind === 'number' ? { ...expr.item, negative: expr.op === '-', span: expr.span } : undefined;
    default:
      return undefined;
  }
}

function comparable(left: EqlType, right: EqlType): boolean {
  return mayBe(left, right) || mayBe(right, left) || (isNumeric(left) && isNumeric(right));
}

function nameOf(type: EqlType): string {
  switch (type) {
    case 'long':
      return 'a whole number';
    case 'double':
      return 'a number';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'ip':
      return 'an address';
    case 'date':
      return 'a date';
    case 'version':
      return 'a version';
    case 'object':
      return 'a field of fields';
    case 'null':
      return 'null';
    case 'unknown':
      return 'any value';
  }
}
