// Counting rows of logs by a key in ES|QL, against the same plan in Kusto: `node bench/esql.mjs [ROWS]`, a million by default. Each query
// runs in a process of its own, over lines that another one writes as they are read.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [role, argument = ''] = process.argv.slice(2);

const QUERIES = {
  esql: 'FROM logs-azure.activitylogs-* | WHERE event.outcome == "success" | STATS n = COUNT(*), newest = MAX(@timestamp) BY azure.activitylogs.operation_name',
  kusto:
    'AzureActivity | where ActivityStatusValue =~ "Success" | summarize n = count(), newest = max(TimeGenerated) by OperationNameValue',
};

if (role === 'rows') await writeRows(Number(argument));
else if (role === 'query') await runQuery(argument);
else await compare(Number(role ?? 1_000_000));

/** Lines of an activity log with 1,000 operations, half of them successes. */
async function writeRows(count) {
  for (let at = 0; at < count; ) {
    let text = '';
    for (const end = Math.min(count, at + 1000); at < end; at += 1) {
      const time = new Date(1_700_000_000_000 + at * 10).toISOString();
      const outcome = at % 2 === 0 ? 'Success' : 'Start';
      text += `{"time":"${time}","resourceId":"/SUBSCRIPTIONS/1/RESOURCEGROUPS/G","operationName":"MICROSOFT.X/Y${(at * 7) % 1000}/WRITE","category":"Administrative","resultType":"${outcome}","correlationId":"c${at}"}\n`;
    }
    if (!process.stdout.write(text)) await new Promise((go) => process.stdout.once('drain', go));
  }
}

async function runQuery(language) {
  const { query } = await import(join(root, 'dist/index.js'));
  const { rows, read, diagnostics } = await query(QUERIES[language], { language, logs: ['-'] });
  const { userCPUTime, maxRSS } = process.resourceUsage();
  const said = diagnostics.map(({ message }) => message);
  process.stdout.write(
    JSON.stringify({ rows: rows.length, read, cpu: userCPUTime / 1e6, memory: maxRSS / 1024, said }),
  );
}

async function compare(count) {
  const esql = await measured('esql', count);
  const kusto = await measured('kusto', count);
  if (esql.rows !== kusto.rows || esql.read !== count || esql.rows === 0)
    throw new Error(JSON.stringify({ esql, kusto }));
  const method = `${count} records, ${esql.rows} groups, ${Math.round(esql.memory)} MB and ${Math.round(kusto.memory)} MB at the most; user CPU of one process each`;
  console.log(
    `${'ES|QL WHERE, STATS'.padEnd(18)} ${(esql.cpu / kusto.cpu).toFixed(2).padStart(6)} × ${'Kusto'.padEnd(18)} (${method})`,
  );
}

function measured(language, count) {
  return new Promise((go, fail) => {
    const self = import.meta.filename;
    const rows = spawn(process.execPath, [self, 'rows', String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const reader = spawn(process.execPath, [self, 'query', language], { stdio: [rows.stdout, 'pipe', 'inherit'] });
    let out = '';
    reader.stdout.on('data', (part) => {
      out += part;
    });
    reader.on('close', (code) =>
      code === 0 ? go(JSON.parse(out)) : fail(new Error(`${language} ended with ${code}`)),
    );
  });
}
