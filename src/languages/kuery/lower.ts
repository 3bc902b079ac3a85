import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { failure, type Result, success } from '../../base/result.ts';
import type { Span } from '../../base/span.ts';
import { and, FALSE, not, or, TRUE } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { oneOf } from '../../ir/one-of.ts';
import type { Schema } from '../../ir/view.ts';
import { compileWildcard } from '../../ir/wildcard.ts';
import { isLoneStar, type KueryField, type KueryQuery, type KueryValue, plainName } from './ast.ts';
import { lowerRange, lowerTerm } from './lower-term.ts';
import { MOST_SEARCHES, Searches } from './searches.ts';
import { fieldIn, type Inside, nestedAround, type Target, targetOf, targetsOf } from './target.ts';

/**
 * The query's meaning as a condition on the schema's fields, by the type of each. Everything is false on a missing field, so
 * `not f:x` matches events without `f`; a field with several values matches by any of them. Fails on what Elasticsearch
 * refuses for a field's type. `searches`: shared by queries that are parts of one.
 */
export function lowerKuery(ast: KueryQuery, schema: Schema, searches: Searches = new Searches()): Result<Expr> {
  const lowering = new Lowering(schema, searches);
  const expr = lowering.query(ast, undefined, 0);
  const failed = lowering.diagnostics.some((found) => found.severity === 'error');
  return failed ? failure(...lowering.diagnostics) : success(expr, lowering.diagnostics);
}

class Lowering {
  readonly diagnostics: Diagnostic[] = [];
  private readonly schema: Schema;
  private readonly searches: Searches;
  private isTooLarge = false;

  constructor(schema: Schema, searches: Searches) {
    this.schema = schema;
    this.searches = searches;
  }

  query(ast: KueryQuery, inside: Inside | undefined, depth: number): Expr {
    switch (ast.kind) {
      case 'everything':
        return TRUE;
      case 'error':
        return FALSE;
      case 'or':
        return or(
          ast.items.map((item) => this.query(item, inside, depth)),
          ast.span,
        );
      case 'and':
        return and(
          ast.items.map((item) => this.query(item, inside, depth)),
          ast.span,
        );
      case 'not':
        return not(this.query(ast.item, inside, depth), ast.span);
      case 'is': {
        if (ast.value.kind === 'wildcard' && isLoneStar(ast.value.parts) && this.isEveryField(ast.field)) return TRUE;
        const targets = this.targets(ast.field, inside);
        const list = ast.value.kind === 'or' || ast.value.kind === 'and' || ast.value.kind === 'not';
        return targets === undefined ? FALSE : this.value(ast.value, targets, list ? undefined : ast.span);
      }
      case 'free-text': {
        if (inside !== undefined) return this.unsupported('a value without a field', ast.span);
        // Elasticsearch takes a lone `*` for every event.
        if (ast.value.kind === 'wildcard' && isLoneStar(ast.value.parts)) return TRUE;
        // Where no field is named, null is a word like others.
        const isNull = ast.value.kind === 'constant' && ast.value.value === null;
        const value: KueryValue = isNull
          ? { kind: 'text', text: 'null', quoted: false, span: ast.value.span }
          : ast.value;
        return this.value(value, targetsOf([], ast.span, this.schema), ast.span);
      }
      case 'range': {
        const targets = this.targets(ast.field, inside);
        if (targets === undefined) return FALSE;
        if (!this.searches.take(targets.length)) return this.tooLarge(ast.span);
        const lenient = targets.length > 1;
        return eitherOf(
          targets.map((target) => lowerRange(ast.op, ast.value, target, ast.span, this.reporter(lenient))),
          ast.span,
        );
      }
      case 'nested':
        return this.nested(ast.path, ast.query, ast.span, inside, depth);
    }
  }

  private nested(path: KueryField, query: KueryQuery, span: Span, inside: Inside | undefined, depth: number): Expr {
    const name = plainName(path);
    if (name === undefined) return this.unsupported('a wildcard in the path', path.span);
    const full = inside === undefined ? name : `${inside.path}.${name}`;
    const type = this.schema.typeOf(full);
    if (type !== undefined && type !== 'nested') {
      this.diagnostics.push(diagnostic('kuery/not-nested', { field: full, type }, path.span));
      return FALSE;
    }
    const over = fieldIn(inside, name, path.span);
    const variable = `e${depth + 1}`;
    const body = this.query(query, { path: full, variable }, depth + 1);
    return { kind: 'quantified', how: 'any', over, variable, body, span };
  }

  /** The fields that a field's name means; undefined (reported) when there can be none. */
  /** Kibana asks of a wildcard that fits all fields there are whether an event is there at all. */
  private isEveryField({ parts }: KueryField): boolean {
    if (isLoneStar(parts)) return true;
    if (parts.every((part) => 'text' in part)) return false;
    const names = [...(this.schema.fieldNames() ?? [])];
    return names.length > 0 && names.every(compileWildcard(parts, false));
  }

  private targets(field: KueryField, inside: Inside | undefined): readonly Target[] | undefined {
    const name = plainName(field);
    if (name === undefined) {
      if (inside === undefined) return targetsOf(field.parts, field.span, this.schema);
      this.unsupported('a wildcard in a field name', field.span);
      return undefined;
    }
    const path = inside === undefined ? nestedAround(name, this.schema) : undefined;
    if (path !== undefined) {
      this.diagnostics.push(diagnostic('kuery/outside-nested', { field: name, path }, field.span));
      return undefined;
    }
    return [targetOf(name, field.span, this.schema, inside)];
  }

  /** `whole` is the place to name for a single value; in lists each value has its own. */
  private value(value: KueryValue, targets: readonly Target[], whole: Span | undefined): Expr {
    switch (value.kind) {
      case 'or':
        return oneOf(
          value.items.map((item) => this.value(item, targets, undefined)),
          value.span,
        );
      case 'and':
        return and(
          value.items.map((item) => this.value(item, targets, undefined)),
          value.span,
        );
      case 'not':
        return not(this.value(value.item, targets, undefined), value.span);
      case 'error':
        return FALSE;
      case 'text':
      case 'wildcard':
      case 'constant': {
        const span = whole ?? value.span;
        const lenient = targets.length > 1;
        // Whether there is any value, the first target tells: it has the values of all fields.
        const tells = (value.kind === 'wildcard' && isLoneStar(value.parts)) || value.kind === 'constant';
        const any = targets.slice(0, tells ? 1 : undefined);
        if (!this.searches.take(any.length)) return this.tooLarge(span);
        return eitherOf(
          any.map((target) => lowerTerm(value, target, span, this.reporter(lenient))),
          span,
        );
      }
    }
  }

  /** Over several fields at once, a value that is wrong for the type of one is no error, that field just does not match. */
  private reporter(lenient: boolean): (found: Diagnostic) => void {
    return (found) => {
      if (!lenient) this.diagnostics.push(found);
    };
  }

  private tooLarge(span: Span): Expr {
    if (!this.isTooLarge) this.diagnostics.push(diagnostic('kuery/too-large', { limit: MOST_SEARCHES }, span));
    this.isTooLarge = true;
    return FALSE;
  }

  private unsupported(what: string, span: Span): Expr {
    this.diagnostics.push(diagnostic('unsupported/kuery-in-nested', { what }, span));
    return FALSE;
  }
}

/** The conditions that can hold at all. */
function eitherOf(items: readonly Expr[], span: Span): Expr {
  return or(
    items.filter((item) => item !== FALSE),
    span,
  );
}
