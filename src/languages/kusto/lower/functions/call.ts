import { diagnostic } from '../../../../base/diagnostic.ts';
import { field, call as makeCall, NULL } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { compileRegex } from '../../../../patterns/regex/index.ts';
import type { CallExpression } from '../../ast/index.ts';
import { isNumber, type KustoType, widest } from '../../types.ts';
import type { Context, Environment, Typed } from '../scope.ts';
import { asText, asType, constantText } from '../values/convert.ts';
import { accepts, IN_WORDS, type ParameterKind, type ScalarFunction } from './parameter.ts';

/** Checks and lowers a call of a function of the language. */
export function lowerScalarCall(row: ScalarFunction, node: CallExpression, environment: Environment): Typed {
  const { context } = environment;
  const name = node.name.text;
  const least = row.parameters.length - row.optional - (row.rest ? 1 : 0);
  const most = row.rest ? Number.POSITIVE_INFINITY : row.parameters.length;
  if (
    node.args.length < Math.max(least, row.rest && row.optional === 0 ? least + 1 : least) ||
    node.args.length > most
  ) {
    const expected = countInWords(row.rest ? least + 1 : least, most);
    context.report(diagnostic('kusto/argument-count', { name, expected, found: node.args.length }, node.span));
    return { expr: NULL, type: resultType(row, []) };
  }
  const args: Typed[] = [];
  const exprs: Expr[] = [];
  for (const [index, argument] of node.args.entries()) {
    const kind = row.parameters[Math.min(index, row.parameters.length - 1)] ?? 'any';
    if (kind === 'type') {
      if (argument.value.kind !== 'typeof') {
        context.report(
          diagnostic(
            'kusto/argument-type',
            { name, parameter: index + 1, expected: IN_WORDS.type, found: 'a value' },
            argument.span,
          ),
        );
      }
      continue;
    }
    if (kind === 'columns' && argument.value.kind === 'star') {
      for (const { name: column, type } of environment.columns?.all() ?? []) {
        args.push({ expr: field(column), type });
        exprs.push(field(column));
      }
      continue;
    }
    const value = environment.lower(argument.value, environment);
    if (!accepts(kind, value.type)) {
      const expected = IN_WORDS[kind];
      context.report(
        diagnostic('kusto/argument-type', { name, parameter: index + 1, expected, found: value.type }, argument.span),
      );
    }
    if (kind === 'regex') checkRegex(value, context);
    args.push(value);
    exprs.push(asParameter(value, kind));
  }
  if (typeof row.lower === 'string') {
    return { expr: makeCall(row.lower, exprs, node.span), type: resultType(row, args) };
  }
  const typed = args.map((arg, index) => {
    const expr = exprs[index];
    return expr === undefined ? arg : { ...arg, expr };
  });
  const lowered = row.lower(typed, node, environment);
  return 'type' in lowered && 'expr' in lowered ? lowered : { expr: lowered, type: resultType(row, args) };
}

function asParameter(value: Typed, kind: ParameterKind): Expr {
  switch (kind) {
    case 'string':
    case 'regex':
    case 'text':
      return asText(value);
    case 'number':
    case 'whole':
      return asType(value, 'long');
    case 'bool':
    case 'datetime':
    case 'timespan':
      return asType(value, kind);
    case 'any':
    case 'columns':
    case 'dated':
    case 'dynamic':
    case 'series':
    case 'type':
      return value.expr;
  }
}

function resultType(row: ScalarFunction, args: readonly Typed[]): KustoType {
  switch (row.result) {
    case 'first':
      return args[0]?.type ?? 'unknown';
    case 'common':
      return commonType(args.map((arg) => arg.type));
    case 'widest':
      return args
        .map((arg) => arg.type)
        .reduce((a, b) => (isNumber(a) && isNumber(b) ? widest(a, b) : a), args[0]?.type ?? 'long');
    case 'computed':
      return 'unknown';
    default:
      return row.result;
  }
}

/** The type of a choice between values: theirs, the widest number, or dynamic when they differ. */
export function commonType(types: readonly KustoType[]): KustoType {
  const known = types.filter((type) => type !== 'unknown');
  const [first] = known;
  if (first === undefined) return 'unknown';
  if (known.every((type) => type === first)) return first;
  if (known.every(isNumber)) return known.reduce<KustoType>((a, b) => widest(a, b), 'int');
  const firm = known.filter((type) => type !== 'dynamic');
  const [firmFirst] = firm;
  return firmFirst !== undefined && firm.every((type) => type === firmFirst) ? firmFirst : 'dynamic';
}

function countInWords(least: number, most: number): string {
  const noun = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`;
  if (most === Number.POSITIVE_INFINITY) return `at least ${noun(least)}`;
  return least === most ? noun(least) : `${least} to ${noun(most)}`;
}

/** Reports a constant pattern that is no RE2 pattern. */
export function checkRegex(value: Typed, context: Context): void {
  const source = constantText(value);
  if (source === undefined) return;
  const compiled = compileRegex(source, { flavour: 're2', ignoreCase: false, flags: '', anchored: false });
  if (!compiled.ok) context.report(diagnostic('kusto/bad-regex', { reason: compiled.reason }, value.expr.span));
}
