import type { Json, JsonObject } from '../../base/json.ts';
import type { Asks, Elements, Group, Key, KeyAsks, MatchExpression, Scalar, Step } from './ast.ts';
import { CONDITIONS } from './conditions.ts';

/** Match expressions as a rule file has them, as plain data: what `parseExpressions` reads is the same expressions. */
export function printExpressions(expressions: readonly MatchExpression[]): readonly JsonObject[] {
  return expressions.map(printExpression);
}

const GROUPS: Readonly<Record<Group['how'], string>> = { all: 'All', any: 'Any', one: 'OnlyOne', none: 'None' };
const ELEMENTS: Readonly<Record<Elements['how'], string>> = {
  any: 'AnyElement',
  all: 'AllElements',
  none: 'NoElement',
  one: 'OnlyOneElement',
};

function printExpression(expression: MatchExpression): JsonObject {
  switch (expression.kind) {
    case 'group':
      return { [GROUPS[expression.how]]: printExpressions(expression.items) };
    case 'always':
      return { Condition: expression.value ? 'AlwaysTrue' : 'AlwaysFalse' };
    case 'test': {
      const { key, asks } = expression;
      return { ...printKey(key), Condition: nameOf(asks, expression.not), ...printValue(asks) };
    }
    case 'elements': {
      const { key, how, body } = expression;
      return { ...printKey(key), Condition: ELEMENTS[how], Expressions: printExpressions(body) };
    }
    case 'key-test': {
      const { asks, left, right } = expression;
      return { Condition: nameOf(asks, expression.not), Values: [printKey(left), printKey(right)] };
    }
  }
}

/** The usual name of what a condition asks. */
function nameOf(asks: Asks | KeyAsks, isNot: boolean): string {
  for (const [name, condition] of CONDITIONS) {
    if (condition.kind !== asks.kind || condition.not !== isNot) continue;
    if (condition.kind === 'text' && asks.kind === 'text') {
      if (condition.way !== asks.way || condition.ignoreCase !== asks.ignoreCase) continue;
    }
    if (condition.kind === 'order' && asks.kind === 'order' && condition.op !== asks.op) continue;
    if (condition.kind === 'ip' && asks.kind === 'ip' && condition.family !== asks.family) continue;
    return name;
  }
  throw new Error(`no condition asks ${asks.kind}${isNot ? ' with not' : ''}`);
}

function printValue(asks: Asks): JsonObject {
  switch (asks.kind) {
    case 'exists':
    case 'null':
    case 'empty':
    case 'ip':
      return {};
    case 'equals':
    case 'has':
      return { Value: asks.value.value };
    case 'in':
      return { Values: asks.values.map(printOperand) };
    case 'text':
      return { Value: asks.text };
    case 'order':
      return { Value: asks.bound };
    case 'cidr':
      return { Values: asks.networks };
  }
}

function printOperand(operand: Scalar | Key): Json {
  return operand.kind === 'scalar' ? operand.value : printKey(operand);
}

/** Names and places alone are a `DeepKey`; only a path can say every element. */
function printKey(key: Key | null): JsonObject {
  if (key === null) return {};
  const { steps } = key;
  const [first, second, third, ...rest] = steps;
  if (steps.length === 1 && typeof first === 'string') return { Key: first };
  if (!steps.includes(null)) return { DeepKey: steps };
  if (first === 'p_enrichment' && typeof second === 'string' && typeof third === 'string' && rest.length > 0) {
    return { Enrichment: { Table: second, Selector: third, FieldPath: printPath(rest) } };
  }
  return { KeyPath: printPath(steps) };
}

function printPath(steps: readonly Step[]): string {
  return steps.map(printStep).join('');
}

function printStep(step: Step, index: number): string {
  if (step === null) return '[*]';
  if (typeof step === 'number') return `[${step}]`;
  if (/^[^.[\]]+$/.test(step)) return index === 0 ? step : `.${step}`;
  return step.includes("'") ? `["${step}"]` : `['${step}']`;
}
