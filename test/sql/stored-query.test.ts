import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringifyJson } from '../../src/base/json.ts';
import { type QueryOptions, type QueryResult, query } from '../../src/query/query.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-stored-'));
  const instance = await DuckDBInstance.create(at('tables.duckdb'));
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE DeviceProcessEvents AS SELECT
      TIMESTAMP '2024-01-01 00:00:00.5' + to_minutes(i) AS TimeGenerated,
      'host' || (i % 3) AS DeviceName, i AS ProcessId,
      CASE i % 4 WHEN 0 THEN 'DumpCap.exe' WHEN 1 THEN NULL ELSE 'cmd.exe' END AS FileName,
      'run "x" -w ' || i || ' É' AS ProcessCommandLine,
      {'a': i, 'b': [i]} AS AdditionalFields
      FROM range(40) t(i)`);
  await connection.run(`COPY DeviceProcessEvents TO '${at('all.parquet')}' (FORMAT parquet)`);
  await connection.run(
    `COPY (SELECT 9223372036854775807 AS Big, 'x' AS Name) TO '${at('big.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  await writeFile(at('broken.parquet'), 'PAR1 and no more');
  await writeFile(at('ragged.csv'), 'Name,Count\na,1\nb,2,3\nc,4\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function ask(
  text: string,
  tables: Readonly<Record<string, readonly string[]>>,
  more: Partial<QueryOptions> = {},
): Promise<QueryResult> {
  return query(text, { language: 'kusto', tables: new Map(Object.entries(tables)), engine: 'duckdb', ...more });
}

const rowsOf = ({ rows }: QueryResult): readonly string[] => rows.map(stringifyJson);
const codesOf = ({ diagnostics }: QueryResult): readonly string[] => diagnostics.map(({ code }) => code);

const QUERIES: readonly string[] = [
  'DeviceProcessEvents | where FileName has "dumpcap" | project TimeGenerated, ProcessId, FileName, AdditionalFields',
  'DeviceProcessEvents | where TimeGenerated > ago(10m) | summarize count(), max(ProcessId), avg(ProcessId) by DeviceName, bin(TimeGenerated, 5m)',
  'DeviceProcessEvents | summarize arg_max(TimeGenerated, *) by DeviceName',
  'DeviceProcessEvents | summarize make_set(FileName), dcount(FileName) by DeviceName | sort by DeviceName asc',
  'DeviceProcessEvents | where ProcessId > 3 | join kind=leftanti (DeviceProcessEvents | where FileName =~ "CMD.EXE") on ProcessId | project ProcessId',
  'DeviceProcessEvents | join (DeviceProcessEvents | where ProcessId < 5) on DeviceName | project ProcessId, ProcessId1 | top 7 by ProcessId desc',
  'DeviceProcessEvents | extend a = tolong(AdditionalFields.a) | where a % 7 == 0 and ProcessCommandLine contains "é" | project a, AdditionalFields.b',
  'let hosts = DeviceProcessEvents | where FileName == "DumpCap.exe" | distinct DeviceName; DeviceProcessEvents | where DeviceName in (hosts) | count',
  'DeviceProcessEvents | make-series n = count() on TimeGenerated from datetime(2024-01-01) to datetime(2024-01-01 01:00) step 10m',
  'union DeviceProcessEvents, (DeviceProcessEvents | where ProcessId == 1) | count',
  'DeviceProcessEvents | where FileName == "cmd.exe"',
];

describe('a query over stored tables', () => {
  it.each(QUERIES)('gives what the memory engine gives: %s', async (text) => {
    for (const file of ['all.parquet', 'tables.duckdb']) {
      const tables = { DeviceProcessEvents: [at(file)] };
      const wanted = await ask(text, tables, { engine: 'memory' });
      const found = await ask(text, tables);
      expect(codesOf(found)).toEqual([]);
      expect(rowsOf(wanted).length).toBeGreaterThan(0);
      expect(rowsOf(found)).toEqual(rowsOf(wanted));
      expect(found.columns).toEqual(wanted.columns);
    }
  });

  it('says what DuckDB is asked, and what is left', async () => {
    const tables = { DeviceProcessEvents: [at('all.parquet')] };
    const { plan, rows } = await ask(
      'DeviceProcessEvents | where ProcessId > 3 and FileName matches regex "^c"',
      tables,
      { plans: true },
    );
    expect(plan).toContain('FROM read_parquet(');
    expect(plan).toContain('"ProcessId" > 3::BIGINT');
    expect(plan).toContain('-- where is not in SQL: regexes');
    expect(plan).toContain('regex');
    expect(rows).toEqual([]);
  });

  it('reads rows of any form as it reads them without DuckDB', async () => {
    const found = await ask('T | summarize n = sum(toint(Count)) by Name', { T: [at('ragged.csv')] });
    expect(codesOf(found)).toEqual(['logs/csv']);
    const wanted = await query('T | summarize n = sum(toint(Count)) by Name', {
      language: 'kusto',
      tables: new Map([['T', [at('ragged.csv')]]]),
    });
    expect(rowsOf(found)).toEqual(rowsOf(wanted));
    expect(rowsOf(found)).toContain('["a",1]');
  });
});

describe('what cannot be read or said', () => {
  it('is named, with what to do', async () => {
    const found = await ask('T | count', { T: [at('broken.parquet')] });
    expect(found.ok).toBe(false);
    expect(codesOf(found)).toEqual(['stored/unreadable']);
    expect(found.diagnostics[0]?.message).toContain('broken.parquet');
    expect(found.diagnostics[0]?.hints.join()).toContain('Parquet');
  });

  it('is a DuckDB file that is damaged', async () => {
    const file = await open(at('tables.duckdb'), 'r');
    const bytes = await file.readFile();
    await file.close();
    bytes.writeUInt32LE(9_999, 12);
    await writeFile(at('newer.duckdb'), bytes);
    const found = await ask('T | count', { T: [at('newer.duckdb')] });
    expect(codesOf(found)).toEqual(['stored/unreadable']);
    expect(found.diagnostics[0]?.message).toMatch(/newer.duckdb: .*checksum/);
  });

  it('is a table that a DuckDB file lacks, files of several kinds, logs beside, another language', async () => {
    expect(codesOf(await ask('T | count', { T: [at('tables.duckdb')] }))).toEqual(['stored/unreadable']);
    expect(codesOf(await ask('T | count', { T: [at('all.parquet'), at('ragged.csv')] }))).toEqual(['stored/mixed']);
    expect(codesOf(await ask('T | count', { T: [at('all.parquet')] }, { logs: [at('ragged.csv')] }))).toEqual([
      'stored/logs',
    ]);
    expect(codesOf(await ask('a: b', { T: [at('all.parquet')] }, { language: 'kuery' }))).toEqual(['stored/language']);
  });

  it('leaves numbers beyond 64 bits to the memory engine, and says so', async () => {
    const tables = { T: [at('big.parquet')] };
    const found = await ask('T | extend n = Big + 1 | project n', tables);
    expect(codesOf(found)).toEqual(['stored/in-memory']);
    expect(rowsOf(found)).toEqual(
      rowsOf(await ask('T | extend n = Big + 1 | project n', tables, { engine: 'memory' })),
    );
  });

  it('stops a join that explodes', async () => {
    const tables = { DeviceProcessEvents: [at('all.parquet')] };
    const text = 'DeviceProcessEvents | extend k = 1 | join kind=inner (DeviceProcessEvents | extend k = 1) on k';
    const found = await ask(text, tables, { rowLimits: { rows: 1000, seconds: 60 } });
    expect(codesOf(found)).toEqual(['run/limit']);
    const pairs = Array.from(
      { length: 9 },
      () => '| join kind=inner (DeviceProcessEvents | extend k = 1) on k | project k',
    ).join(' ');
    const late = await ask(`DeviceProcessEvents | extend k = 1 ${pairs} | count`, tables, {
      rowLimits: { rows: 1000, seconds: 1 },
    });
    expect(codesOf(late)).toEqual(['run/limit']);
    expect(late.diagnostics[0]?.message).toContain('1 seconds');
  });
});
