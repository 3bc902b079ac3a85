import { describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { runQuery } from '../../src/engines/memory/index.ts';
import type { GivenRows, Schema } from '../../src/ir/view.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { bindRows } from '../../src/passes/bind.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { displayText } from '../../src/values/text-of.ts';

/** Operators and plugins from their text to their rows, in the reference engine; columns that only the rows know come last. */
function rows(query: string, schema: Schema = kustoSchema): readonly string[] {
  const { ast, diagnostics } = parseKusto(sourceText('q', query));
  const lowered = lowerKusto(ast, schema, { allColumns: true });
  if (!lowered.ok) throw new Error([...diagnostics, ...lowered.diagnostics].map(({ message }) => message).join('; '));
  const { plan, shared, columns } = lowered.value;
  const bound = { shared: shared.map((one) => ({ ...one, plan: bindRows(one.plan) })), result: bindRows(plan) };
  const known = columns.map(({ name }) => name);
  return runQuery(bound, () => [], { now: fromEpochMs(0) }).map((row) => {
    const more = [...row.columns.keys()].filter((name) => !known.includes(name)).sort();
    return [...known, ...more].map((name) => `${name}=${displayText(row.columns.get(name)) ?? ''}`).join(' ');
  });
}

const T = 'datatable (k: string, n: long) ["a", 1, "b", 2, "a", 3, "c", 2]';

describe('scan', () => {
  test('a step remembers the last row that fitted it', () => {
    const query = `${T} | scan declare (sum: long = 0) with (step s: true => sum = n + s.sum;) | project n, sum`;
    expect(rows(query)).toEqual(['n=1 sum=1', 'n=2 sum=3', 'n=3 sum=6', 'n=2 sum=8']);
  });

  test('steps follow each other, and a sequence has its number', () => {
    const events =
      'datatable (t: long, e: string) [0, "x", 1, "start", 2, "y", 4, "stop", 6, "z", 8, "start", 12, "stop"]';
    const query = `${events} | scan with_match_id = m with (
      step s1: e == "start";
      step s2: e != "start" and e != "stop" and t - s1.t <= 5;
      step s3: e == "stop" and t - s1.t <= 5;
    )`;
    expect(rows(query)).toEqual(['t=1 e=start m=0', 't=2 e=y m=0', 't=4 e=stop m=0', 't=8 e=start m=1']);
  });

  test('a step may give its last row, or none', () => {
    const query = `${T} | scan declare (s: long) with (step a output = none: k == "a" => s = n; step b output = last: k != "a" => s = a.s;)`;
    expect(rows(query)).toEqual(['k=b n=2 s=1', 'k=c n=2 s=3']);
  });
});

describe('plugins', () => {
  test('pivot makes a column for each value, with what the aggregate is of nothing where there are no rows', () => {
    const query = 'datatable (who: string, what: string) ["u", "x", "u", "x", "v", "y"] | evaluate pivot(what)';
    expect(rows(query)).toEqual(['who=u x=2 y=0', 'who=v x=0 y=1']);
    expect(
      rows(`${query.replace('pivot(what)', 'pivot(what, count(), who) : (who: string, x: long, z: long)')}`),
    ).toEqual(['who=u x=2 z=', 'who=v x=0 z=']);
  });

  test('bag_unpack makes columns of members', () => {
    const bags = 'datatable (k: string, d: dynamic) ["a", dynamic({"x": 1, "k": 2}), "b", dynamic({"y": "z"})]';
    expect(rows(`${bags} | evaluate bag_unpack(d)`)).toEqual(['k=a x=1', 'k=b y=z']);
    expect(rows(`${bags} | evaluate bag_unpack(d, "p_") | where p_x == 1`)).toEqual(['k=a p_k=2 p_x=1']);
    expect(rows(`${bags} | evaluate bag_unpack(d, columnsConflict="replace_source") | project k`)).toEqual([
      'k=2',
      'k=b',
    ]);
  });

  test('narrow makes a row of each cell', () => {
    expect(rows(`${T} | take 1 | evaluate narrow()`)).toEqual(['Row=0 Column=k Value=a', 'Row=0 Column=n Value=1']);
  });

  test('ipv4_lookup joins by networks', () => {
    const nets = 'datatable (net: string, name: string) ["10.0.0.0/8", "inside"]';
    const query = `datatable (ip: string) ["10.1.2.3", "8.8.8.8"] | evaluate ipv4_lookup(${nets}, ip, net`;
    expect(rows(`${query})`)).toEqual(['ip=10.1.2.3 net=10.0.0.0/8 name=inside']);
    expect(rows(`${query}, return_unmatched = true) | project ip, name`)).toEqual([
      'ip=10.1.2.3 name=inside',
      'ip=8.8.8.8 name=',
    ]);
  });
});

describe('other operators', () => {
  test('parse-kv', () => {
    const query = (text: string, how: string): string =>
      `print s = '${text}' | parse-kv s as (a: long, b: string) ${how} | project a, b`;
    const plain = 'with (pair_delimiter = ";", kv_delimiter = "=")';
    expect(rows(query('b=x y; a=1;a=2', plain))).toEqual(['a=1 b=x y']);
    expect(rows(query('a=1', plain))).toEqual(['a=1 b=']);
    expect(rows(query('12:00 [INFO] a:5 b:ok', ''))).toEqual(['a=5 b=ok']);
  });

  test('top-nested, top-hitters', () => {
    expect(rows(`${T} | top-nested 1 of k by sum(n), top-nested 1 of n by count()`)).toEqual([
      'k=a aggregated_k=4 n=1 aggregated_n=1',
    ]);
    expect(rows(`${T} | top-hitters 1 of k`)).toEqual(['k=a approximate_count_k=2']);
  });

  test('row_window_session begins anew after a gap', () => {
    const times =
      'datatable (t: datetime) [datetime(2024-01-01 10:00), datetime(2024-01-01 10:04), datetime(2024-01-01 11:00)]';
    expect(rows(`${times} | sort by t asc | extend s = row_window_session(t, 1h, 5m) | project n = s == t`)).toEqual([
      'n=true',
      'n=false',
      'n=true',
    ]);
  });

  test('a function of several values gives the columns that are named, or all of them', () => {
    const query = 'print x = dynamic([1, 2, 3])';
    expect(rows(`${query} | project (r, s) = series_fit_line(x)`)).toEqual(['r=1 s=1']);
    expect(rows(`${query} | project series_fft(x)`)[0]).toMatch(/^series_fft_x_real=.* series_fft_x_imag=/);
  });
});

describe('what the user gives', () => {
  const list: GivenRows = {
    columns: ['ip', 'why'],
    rows: [['10.0.0.1', 'test']],
    lines: ['ip,why', '10.0.0.1,test'],
    named: false,
  };
  const schema: Schema = {
    ...kustoSchema,
    given: (kind, name) => (name === (kind === 'watchlist' ? 'bad' : 'https://x/y.csv') ? list : undefined),
    savedFunction: (name) => (name === 'twice' ? sourceText('f', 'let twice = (x: long) { 2 * x };') : undefined),
  };

  test('watchlists, externaldata and saved functions', () => {
    expect(rows("_GetWatchlist('bad') | project SearchKey, why", schema)).toEqual(['SearchKey=10.0.0.1 why=test']);
    const external = 'externaldata (ip: string, why: string) ["https://x/y.csv"]';
    expect(rows(`${external} with (ignoreFirstRecord = true)`, schema)).toEqual(['ip=10.0.0.1 why=test']);
    expect(rows(`${external} | count`, schema)).toEqual(['Count=2']);
    expect(rows('print x = twice(4)', schema)).toEqual(['x=8']);
  });

  test('without its rows a query loads, says what to give, and does not run', () => {
    const query = "_GetWatchlist('other') | where ip == 'x'";
    const { ast } = parseKusto(sourceText('q', query));
    const lowered = lowerKusto(ast, schema, {});
    expect([lowered.ok, lowered.diagnostics.map(({ code }) => code)]).toEqual([true, ['kusto/not-given']]);
    expect(() => rows(query, schema)).toThrow('--watchlist other=FILE');
  });
});
