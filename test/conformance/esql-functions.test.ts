import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { query } from '../../src/index.ts';
import { folder, lines } from '../cli/harness.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/** Each signature of Elasticsearch's functions and operators binds here, and gives the type that it gives there. */
const { there, asPinned } = inputs(['esql/functions.json'], '5cd6b78b4776');

interface EsqlFunction {
  readonly name: string;
  readonly kind: string;
  readonly params: readonly string[];
  /** Lists of parameter types, by the type of the result. */
  readonly signatures?: Readonly<Record<string, readonly string[]>>;
}

/** A column of each type that a query here may have. */
const COLUMNS: Readonly<Record<string, string>> = {
  boolean: 'truth',
  integer: 'whole',
  long: 'wide',
  unsigned_long: 'unsigned',
  double: 'real',
  keyword: 'word',
  text: 'words',
  ip: 'address',
  version: 'release',
  date: 'day',
  date_nanos: 'instant',
  geo_point: 'place',
};

const CONSTANTS: Readonly<Record<string, string>> = {
  boolean: 'true',
  integer: '2',
  long: '3000000000',
  unsigned_long: '9223372036854775809',
  double: '1.5',
  keyword: '"a"',
  ip: '"10.0.0.1"::ip',
  version: '"1.2"::version',
  date: '"2024-01-01"::date',
  date_nanos: '"2024-01-01"::date_nanos',
  date_period: '1 day',
  time_duration: '1 hour',
};

/** Parameters whose value has to be one of a few. */
const WORDS: Readonly<Record<string, string>> = {
  order: '"asc"',
  unit: '"day"',
  datePart: '"year"',
  algorithm: '"md5"',
  dateFormat: '"yyyy"',
  from: '"2024-01-01"',
  to: '"2024-02-01"',
};

const INFIX: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  equals: '==',
  not_equals: '!=',
  greater_than: '>',
  greater_than_or_equal: '>=',
  less_than: '<',
  less_than_or_equal: '<=',
  match_operator: ':',
};

function written(name: string, args: readonly string[]): string {
  const [first = '', ...others] = args;
  const sign = INFIX[name];
  if (sign !== undefined) return `${first} ${sign} ${others.join()}`;
  switch (name) {
    case 'neg':
      return `-(${first})`;
    case 'in':
    case 'not_in':
      return `${first} ${name === 'in' ? 'IN' : 'NOT IN'} (${others.join(', ')})`;
    case 'is_null':
    case 'is_not_null':
      return `${first} IS ${name === 'is_null' ? '' : 'NOT '}NULL`;
    case 'like':
    case 'rlike':
    case 'not_like':
    case 'not_rlike':
      return `${first} ${name.replace('_', ' ')} "a.*"`;
    default:
      return `${name}(${args.join(', ')})`;
  }
}

function queryOf(kind: string, name: string, expr: string): string {
  if (kind === 'agg') return `FROM types | STATS r = ${expr}`;
  if (kind === 'grouping') return `FROM types | STATS BY r = ${expr}`;
  if (/^(?:kql|qstr|match.*)$/.test(name)) return `FROM types | WHERE ${expr} | EVAL r = true | KEEP r`;
  return `FROM types | EVAL r = ${expr} | KEEP r`;
}

/** Signatures that do not bind here, and why. */
const REFUSED: readonly (readonly [signature: RegExp, reason: string])[] = [
  [/^clamp.*unsigned_long/, 'an unsigned number is compared with unsigned ones only'],
  [/^(?:kql|qstr|mv_r?like)\(.*text.*\)/, 'the query and the pattern are constants, which are never text'],
  [/^(?:add|sub|neg|to_dateperiod|to_timeduration)\(.*\) (?:date_period|time_duration)$/, 'a timespan is no column'],
  [/^sub\((?:date_period|time_duration), date(?:_nanos)?\)/, 'no moment is taken from a timespan'],
  [/^tbucket\(.*date_nanos$/, 'it is of the type of `@timestamp`, a date here'],
  [/^trange\((?:long|keyword)/, 'a stretch of time has moments as its bounds'],
];

describe.skipIf(!there)('functions of ES|QL', () => {
  const all: readonly EsqlFunction[] = there
    ? JSON.parse(readFileSync(join(corpora, 'esql/functions.json'), 'utf8'))
    : [];

  test('each signature', async () => {
    const header = `@timestamp:date,${Object.entries(COLUMNS).map(([type, name]) => `${name}:${type}`)}`;
    const row =
      '2024-01-01T00:00:00Z,true,3,4,5,1.5,abc,some text,10.0.0.1,1.2.3,2024-01-02T03:04:05Z,2024-01-02T03:04:05Z,POINT (1 2)';
    const tables = new Map([['types', [join(folder({ 'types.csv': lines(header, row) }), 'types.csv')]]]);
    const [unsupported, wrong] = [new Set<string>(), new Map<string, string>()];
    let good = 0;
    for (const { name, kind, params, signatures } of all) {
      if (name === 'cast') continue;
      for (const [result, lists] of Object.entries(signatures ?? {})) {
        for (const list of lists) {
          const types = list
            .replace(/ …$/, '')
            .split(', ')
            .map((type) => type.replace(/\?$/, ''));
          const given = types.filter((type) => type !== 'function_named_parameters' && type !== '');
          const isKnown = (type: string): boolean => type in COLUMNS || type in CONSTANTS;
          if (!given.every(isKnown) || !isKnown(result)) continue;
          const ways = (['first', 'columns', 'constants'] as const).map((way) =>
            given.map((type, place) => {
              const isColumn = way === 'columns' || (way === 'first' && place === 0);
              const word = /keyword|text/.test(type) ? WORDS[String(params[place]).replace('?', '')] : undefined;
              return (
                (way === 'columns' ? undefined : word) ??
                (isColumn ? COLUMNS[type] : CONSTANTS[type]) ??
                COLUMNS[type] ??
                CONSTANTS[type] ??
                ''
              );
            }),
          );
          const said: string[] = [];
          for (const args of ways) {
            const found = await query(queryOf(kind, name, written(name, args)), { language: 'esql', tables });
            if (found.diagnostics.some(({ code }) => code === 'unsupported/esql-function')) unsupported.add(name);
            const type = found.ok ? found.columns[0]?.type : found.diagnostics.map(({ message }) => message).join();
            if (type === result) said.splice(0, said.length, 'as there');
            if (said[0] !== 'as there') said.push(String(type));
          }
          if (said[0] === 'as there') good += 1;
          else if (!unsupported.has(name)) wrong.set(`${name}(${given.join(', ')}) ${result}`, said.join(' | '));
        }
      }
    }
    const unexplained = [...wrong].filter(([signature]) => !REFUSED.some(([known]) => known.test(signature)));
    console.log(`${good} signatures bind, ${wrong.size} do not; ${unsupported.size} functions are unsupported`);
    expect(unexplained).toEqual([]);
    if (asPinned) expect([good, wrong.size]).toEqual([1529, 45]);
  });
});
