// `npm start`: on a fresh clone, from nothing to the main job on examples/.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { install, npm, root } from './ready.mjs';

install();
npm('run', '--silent', 'build');

process.chdir(root);
const dragoman = await import('../dist/index.js');
const { renderDiagnostic } = await import('../dist/cli/render/diagnostics.js');
const { whatFailed } = await import('../dist/cli/render/explanation.js');
const { paintFor } = await import('../dist/cli/render/style.js');
const { table } = await import('../dist/cli/render/table.js');
const { tellingFields } = await import('../dist/cli/render/telling.js');

const columns = process.stdout.columns ?? 120;
const paint = paintFor(process.stdout.isTTY === true, process.env);
const print = (...lines) => console.log(lines.join('\n'));

const rulesFolder = join('examples', 'rules');
const logsFolder = join('examples', 'logs');
if (!existsSync(rulesFolder) || !existsSync(logsFolder)) {
  console.error('There is nothing to run: examples/rules and examples/logs are missing.');
  process.exit(1);
}

const loaded = await dragoman.loadRules([rulesFolder]);
const matches = [];
const summary = await dragoman.runRules({
  rules: loaded.rules,
  logs: [logsFolder],
  onMatch: (match) => void matches.push(match),
});
const findings = await dragoman.lint(loaded, { logs: [logsFolder] });

print(
  '',
  paint('bold', 'Rules of four vendors, as they are written, on the same raw logs'),
  `${loaded.rules.length} rules from ${rulesFolder} ran over ${summary.records} raw records of ${summary.files} files in ${logsFolder}.`,
);

const behaviours = readdirSync(rulesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
for (const { name } of behaviours.sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const rules = loaded.rules.filter((rule) => relative(rulesFolder, rule.file).split(/[\\/]/)[0] === name);
  if (rules.length > 0) await showBehaviour(name, rules);
}
showFindings();
print(
  paint('bold', 'Try it yourself'),
  '  npx dragoman run --rules examples/rules --logs examples/logs',
  '  npx dragoman explain --rule examples/rules/azure-packet-capture --event examples/logs/azure-activity.ndjson',
  '  npx dragoman lint examples/rules --logs examples/logs',
  '  README.md says how to run your own rules on your own logs.',
  '',
);

/** One behaviour: which of its rules matched what, and for what only some matched, why the others did not. */
async function showBehaviour(name, rules) {
  const found = (rule) => matches.filter((match) => match.rule === rule);
  print(
    '',
    paint('bold', paint('cyan', name.replaceAll('-', ' '))),
    ...table(
      [
        { head: '  FORMAT' },
        { head: 'RULE', flexible: true },
        { head: 'MATCHES', align: 'right' },
        { head: 'WHERE', flexible: true },
      ],
      rules.map((rule) => [
        `  ${rule.format}`,
        rule.name,
        { text: String(found(rule).length), ink: found(rule).length > 0 ? 'green' : 'red' },
        places(found(rule)),
      ]),
      paint,
      columns,
    ),
  );
  const events = new Map();
  for (const match of rules.flatMap(found)) {
    if (match.record) events.set(keyOf(match), match.record);
  }
  const disputed = [...events].filter(([key]) =>
    rules.some((rule) => !found(rule).some((match) => keyOf(match) === key)),
  );
  if (disputed.length === 0) return;
  print('', '  Matched by some of these rules only:');
  for (const [key, record] of disputed) {
    print(`  ${paint('bold', key)}  ${paint('gray', tellingFields(undefined, record.event))}`);
    for (const rule of rules) {
      const label = `${rule.format.padEnd(9)} ${rule.name}`;
      if (found(rule).some((match) => keyOf(match) === key)) {
        print(`    ${paint('green', '✓')} ${label}`);
        continue;
      }
      const [explanation] = await dragoman.explainRule(rule, [record]);
      if (explanation?.verdict === true) {
        print(`    ${paint('green', '✓')} ${label} ${paint('gray', '(in a row that it makes of several events)')}`);
      } else {
        print(`    ${paint('red', '✗')} ${label}`, ...wrapped(whatFailed(explanation)));
      }
    }
  }
}

/** A reason in lines that fit below its rule. */
function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (lines[last] !== '' && lines[last].length + word.length + 8 > columns) lines.push(word);
    else lines[last] += lines[last] === '' ? word : ` ${word}`;
  }
  return lines.map((line) => paint('gray', `      ${line}`));
}

function keyOf(match) {
  const { file, line, record } = match.record?.source ?? {};
  return file === undefined ? '' : `${basename(file)}:${line}${record === undefined ? '' : `[${record}]`}`;
}

/** `azure-activity.ndjson:2, :5` */
function places(found) {
  let last;
  return found
    .map((match) => {
      const file = match.record && basename(match.record.source.file);
      const said = file !== undefined && file === last ? keyOf(match).slice(file.length) : keyOf(match);
      last = file;
      return said;
    })
    .filter((said) => said !== '')
    .join(', ');
}

function showFindings() {
  print('', paint('bold', 'What lint found in these rules'));
  if (findings.length === 0) print('  nothing');
  for (const finding of findings) print(renderDiagnostic(finding, loaded.sources, paint, columns), '');
}
