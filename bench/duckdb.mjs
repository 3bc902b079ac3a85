// `node bench/duckdb.mjs [ROWS] [MORE]`: queries over Parquet files by `query --engine duckdb` against SQL by hand in the same DuckDB: the
// rule for packet capture over ROWS process starts and as many image loads (by itself 100,000), and five others over MORE rows (1,000,000).
// Data is made, from counters. The full sizes are 1000000 and 10000000. Both sides run in turn, in one process, and their results are compared.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';

const root = resolve(import.meta.dirname, '..');
const rows = Number(process.argv[2] ?? 100_000);
const more = Number(process.argv[3] ?? 1_000_000);
const turns = 3;
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-bench-duckdb-'));
const { query } = await import(join(root, 'dist/index.js'));

/** Fourteen days from here. */
const START = `TIMESTAMP '2024-01-01'`;
const time = (count) => `${START} + to_microseconds(i * ${Math.floor((14 * 86_400_000_000) / count)})`;
const process_ = (count) => `
  SELECT ${time(count)} AS TimeGenerated, 'device-' || (hash(i) % 5000) AS DeviceId, 'user' || (hash(i + 4) % 2000) AS AccountName,
    (hash(i + 7) % 50000)::BIGINT AS ProcessId,
    CASE hash(i + 1) % 1000 WHEN 0 THEN 'Dumpcap.exe' WHEN 1 THEN 'tcpdump' ELSE 'process' || (hash(i + 1) % 300) || '.exe' END AS FileName,
    'C:\\Windows\\System32\\' || CASE WHEN hash(i + 2) % 3000 = 0 THEN 'tshark -i eth0 -w ' ELSE 'cmd /c ' END
      || repeat('arg' || (hash(i + 3) % 1000) || ' --option=value/', 7) || 'end ' || i AS ProcessCommandLine
  FROM range(${count}) t(i)`;
const image = (count) => `
  SELECT ${time(count)} + INTERVAL 1 MINUTE AS TimeGenerated, 'device-' || (hash(i) % 5000) AS DeviceId,
    (hash(i + 7) % 50000)::BIGINT AS InitiatingProcessId,
    CASE hash(i + 9) % 500 WHEN 0 THEN 'Npcap.dll' WHEN 1 THEN 'wpcap.dll' ELSE 'module' || (hash(i + 9) % 500) || '.dll' END AS FileName
  FROM range(${count}) t(i)`;

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
const file = async (name, select) => {
  const path = join(scratch, `${name}.parquet`);
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  return path;
};

const has = (column, words) => `regexp_matches(lower(${column}), '(^|[^0-9a-z])(${words.join('|')})($|[^0-9a-z])')`;
const tools = ['tcpdump', 'dumpcap', 'tshark'];
const libraries = ['npcap', 'wpcap'];

const cases = [
  {
    name: 'packet capture: join of two tables',
    size: rows,
    limit: 1.2,
    kusto: `DeviceProcessEvents
      | where TimeGenerated > datetime(2024-01-02) and (FileName has_any ("tcpdump", "dumpcap", "tshark") or ProcessCommandLine has_any ("tcpdump", "dumpcap", "tshark"))
      | project Started = TimeGenerated, DeviceId, ProcessId, FileName, ProcessCommandLine
      | join kind=inner (DeviceImageLoadEvents | where FileName has_any ("npcap", "wpcap") | project Loaded = TimeGenerated, DeviceId, Library = FileName) on DeviceId
      | where Loaded between (Started .. (Started + 1h))
      | summarize Loads = count(), Libraries = dcount(Library), Last = max(Loaded) by DeviceId, FileName`,
    sql: (p, i) => `
      SELECT p.DeviceId, p.FileName, count(*), count(DISTINCT i.FileName), max(i.TimeGenerated)
      FROM (SELECT * FROM '${p}' WHERE TimeGenerated > TIMESTAMP '2024-01-02' AND (${has('FileName', tools)} OR ${has('ProcessCommandLine', tools)})) p
      JOIN (SELECT * FROM '${i}' WHERE ${has('FileName', libraries)}) i
        ON p.DeviceId = i.DeviceId AND i.TimeGenerated BETWEEN p.TimeGenerated AND p.TimeGenerated + INTERVAL 1 HOUR
      GROUP BY ALL`,
  },
  {
    name: 'join on device and process',
    size: more,
    limit: 1.5,
    kusto: `DeviceProcessEvents | where ProcessId < 500 | project DeviceId, ProcessId, AccountName
      | join kind=inner (DeviceImageLoadEvents | project DeviceId, ProcessId = InitiatingProcessId, FileName) on DeviceId, ProcessId
      | summarize n = count(), modules = dcount(FileName) by AccountName`,
    sql: (p, i) => `
      SELECT AccountName, count(*), count(DISTINCT i.FileName) FROM '${p}' p
      JOIN '${i}' i ON p.DeviceId = i.DeviceId AND p.ProcessId = i.InitiatingProcessId WHERE p.ProcessId < 500 GROUP BY 1`,
  },
  {
    name: 'summarize by bin',
    size: more,
    limit: 1.5,
    kusto:
      'DeviceProcessEvents | summarize n = count(), users = dcount(AccountName) by DeviceId, bin(TimeGenerated, 1d)',
    sql: (p) =>
      `SELECT DeviceId, time_bucket(INTERVAL 1 DAY, TimeGenerated) b, count(*), count(DISTINCT AccountName) FROM '${p}' GROUP BY 1, 2`,
  },
  {
    name: 'arg_max',
    size: more,
    limit: 1.5,
    kusto: 'DeviceProcessEvents | summarize arg_max(TimeGenerated, ProcessId, FileName) by DeviceId',
    sql: (p) =>
      `SELECT DeviceId, arg_max(struct_pack(t := TimeGenerated, p := ProcessId, f := FileName), TimeGenerated) FROM '${p}' GROUP BY 1`,
  },
  {
    name: 'make-series',
    size: more,
    limit: 1.5,
    kusto: `DeviceProcessEvents
      | make-series n = count() on TimeGenerated from datetime(2024-01-01) to datetime(2024-01-15) step 1d by AccountName`,
    sql: (p) => `
      WITH counted AS (
        SELECT AccountName, date_diff('day', ${START}, TimeGenerated) AS d, count(*) AS n FROM '${p}' GROUP BY 1, 2),
      days AS (SELECT a.AccountName, r.d FROM (SELECT DISTINCT AccountName FROM counted) a, range(14) r(d))
      SELECT days.AccountName, list(coalesce(n, 0) ORDER BY days.d) FROM days LEFT JOIN counted USING (AccountName, d) GROUP BY 1`,
  },
  {
    name: 'leftanti against 14 days',
    size: more,
    limit: 1.5,
    kusto: `DeviceImageLoadEvents | where TimeGenerated > datetime(2024-01-14)
      | distinct DeviceId, InitiatingProcessId
      | join kind=leftanti (DeviceProcessEvents | where TimeGenerated < datetime(2024-01-14)) on DeviceId, $left.InitiatingProcessId == $right.ProcessId
      | summarize n = count() by DeviceId`,
    sql: (p, i) => `
      SELECT DeviceId, count(*) FROM (SELECT DISTINCT DeviceId, InitiatingProcessId FROM '${i}' WHERE TimeGenerated > TIMESTAMP '2024-01-14') l
      WHERE NOT EXISTS (SELECT 1 FROM '${p}' p WHERE p.TimeGenerated < TIMESTAMP '2024-01-14' AND p.DeviceId = l.DeviceId AND p.ProcessId = l.InitiatingProcessId)
      GROUP BY 1`,
  },
];

try {
  const files = new Map();
  for (const size of new Set([rows, more])) {
    files.set(size, [await file(`process-${size}`, process_(size)), await file(`image-${size}`, image(size))]);
  }
  for (const { name, size, kusto, sql, limit } of cases) {
    const [processes, images] = files.get(size);
    const tables = new Map([
      ['DeviceProcessEvents', [processes]],
      ['DeviceImageLoadEvents', [images]],
    ]);
    const ours = [];
    const byHand = [];
    let found = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      let start = performance.now();
      const { rows: made } = await (await connection.run(sql(processes, images)))
        .getRows()
        .then((got) => ({ rows: got }));
      byHand.push(performance.now() - start);
      start = performance.now();
      const result = await query(kusto, { language: 'kusto', tables, engine: 'duckdb' });
      ours.push(performance.now() - start);
      if (!result.ok || result.rows.length !== made.length)
        throw new Error(`${name}: ${result.rows.length} rows, by hand ${made.length}`);
      found = made.length;
    }
    const [a, b] = [Math.min(...ours), Math.min(...byHand)];
    const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
    console.log(
      `${name.padEnd(36)} ${(a / b).toFixed(2)}× (at most ${limit}×)  ${a.toFixed(0)} ms, by hand ${b.toFixed(0)} ms; ${size.toLocaleString('en-US')} rows, ${found.toLocaleString('en-US')} out; ${memory} MB resident`,
    );
  }
} finally {
  connection.closeSync();
  instance.closeSync();
  rmSync(scratch, { recursive: true });
}
