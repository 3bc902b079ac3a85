import { expect, test } from 'vitest';
import { unifiedName } from '../../../../test/python-rule.ts';
import { printExpr } from '../../../ir/print/print.ts';
import type { DataModel, PythonModule, PythonProgram } from '../../../ir/rule/python.ts';
import { type Translation, translateRule } from './index.ts';

const module = (name: string, code: string): PythonModule => ({ name, file: `${name}.py`, code });

function translate(
  code: string,
  modules: readonly PythonModule[] = [],
  dataModels: readonly DataModel[] = [],
): Translation {
  const logic: PythonProgram = {
    kindOfRule: 'rule',
    module: module('x', code),
    bundle: { modules, dataModels },
    logTypes: ['T'],
    defaults: { severity: 'INFO' },
  };
  return translateRule(logic, 'T');
}

/** Tier and condition, of a rule of one expression or of a whole body. */
function of(body: string): string {
  const found = translate(body.includes('return') ? body : `def rule(event):\n    return ${body}\n`);
  if (found.tier === 3) return '3';
  return `${found.tier} ${printExpr(found.tier === 1 ? found.condition : found.necessary)}`;
}

test('comparisons count types', () => {
  expect(of('event.get("a") == "x"')).toBe('1 (match a exact whole equals "x")');
  expect(of('event.get("a") == "5"')).toBe('1 (python.equals a "5")');
  expect(of('event.get("a") in ("x", "y")')).toBe('1 (match a exact whole one-of ["x" "y"])');
  expect(of('event.get("a") is None')).toBe('1 (is-null a)');
  expect(of('event.deep_get("a", "b") != "x"')).toBe('1 (not (match a.b exact whole equals "x"))');
});

test('what raises is no match, however it is turned', () => {
  expect(of('event.get("a").lower() == "x"')).toBe('1 (match a ignore-case whole equals "x")');
  expect(of('not event.get("a").lower() == "x"')).toBe(
    '1 (and (python.is-type a "str") (not (match a ignore-case whole equals "x")))',
  );
  expect(of('event.get("a").lower() == "X"')).toBe('1 false');
  expect(of('event["a"] == "x"')).toBe('1 (match a exact whole equals "x")');
  expect(of('event.get("a", {}).get("b") == "x"')).toBe('1 (match a.b exact whole equals "x")');
});

test('only a bool matches', () => {
  expect(of('event.get("a")')).toBe('1 (and (python.is-type a "bool") (python.truthy a))');
  expect(of('event.get("a") and event.get("b") == "x"')).toBe(
    '1 (and (python.truthy a) (match b exact whole equals "x"))',
  );
  expect(of('"x"')).toBe('1 false');
});

test('a text is in a text, an item in a list, a key in a map', () => {
  expect(of('"xyz" in event.get("a")')).toBe(
    '1 (or (match a exact whole contains "xyz") (and (python.is-type a "list" "dict") (python.contains a "xyz" true)))',
  );
  expect(of('event.get("a", "").startswith("x")')).toBe('1 (match a exact whole prefix "x")');
});

test('branches, loops and helpers', () => {
  expect(
    of('def rule(event):\n    if event.get("a") == "x":\n        return False\n    return event.get("b") == "y"\n'),
  ).toBe('1 (and (not (match a exact whole equals "x")) (match b exact whole equals "y"))');
  expect(
    of(
      'def rule(event):\n    for each in ("x", "y"):\n        if event.get("a") == each:\n            return True\n    return False\n',
    ),
  ).toBe('1 (match a exact whole one-of ["x" "y"])');
  expect(of('any(each == "x" for each in event.get("a", []))')).toContain(
    '(any item1 (python.iterate a) (match item1 exact whole equals "x"))',
  );
  // An item that is no map raises, and those after it are not looked at.
  expect(of('any(each.get("b") == "x" for each in event.get("a", []))')).toContain(
    '(match item1/b exact whole equals "x") until (or (not (python.is-type item1 "dict")) (match item1/b exact whole equals "x")))',
  );
  const helpers = module(
    'helpers',
    'GOOD = {"x", "y"}\ndef good(event, key="a"):\n    return event.get(key) in GOOD\n',
  );
  const found = translate('from helpers import good\ndef rule(event):\n    return good(event, key="b")\n', [helpers]);
  expect(found.tier === 1 && printExpr(found.condition)).toBe('(match b exact whole one-of ["x" "y"])');
});

test('unified fields come from the data model', () => {
  const model: DataModel = {
    id: 'M',
    logTypes: ['T'],
    enabled: true,
    module: module('m', 'def who(event):\n    return event.get("user")\n'),
    mappings: [unifiedName('ip', 'source'), { name: 'actor', method: 'who' }],
  };
  const found = translate(
    'def rule(event):\n    return event.udm("actor") == "root" and event.udm("ip") == "here"\n',
    [],
    [model],
  );
  expect(found.tier === 1 && printExpr(found.condition)).toBe(
    '(and (match user exact whole equals "root") (match source! exact whole equals "here"))',
  );
});

test('what is not understood leaves what must hold, and says why', () => {
  const found = translate(
    'import mystery\ndef rule(event):\n    if event.get("a") != "x":\n        return False\n    return mystery.ask(event)\n',
  );
  expect(found.tier === 2 && printExpr(found.necessary)).toBe('(match a exact whole equals "x")');
  expect(found.tier === 2 && found.reasons.map((reason) => reason.text)).toContain('`mystery.ask`');
  // What is left behind on the way counts as a match does.
  const stateful =
    'import mystery\ndef rule(event):\n    if event.get("a") == "x":\n        mystery.keep(event)\n    return event.get("b") == "y"\n';
  expect(of(stateful)).toBe('2 (or (match b exact whole equals "y") (match a exact whole equals "x"))');
  expect(of('unknown_name == 1')).toBe('3');
});

test('names that are set in ways that are not followed are not known', () => {
  expect(of('def rule(event):\n    while event.get("a"):\n        x = 1\n    return x == 2\n')).toBe('3');
  expect(of('def rule(event):\n    for x in event.get("a"):\n        pass\n    return x == "y"\n')).toMatch(/^2 /);
  expect(of('def rule(event):\n    if x := event.get("a"):\n        return x == "y"\n    return False\n')).toBe(
    '1 (and (python.truthy a) (match a exact whole equals "y"))',
  );
  expect(of('X = []\ndef title(event):\n    X.append(1)\ndef rule(event):\n    return len(X) == 0\n')).toBe('3');
});
