import { call, field, text } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { Expression, Operator, ParsePairsOperator } from '../../ast/index.ts';
import type { Environment, Table } from '../scope.ts';
import { asText, constantText, convert } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';
import { declaredColumns } from './declared.ts';

/** What has been found in the text; no query can name it. */
const FOUND = '$pairs';

/** `parse-kv`: keys that stand with their values in a text become columns. */
export function lowerPairs(node: Operator & ParsePairsOperator, input: Table, environment: Environment): Table {
  const subject = asText(lowerExpression(node.subject, environment));
  const options = (name: string): readonly string[] =>
    node.with.filter((one) => one.name.text === name).flatMap(({ value }) => constantOf(value, environment) ?? []);
  const isSet = (name: string): boolean =>
    node.with.some(
      ({ name: own, value }) =>
        own.text === name &&
        ((value.kind === 'literal' && value.value === true) || (value.kind === 'name' && value.name === 'true')),
    );
  const how = {
    pair: options('pair_delimiter')[0],
    key: options('kv_delimiter')[0],
    quotes: options('quote'),
    escapes: options('escape'),
    regex: options('regex')[0],
    greedy: isSet('greedy'),
    keys: node.columns.map(({ name }) => name.text),
  };
  const found: Plan = {
    kind: 'extend',
    input: input.plan,
    columns: [{ name: FOUND, expr: call('kusto.parse-pairs', [subject, text(JSON.stringify(how))], node.span) }],
  };
  const columns = declaredColumns(node.columns, environment);
  const made = columns.map(({ name, type }): NamedExpr => {
    const value = call('kusto.member', [field(FOUND), text(name)]);
    return { name, expr: convert({ expr: value, type: 'dynamic' }, type) };
  });
  const plan: Plan = { kind: 'extend', input: found, columns: made };
  const names = [...new Set([...input.made, ...columns.map(({ name }) => name)])];
  return { plan, columns: input.columns.with(columns), shaped: input.shaped, made: names };
}

function constantOf(node: Expression, environment: Environment): string | undefined {
  return constantText(lowerExpression(node, { ...environment, columns: undefined }));
}
