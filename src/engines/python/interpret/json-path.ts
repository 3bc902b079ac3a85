import type { Json, JsonObject } from '../../../base/json.ts';
import type { JsonPath, JsonPathTest } from '../../../ir/json-path.ts';
import { isArray, isMap, leave, less } from './value.ts';

/**
 * What a path of a data model finds in an event, where its parts are followed here: steps, filters by constants, descendants. The
 * rest is Python's.
 */
export function reach(path: JsonPath, event: JsonObject): readonly Json[] {
  return find(path, event, event);
}

function find(path: JsonPath, value: Json, root: Json): readonly Json[] {
  switch (path.kind) {
    case 'root':
      return [root];
    case 'this':
      return [value];
    case 'wildcard':
      return members(value);
    case 'fields':
      return isMap(value) ? path.names.flatMap((name) => memberOf(value, name)) : [];
    case 'index':
      return isArray(value) ? path.at.flatMap((at) => itemAt(value, at)) : [];
    case 'slice':
      if (path.step !== null && path.step !== 1) return leave('a slice with a step');
      return isArray(value) ? value.slice(path.from ?? 0, path.to ?? value.length) : [];
    case 'child':
      return find(path.left, value, root).flatMap((left) => find(path.right, left, root));
    case 'descendants':
      return find(path.left, value, root).flatMap((left) => below(path.right, left, root));
    case 'union':
      return [...find(path.left, value, root), ...find(path.right, value, root)];
    case 'where':
    case 'where-not': {
      const wanted = path.kind === 'where';
      return find(path.left, value, root).filter((left) => find(path.right, left, root).length > 0 === wanted);
    }
    case 'filter':
      return members(value).filter((member) => path.tests.every((test) => holds(test, member)));
    case 'length':
    case 'keys':
    case 'path':
    case 'sorted':
    case 'text':
    case 'parent':
    case 'intersection':
    case 'split':
    case 'substitute':
    case 'sort':
    case 'arithmetic':
      return leave('this path of a data model');
  }
}

function members(value: Json): readonly Json[] {
  if (isArray(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}

function memberOf(map: JsonObject, name: string): readonly Json[] {
  const found = Object.hasOwn(map, name) ? map[name] : undefined;
  return found === undefined ? [] : [found];
}

function itemAt(list: readonly Json[], at: number): readonly Json[] {
  const found = list.at(at);
  return found === undefined ? [] : [found];
}

/** What a path finds in a value and in everything inside it, in the order of the text. */
function below(path: JsonPath, value: Json, root: Json): readonly Json[] {
  return [...find(path, value, root), ...members(value).flatMap((member) => below(path, member, root))];
}

function holds(test: JsonPathTest, value: Json): boolean {
  switch (test.kind) {
    case 'has':
      return find(inside(test.path), value, value).length > 0;
    case 'lacks':
      return find(inside(test.path), value, value).length === 0;
    case 'all':
      return test.tests.every((each) => holds(each, value));
    case 'any':
      return test.tests.some((each) => holds(each, value));
    case 'compare': {
      const { op, right } = test;
      if (right.kind !== 'constant' || op === '=~') return leave('this test of a path');
      const wanted = right.value;
      const left = find(inside(test.left), value, value);
      return left.length === 0 ? op === '!=' : left.some((each) => compares(op, each, wanted));
    }
  }
}

/** A test that speaks of the root sees beyond the element. */
function inside(path: JsonPath): JsonPath {
  return namesRoot(path) ? leave('a test of a path that speaks of the root') : path;
}

function namesRoot(path: JsonPath): boolean {
  if (path.kind === 'root') return true;
  return 'left' in path && [path.left, path.right].some((side) => side.kind !== 'constant' && namesRoot(side));
}

function compares(
  op: '==' | '!=' | '<' | '<=' | '>' | '>=',
  left: Json,
  right: string | number | boolean | null,
): boolean {
  const ordered =
    (typeof left === 'string' && typeof right === 'string') || (typeof left === 'number' && typeof right === 'number');
  if (typeof left === 'bigint') return leave('a comparison of large numbers');
  // Kinds are told apart: true is not 1.
  if (op === '==' || op === '!=') return (left === right) === (op === '==');
  if (!ordered) return left === right && op !== '<' && op !== '>';
  if (op === '<') return less(left, right);
  if (op === '<=') return less(left, right) || left === right;
  return op === '>' ? less(right, left) : less(right, left) || left === right;
}
