import { modifiers } from '../../src/languages/sigma/modifiers.ts';
import type { Random } from '../engine/random.ts';

const MODIFIERS: readonly string[] = [...modifiers.keys()];

const KEYS =
  'title id name status description logsource product category service definition detection condition timeframe level tags correlation type rules group-by timespan aliases generate filter selection fields falsepositives related';

export const SIGMA_WORDS: readonly string[] = [
  ...MODIFIERS.map((name) => `|${name}`),
  ...KEYS.split(' ').map((key) => `${key}: `),
  ...[
    'event_count',
    'value_count',
    'temporal',
    'temporal_ordered',
    'value_sum',
    'value_avg',
    'gte',
    'lt',
    'eq',
    '5m',
    '1h',
    '30d',
  ],
  ...[
    '1 of them',
    'all of sel*',
    'not',
    'and',
    'or',
    '|',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ': ',
    '\n  ',
    '\n    ',
    '---\n',
    'null',
    'true',
    "''",
    '*',
    '?',
    '\\',
    '\\*',
  ],
  ...[
    'windows',
    'process_creation',
    'Image',
    'CommandLine',
    'EventID',
    '%placeholder%',
    '10.0.0.0/8',
    '&x',
    '*x',
    '<<: ',
  ],
];

/** Fields that records have, flat and in depth, in other cases and in another shape than is usual. */
const FIELDS: readonly string[] = ['a', 'b', 'c', 'id', 'a.b', 'Image', 'CommandLine', 'EventID', 'User'];

/** Texts that are about those of records: in another case, with what has a meaning in patterns, in numbers. */
const TEXTS: readonly string[] = [
  ...[
    'x',
    'X',
    'mimikatz',
    'Mimi*',
    '*katz',
    'cmd.exe',
    '\\cmd.exe',
    'C:\\\\x\\cmd.exe',
    'pow?rshell',
    'K',
    '\u212a',
    'ß',
    'İ',
    '',
    '*',
    '?',
    '10',
  ],
  ...['-enc', '/c', 'a b', '"q"', 'whoami', '1e3', 'true', 'ſ', 'σ', 'Σ', '\\*', '\\\\'],
];

const REGEXES: readonly string[] = [
  'cmd',
  '^a?cmd\\.exe$',
  '(?:mimi|power).*',
  '[Kk]ill',
  'k+s',
  '\\d{2}',
  'a|b',
  '.*',
  '(?i)X',
  '\\\\cmd',
];

const NETWORKS: readonly string[] = ['10.0.0.0/8', '192.168.1.1/32', '::1/128', 'fe80::/10', '0.0.0.0/0'];

const WITH_TEXT: readonly string[] = [
  '',
  '',
  'contains',
  'startswith',
  'endswith',
  'cased',
  'contains|cased',
  'windash|contains',
  'base64offset|contains',
  'wide|base64',
  'neq',
  'all|contains',
];

/** A rule that means something: its fields and values are of those that records have. */
export function sigmaRule(random: Random, name: string = `r${random.below(1_000)}`): string {
  const names = ['sel', 'sel2', 'filter'].slice(0, 1 + random.below(3));
  const lines = names.map((each) => `  ${each}:\n${detection(random)}`);
  return [
    `title: ${name}`,
    `id: ${name}`,
    `logsource: ${random.pick(LOG_SOURCES)}`,
    'detection:',
    ...lines,
    `  condition: ${condition(random, names, 2)}`,
    '',
  ].join('\n');
}

const LOG_SOURCES: readonly string[] = [
  '{}',
  '{}',
  '{product: windows}',
  '{product: windows, category: process_creation}',
  '{product: linux}',
  '{product: aws, service: cloudtrail}',
];

function detection(random: Random): string {
  if (random.oneIn(6)) return random.some(3, () => `    - ${text(random)}`).join('\n') || '    - x';
  const items = [item(random), ...random.some(2, () => item(random))];
  return items.map((each) => `    ${each}`).join('\n');
}

function item(random: Random): string {
  const field = random.pick(FIELDS);
  switch (random.below(10)) {
    case 0:
      return `${field}|re${random.oneIn(3) ? '|i' : ''}: ${quoted(random.pick(REGEXES))}`;
    case 1:
      return `${field}|cidr: ${random.pick(NETWORKS)}`;
    case 2:
      return `${field}|${random.pick(['gt', 'gte', 'lt', 'lte'])}: ${random.pick([0, 1, 10, 1.5, -1])}`;
    case 3:
      return `${field}|exists: ${random.oneIn(2)}`;
    case 4:
      return `${field}|fieldref: ${random.pick(FIELDS)}`;
    case 5:
      return `${field}: ${random.pick(['null', 'true', 'false', '1', '10', '1.5', "''", '9007199254740993'])}`;
    case 6:
      return `${field}|${random.pick(MODIFIERS)}|${random.pick(MODIFIERS)}: ${text(random)}`;
    default: {
      const how = random.pick(WITH_TEXT);
      const key = how === '' ? field : `${field}|${how}`;
      return random.oneIn(2) ? `${key}: ${text(random)}` : `${key}: [${text(random)}, ${text(random)}]`;
    }
  }
}

function text(random: Random): string {
  return quoted(random.oneIn(4) ? `${random.pick(TEXTS)}${random.pick(TEXTS)}` : random.pick(TEXTS));
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function condition(random: Random, names: readonly string[], depth: number): string {
  if (depth === 0 || random.oneIn(3)) return random.pick([...names, '1 of them', 'all of sel*']);
  const left = condition(random, names, depth - 1);
  const right = condition(random, names, depth - 1);
  return random.pick([
    `not (${left})`,
    `(${left}) and (${right})`,
    `(${left}) or (${right})`,
    `${left} and not (${right})`,
  ]);
}
