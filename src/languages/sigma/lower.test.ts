import { describe, expect, test } from 'vitest';
import { plainly } from '../../../test/plain-records.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePredicate } from '../../engines/memory/compile.ts';
import { readYaml } from '../../formats/source/yaml-source.ts';
import { printExpr } from '../../ir/print/print.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { type RuleLogic, readRuleLogic } from './rule-logic.ts';

/** A `detection` map; one without a condition has the condition `s`. */
function logicOf(detection: string): RuleLogic {
  const text = detection.includes('condition:') ? detection : `${detection}\ncondition: s`;
  const file = readYaml(sourceText('rule.yml', text));
  expect(file.diagnostics).toEqual([]);
  const tree = file.documents[0];
  if (tree === undefined) throw new Error('no document');
  return readRuleLogic(tree);
}

function lowered(detection: string): string {
  const logic = logicOf(detection);
  expect(logic.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
  return logic.predicate === undefined ? '' : printExpr(logic.predicate);
}

/** `code at text` of each diagnostic. */
function problems(detection: string): string[] {
  const text = detection.includes('condition:') ? detection : `${detection}\ncondition: s`;
  const logic = logicOf(detection);
  expect(logic.predicate === undefined).toBe(logic.diagnostics.some((found) => found.severity === 'error'));
  return logic.diagnostics.map((found) => {
    const span = found.labels[0]?.span;
    return `${found.code} at ${text.slice(span?.start, span?.end)}`;
  });
}

function matches(detection: string, event: Record<string, never> | object): boolean | null {
  const { predicate } = logicOf(detection);
  if (predicate === undefined) throw new Error('not lowered');
  const row = { event: JSON.parse(JSON.stringify(event)), columns: new Map() };
  return compilePredicate(plainly(predicate), { now: fromEpochMs(0) })(row);
}

describe('items', () => {
  test.each([
    ['s: {F: a}', '(match F ignore-case equals "a")'],
    ['s: {F: [a, b, 5, true]}', '(match F ignore-case one-of ["a" "b" 5 true])'],
    ['s: {F: [a, "b*", c]}', '(or (match F ignore-case one-of ["a" "c"]) (match F ignore-case prefix "b"))'],
    ['s: {F: [null, a]}', '(or (is-null F) (match F ignore-case equals "a"))'],
    ["s: {F: ''}", '(match F ignore-case equals "")'],
    ['s: {F: "*"}', '(match F ignore-case wildcard "*")'],
    ["s: {F|contains: ''}", '(match F ignore-case wildcard "*")'],
    ['s: {F: "a*b?c"}', '(match F ignore-case wildcard "a*b?c")'],
    ['s: {F: "*x*"}', '(match F ignore-case contains "x")'],
    ['s: {F|contains: "a*b"}', '(match F ignore-case wildcard "*a*b*")'],
    ['s: {F|startswith: "a*"}', '(match F ignore-case prefix "a")'],
    ['s: {F|endswith|cased: x}', '(match F exact suffix "x")'],
    ['s: {F|contains|all: [a, b]}', '(and (match F ignore-case contains "a") (match F ignore-case contains "b"))'],
    ['s: {F|neq: [a, b]}', '(not (match F ignore-case one-of ["a" "b"]))'],
    ['s: {F|exists: true}', '(exists present F)'],
    ['s: {F|exists: false}', '(not (exists present F))'],
    ['s: {F|re: "a+"}', '(match F exact regex pcre "a+")'],
    ['s: {F|re|i|m|s: "a+"}', '(match F ignore-case regex pcre ms "a+")'],
    ['s: {F|re|startswith: "a|b"}', '(match F exact regex pcre "\\\\A(?:a|b)")'],
    ['s: {F|cidr: 10.0.0.0/8}', '(match F ignore-case cidr 10.0.0.0/8)'],
    ['s: {F|cidr: "FE80::/10"}', '(match F ignore-case cidr fe80::/10)'],
    ['s: {F|cidr: 192.168.1.1}', '(match F ignore-case cidr 192.168.1.1/32)'],
    ['s: {F|gte: 5}', '(match F ignore-case range >= 5)'],
    ['s: {F|lt: -1.5}', '(match F ignore-case range < -1.5)'],
    ['s: {F|fieldref: G}', '(sigma.equals-field F G false)'],
    ['s: {F|fieldref|endswith: G}', '(sigma.ends-with-field F G false)'],
    ['s: {F|fieldref|neq: G}', '(not (sigma.equals-field F G false))'],
    ['s: {F|hour|gte: 22}', '(match (sigma.hour (convert.datetime F)) ignore-case range >= 22)'],
    ['s: {F|week: 1}', '(match (sigma.week (convert.datetime F)) ignore-case equals 1)'],
    ['s: {F|base64: foo}', '(match F ignore-case equals "Zm9v")'],
    ['s: {F|utf16le|base64|contains: é}', '(match F ignore-case contains "6QA=")'],
    ['s: {F|utf16|base64: abc}', '(match F ignore-case equals "//5hAGIAYwA=")'],
    ['s: {F|windash: "-a-b"}', '(match F ignore-case one-of ["-a-b" "/a-b" "–a-b" "—a-b" "―a-b"])'],
    ['s: {F|expand: "100%"}', '(match F ignore-case equals "100%")'],
    ['s: {F|expand: "\\%a%"}'.replace('\\', '\\\\'), '(match F ignore-case equals "%a%")'],
    ['s: {F: 00000429}', '(match F ignore-case equals "00000429")'],
    ['s: {F|contains: 00000429}', '(match F ignore-case contains "00000429")'],
    ['s: {F: 12e4567}', '(match F ignore-case equals "12e4567")'],
    ['s: {F: 12345678901234567890}', '(match F ignore-case equals "12345678901234567890")'],
    ['s: {F: 2024-01-01}', '(match F ignore-case equals "2024-01-01")'],
  ])('%s', (detection, want) => {
    expect(lowered(detection)).toBe(want);
  });
});

describe('detections', () => {
  test.each([
    ['s: {A: x, B: y}', '(and (match A ignore-case equals "x") (match B ignore-case equals "y"))'],
    ['s: [{A: x}, {B: y}]', '(or (match A ignore-case equals "x") (match B ignore-case equals "y"))'],
    ['s: [a, b]', '(or (match (leaves) ignore-case contains "a") (match (leaves) ignore-case contains "b"))'],
    ['s: 4625', '(match (leaves) ignore-case contains "4625")'],
    ['s: ["a*b"]', '(match (leaves) ignore-case wildcard "*a*b*")'],
    [
      "s: {'|all': [a, b]}",
      '(and (match (leaves) ignore-case contains "a") (match (leaves) ignore-case contains "b"))',
    ],
    ["s: {'|re': a+}", '(match (leaves) exact regex pcre "a+")'],
    ["s: {'|startswith': a}", '(match (leaves) ignore-case prefix "a")'],
    ['s: [k, {A: x}]', '(or (match (leaves) ignore-case contains "k") (match A ignore-case equals "x"))'],
    ['s: {a: {b: x, c|contains: y}}', '(and (match a.b ignore-case equals "x") (match a.c ignore-case contains "y"))'],
    ['s: {a: [{b: x}, {b: y}]}', '(or (match a.b ignore-case equals "x") (match a.b ignore-case equals "y"))'],
  ])('%s', (detection, want) => {
    expect(lowered(detection)).toBe(want);
  });
});

describe('conditions over detections', () => {
  const names = 'sel_a: {A: 1}\nsel_b: {B: 2}\n_hidden: {H: 3}\nother: {O: 4}\n';
  const [a, b, hidden, other] = ['A', 'B', 'H', 'O'].map((name, at) => `(match ${name} ignore-case equals ${at + 1})`);

  test.each([
    ['1 of sel_*', `(or ${a} ${b})`],
    ['all of them', `(and ${a} ${b} ${other})`],
    ['1 of _*', `${hidden}`],
    ['_hidden', `${hidden}`],
    ['all of *_b', `${b}`],
    ['2 of them', `(or (and ${a} ${b}) (and ${a} ${other}) (and ${b} ${other}))`],
    ['not 1 of sel_* and other', `(and (not (or ${a} ${b})) ${other})`],
    ['[sel_a, other]', `(or ${a} ${other})`],
  ])('%s', (condition, want) => {
    expect(lowered(`${names}condition: ${condition}`)).toBe(want);
  });

  test.each([
    ['sel_c', ['sigma/undefined-detection at sel_c']],
    ['sel_*', ['sigma/undefined-detection at sel_*']],
    ['1 of filter_*', ['sigma/selector-without-detections at 1 of filter_*']],
    ['all of sel', ['sigma/selector-without-detections at all of sel']],
    ['5 of them', ['sigma/selector-count at 5 of them']],
    ['0 of them', ['sigma/selector-count at 0 of them']],
    ['5', ['input/wrong-type at 5']],
    ['[]', ['sigma/empty at []']],
    ['[sel_a, {a: b}]', ['input/wrong-type at {a: b}']],
  ])('%s is refused', (condition, want) => {
    expect(problems(`${names}condition: ${condition}`)).toEqual(want);
  });

  test('hints say what was meant', () => {
    const hints = (condition: string): readonly string[] | undefined =>
      logicOf(`${names}condition: ${condition}`).diagnostics[0]?.hints;
    expect(hints('sel_c')?.[0]).toMatch(/did you mean `sel_a`/);
    expect(hints('sel_*')).toEqual(['write `1 of sel_*` or `all of sel_*`']);
    expect(hints('1 of sel')?.[0]).toBe('did you mean `sel*`?');
  });

  test('so many combinations that they are not written out', () => {
    const many = Array.from({ length: 30 }, (_, n) => `s${n}: {F: ${n}}`).join('\n');
    expect(problems(`${many}\ncondition: 15 of them`)).toEqual(['unsupported/sigma-selector at 15 of them']);
  });
});

describe('what is wrong', () => {
  test.each([
    ['s: {F|contians: a}', ['sigma/unknown-modifier at contians']],
    ['s: {F|contains: 5}', ['sigma/modifier-value at 5']],
    ['s: {F|startswith: null}', ['sigma/modifier-value at null']],
    ['s: {F|exists: "true"}', ['sigma/modifier-value at "true"']],
    ['s: {F|gt: "5"}', ['sigma/modifier-value at "5"']],
    ['s: {F|hour: x}', ['sigma/modifier-value at x']],
    ['s: {F|hour: 1.5}', ['sigma/modifier-combination at 1.5']],
    ['s: {F|hour|day: 1}', ['sigma/modifier-combination at day']],
    ['s: {F|contains|re: a}', ['sigma/modifier-combination at re']],
    ['s: {F|i: a}', ['sigma/modifier-value at a']],
    ['s: {F|re|cased: a}', ['sigma/modifier-combination at cased']],
    ['s: {F|contains|base64: a}', ['sigma/modifier-combination at a']],
    ['s: {F|wide: é}', ['sigma/modifier-combination at é']],
    ['s: {F|fieldref: "a*"}', ['sigma/modifier-combination at "a*"']],
    ['s: {F|re: "a("}', ['sigma/regex at (']],
    ['s: {F|cidr: nowhere}', ['sigma/cidr at nowhere']],
    ['s: {F|cidr: 10.0.0.0/33}', ['sigma/cidr at 10.0.0.0/33']],
    ['s: {F|cidr: 10.0.0.1/8}', ['sigma/cidr-host-bits at 10.0.0.1/8']],
    ['s: {F|expand: "%Servers%"}', ['unsupported/sigma-placeholder at "%Servers%"']],
    ['s: {F|expand: "%DC-NAME%"}', ['unsupported/sigma-placeholder at "%DC-NAME%"']],
    ['s: {F: []}', ['sigma/empty at []']],
    ['s: {F: [a, [b]]}', ['sigma/value-type at [b]']],
    ['s: {F|contains: {a: b}}', ['sigma/value-type at {a: b}']],
    ['s: {}', ['sigma/empty at {}']],
    ['s: []', ['sigma/empty at []']],
    ['s: [a, [b]]', ['sigma/value-type at [b]']],
    ['s: [null]', ['sigma/keyword at null']],
    ['s: null', ['sigma/keyword at null']],
    ["s: {'|exists': true}", ['sigma/modifier-combination at exists']],
    ["s: {'|fieldref': a}", ['sigma/modifier-combination at fieldref']],
  ])('%s', (detection, want) => {
    expect(problems(detection)).toEqual(want);
  });

  test('a regular expression that cannot run in linear time is unsupported, not wrong', () => {
    expect(problems('s: {F|re: "(?<=a)b"}').map((one) => one.split(' ')[0])).toEqual(['unsupported/sigma-regex']);
  });

  test('alternatives beyond all measure are not made, however they come about', () => {
    const dashes = (count: number): string => Array.from({ length: count }, (_, n) => `-o${n}`).join(' ');
    const many = (value: string): string => Array.from({ length: 100 }, () => `'${value}'`).join(', ');
    const problem = (detection: string): string | undefined => problems(detection)[0]?.split(' ')[0];
    expect(problem(`s: {F|windash|contains: '${dashes(5)}'}`)).toBeUndefined();
    expect(problem(`s: {F|windash|contains: '${dashes(6)}'}`)).toBe('unsupported/sigma-variants');
    expect(problem(`s: {F|windash|contains: '${dashes(5)} ${'x'.repeat(10_000)}'}`)).toBe('unsupported/sigma-variants');
    expect(problem(`s: {F|windash|contains: [${many(dashes(5))}]}`)).toBe('unsupported/sigma-variants');
    expect(problem(`s: {F|windash|base64offset|contains: [${many(dashes(5))}]}`)).toBe('unsupported/sigma-variants');
    expect(problem(`s: {F|windash|contains: [${many(`${dashes(4)} ${'x'.repeat(900)}`)}]}`)).toBe(
      'unsupported/sigma-variants',
    );
  });

  test('the place of an error in a condition lies in the file, whatever the style', () => {
    expect(problems('s: {F: a}\ncondition: >\n  s and\n  nothing')).toEqual(['sigma/undefined-detection at nothing']);
    expect(problems('s: {F: a}\ncondition: "s and \\\n  nothing"')).toEqual(['sigma/undefined-detection at nothing']);
  });
});

describe('verdicts', () => {
  test.each([
    ['case does not count', 's: {F: AbC}', { F: 'aBc' }, true],
    ['cased: case counts', 's: {F|cased: AbC}', { F: 'aBc' }, false],
    ['a regular expression sees case', 's: {F|re: abc}', { F: 'xABCx' }, false],
    ['a regular expression is searched for', 's: {F|re: abc}', { F: 'xabcx' }, true],
    ['numbers by their text', 's: {F: 4625}', { F: '4625' }, true],
    ['texts fit numbers', "s: {F: '4625'}", { F: 4625 }, true],
    ['booleans by their text', 's: {F: true}', { F: 'TRUE' }, true],
    ['null is absent', 's: {F: null}', {}, true],
    ['null is null', 's: {F: null}', { F: null }, true],
    ['null is not empty', 's: {F: null}', { F: '' }, false],
    ['empty is not absent', "s: {F: ''}", {}, false],
    ['empty is empty', "s: {F: ''}", { F: '' }, true],
    ['* needs the field', "s: {F: '*'}", {}, false],
    ['* fits the empty string', "s: {F: '*'}", { F: '' }, true],
    ['exists counts null', 's: {F|exists: true}', { F: null }, true],
    ['exists: false', 's: {F|exists: false}', {}, true],
    ['not over a missing field', 's: {A: 1}\nf: {B: 2}\ncondition: s and not f', { A: 1 }, true],
    ['neq holds for a missing field', 's: {F|neq: a}', {}, true],
    ['neq', 's: {F|neq: a}', { F: 'A' }, false],
    ['any of several values', 's: {F|contains: b}', { F: ['a', 'b'] }, true],
    ['all over several values', 's: {F|contains|all: [a, b]}', { F: ['a', 'b'] }, true],
    ['a dotted name as a path', 's: {a.b: x}', { a: { b: 'x' } }, true],
    ['a dotted name as a key', 's: {a.b: x}', { 'a.b': 'x' }, true],
    ['keywords search every value', 's: [evil]', { a: { b: ['x', 'some EVIL here'] } }, true],
    ['keywords do not search keys', 's: [evil]', { evil: 'x' }, false],
    ['keywords: all in different fields', "s: {'|all': [a1, b1]}", { x: 'a1', y: 'b1' }, true],
    ['a value that ends in a backslash', "s: {F|contains: 'x\\'}", { F: 'ax\\b' }, true],
    ['an escaped wildcard is itself', "s: {F: 'a\\*b'}", { F: 'a*b' }, true],
    ['an escaped wildcard is nothing else', "s: {F: 'a\\*b'}", { F: 'axb' }, false],
    ['a backslash before a wildcard', "s: {F: 'a\\\\*b'}", { F: 'a\\xxb' }, true],
    ['a double backslash is one', "s: {F: 'a\\\\b'}", { F: 'a\\b' }, true],
    ['windash', "s: {F|contains|windash: ' /format:'}", { F: 'x -Format:y' }, true],
    ['lt on a number in text', 's: {F|lt: 10}', { F: '9' }, true],
    ['lt on a text', 's: {F|lt: 10}', { F: 'abc' }, false],
    ['cidr', 's: {F|cidr: 10.0.0.0/8}', { F: '10.1.2.3' }, true],
    ['cidr on a longer text', 's: {F|cidr: 10.0.0.0/8}', { F: '10.1.2.3.4' }, false],
    ['cidr of IPv6', "s: {F|cidr: 'fe80::/10'}", { F: 'fe80::1' }, true],
    ['fieldref', 's: {F|fieldref: G}', { F: 'a', G: 'A' }, true],
    ['fieldref on nothing', 's: {F|fieldref: G}', { F: 'a' }, false],
    ['fieldref|neq on nothing', 's: {F|fieldref|neq: G}', { F: 'a' }, true],
    ['fieldref|startswith', 's: {F|fieldref|startswith: G}', { F: 'abc', G: 'AB' }, true],
    ['hour', 's: {F|hour: 8}', { F: '2024-05-06T10:11:12+02:00' }, true],
    ['hour with a comparison', 's: {F|hour|gte: 8}', { F: '2024-05-06T07:11:12Z' }, false],
    ['minute', 's: {F|minute: 11}', { F: '2024-05-06T07:11:12Z' }, true],
    ['week', 's: {F|week: 53}', { F: '2021-01-03T00:00:00Z' }, true],
    ['month and year', 's: {F|month: 5, F|year: 2024, F|day: 6}', { F: '2024-05-06 07:11:12' }, true],
    ['a part of something that is no time', 's: {F|hour: 8}', { F: 'soon' }, false],
    ['a list of maps is any of them', 's: [{A: 1, B: 1}, {C: 1}]', { C: 1 }, true],
  ])('%s', (_, detection, event, want) => {
    expect(matches(detection, event)).toBe(want);
  });

  test('a verdict is never unknown', () => {
    const detection = 's: {A|fieldref: B}\nt: {C|hour: 1}\nu: {D|lt: 1}\ncondition: not s and not t and not u';
    expect(matches(detection, {})).toBe(true);
  });
});
