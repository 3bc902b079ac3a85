import type { Random } from '../engine/random.ts';

/** Rules in Python as people write them, by grammar: what they read of an event is there, missing, null, or of another type. */

const KEYS = ['a', 'b', 'n', 's', 'l', 'd', 'none', 'flag', 'missing'] as const;
const TEXTS = [
  "'x'",
  "'X'",
  "''",
  "'a.b'",
  "'ab'",
  "'10'",
  "'é'",
  "'ß'",
  "' x '",
  "'root'",
  "'10.0.0.1'",
  "'ſ'",
] as const;
const NUMBERS = ['0', '1', '-1', '10', '2.5', '1e3', '9007199254740993'] as const;

export function pythonModule(random: Random): string {
  const helper = random.oneIn(3);
  const lines = [
    random.oneIn(3) ? 'import re\n' : '',
    random.oneIn(3)
      ? `NAMES = ${random.pick(['{"x", "ab"}', '["x", "X"]', '("a.b",)', '{"x": 1}'])}\n`
      : 'NAMES = ["x"]\n',
    helper ? `def helper(value):\n${block(random, 1, ['value'])}    return ${condition(random, 1, ['value'])}\n` : '',
    `def rule(event):\n${block(random, 2, helper ? ['helper'] : [])}    return ${condition(random, 3, helper ? ['helper'] : [])}\n`,
    random.oneIn(2) ? `def title(event):\n    return f"{${value(random, 1)}} of {${value(random, 1)}!r}"\n` : '',
    random.oneIn(3) ? `def dedup(event):\n    return str(${value(random, 2)})\n` : '',
    random.oneIn(3) ? `def severity(event):\n    return "HIGH" if ${condition(random, 1)} else "LOW"\n` : '',
    random.oneIn(3)
      ? `def alert_context(event):\n    return {"a": ${value(random, 1)}, "b": ${value(random, 1)}}\n`
      : '',
  ];
  return lines.join('');
}

function block(random: Random, depth: number, names: readonly string[]): string {
  return random
    .some(depth, () => statement(random, names))
    .map((line) => `    ${line}\n`)
    .join('');
}

function statement(random: Random, names: readonly string[]): string {
  switch (random.below(7)) {
    case 0:
      return `x = ${value(random, 2, names)}`;
    case 1:
      return `for y in ${collection(random)}:\n        if ${condition(random, 1, ['y', ...names])}:\n            return ${random.pick(['True', 'False'])}`;
    case 2:
      return `try:\n        x = ${value(random, 2, names)}\n    except (KeyError, TypeError, AttributeError):\n        return False`;
    default:
      return `if ${condition(random, 2, names)}:\n        return ${random.pick(['True', 'False', condition(random, 1, names)])}`;
  }
}

function condition(random: Random, depth: number, names: readonly string[] = []): string {
  const value1 = value(random, depth - 1, names);
  switch (random.below(depth > 0 ? 14 : 6)) {
    case 0:
      return `${value1} == ${scalar(random)}`;
    case 1:
      return `${value1} ${random.pick(['!=', '<', '<=', '>', '>=', 'is', 'is not'])} ${random.pick(['None', ...NUMBERS, ...TEXTS])}`.replace(
        /is (not )?[^N ].*$/,
        'is $1None',
      );
    case 2:
      return `${value1} ${random.pick(['in', 'not in'])} ${collection(random)}`;
    case 3:
      return `${scalar(random)} in ${value1}`;
    case 4:
      return `${text(random)}.${random.pick(['startswith', 'endswith'])}(${random.pick([...TEXTS, '("x", "a")'])})`;
    case 5:
      return `bool(${value1})`;
    case 6:
    case 7:
      return `(${condition(random, depth - 1, names)} and ${condition(random, depth - 1, names)})`;
    case 8:
    case 9:
      return `(${condition(random, depth - 1, names)} or ${condition(random, depth - 1, names)})`;
    case 10:
      return `not ${condition(random, depth - 1, names)}`;
    case 11:
      return `${random.pick(['any', 'all'])}(${condition(random, 0, ['z'])} for z in ${collection(random)})`;
    case 12:
      return names.includes('helper')
        ? `helper(${value1})`
        : `isinstance(${value1}, ${random.pick(['str', 'int', 'list', 'dict', '(str, bool)'])})`;
    default:
      return `(${condition(random, depth - 1)} if ${condition(random, depth - 1)} else ${condition(random, depth - 1)})`;
  }
}

function value(random: Random, depth: number, names: readonly string[] = []): string {
  const key = random.pick(KEYS);
  const variables = names.filter((name) => name !== 'helper');
  if (variables.length > 0 && random.oneIn(2)) return random.pick(variables);
  switch (random.below(depth > 0 ? 13 : 6)) {
    case 0:
      return `event.get('${key}')`;
    case 1:
      return `event.get('${key}', ${scalar(random)})`;
    case 2:
      return `event['${key}']`;
    case 3:
      return `event.deep_get('d', '${key}'${random.oneIn(2) ? `, default=${scalar(random)}` : ''})`;
    case 4:
      return scalar(random);
    case 5:
      return `event.get('${key}') or ${scalar(random)}`;
    case 6:
      return `len(${value(random, depth - 1, names)})`;
    case 7:
      return `${text(random)}.${random.pick(['lower()', 'upper()', 'strip()', "split('.')", "replace('a', 'b')", 'title()', "split('.')[0]", "partition('.')[2]", 'isdigit()'])}`;
    case 8:
      return `str(${value(random, depth - 1, names)})`;
    case 9:
      return `int(${value(random, depth - 1, names)})`;
    case 10:
      return `${value(random, depth - 1, names)} ${random.pick(['+', '-', '*', '%'])} ${value(random, depth - 1, names)}`;
    case 11:
      return `${value(random, depth - 1, names)}[${random.pick(['0', '-1', '1:', ':2', "'a'"])}]`;
    default:
      return `[z for z in ${collection(random)} if ${condition(random, 0, ['z'])}]`;
  }
}

function text(random: Random): string {
  return random.pick([
    "event.get('s', '')",
    "event.get('a', 'x')",
    "str(event.get('n'))",
    "event.deep_get('d', 'a', default='')",
    "event.get('s')",
  ]);
}

function collection(random: Random): string {
  return random.pick([
    "event.get('l', [])",
    "event.get('l') or []",
    "event.get('d', {})",
    'NAMES',
    `(${scalar(random)}, ${scalar(random)})`,
    `[${scalar(random)}]`,
    "event.get('s', '')",
    "event.deep_get('d', 'l', default=[])",
  ]);
}

function scalar(random: Random): string {
  return random.oneIn(2) ? random.pick(TEXTS) : random.pick([...NUMBERS, 'True', 'False', 'None', "['x']"]);
}

const VALUES = [
  '"x"',
  '"X"',
  '""',
  '"a.b"',
  '"10"',
  '"root"',
  '"é"',
  '1',
  '0',
  '10',
  '2.5',
  '9007199254740993',
  'true',
  'false',
  'null',
  '[]',
  '["x",1,null]',
  '["a.b","X"]',
  '{}',
  '{"a":"x","l":["x"]}',
  '{"n":1,"s":null}',
] as const;

/** An event as JSON: the keys that rules read, with values of any type. */
export function pythonEvent(random: Random): string {
  const members = random.some(7, () => `"${random.pick(KEYS.slice(0, 8))}":${random.pick(VALUES)}`);
  return `{${members.join(',')}}`;
}
