// Panther's CloudTrail rules on CloudTrail logs: what is known of them without Python against JSON.parse of the same lines and
// against CPython, which runs the same rules on the same events with the same harness. Needs a checkout of panther-analysis
// (DRAGOMAN_PANTHER) and the logs of DRAGOMAN_CORPORA; CPython where `python3` is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { modulesFolder } from './modules.mjs';

const TYPE = 'AWS.CloudTrail';
const root = resolve(import.meta.dirname, '..');
const checkout = process.env.DRAGOMAN_PANTHER ?? '';
const logs = join(resolve(root, process.env.DRAGOMAN_CORPORA ?? '../shared/corpora'), 'logs/aws-cloudtrail');
if (!existsSync(join(checkout, 'global_helpers')) || !existsSync(logs)) {
  console.log('skipped: DRAGOMAN_PANTHER names no checkout, or the CloudTrail logs are not there');
  process.exit(0);
}

const dist = modulesFolder();
const { loadRules, createSession } = await import(join(dist, 'index.js'));
const { tierOf } = await import(join(dist, 'engines/python/tiers.js'));
const { WithoutPython } = await import(join(dist, 'detect/python-outputs.js'));
const withoutPython = new WithoutPython();
const { PlanRules } = await import(join(dist, 'detect/plan-rules.js'));
const { pythonOf } = await import(join(dist, 'ir/rule.js'));
const { logType } = await import(join(dist, 'logs/registry.js'));
const loaded = await loadRules([join(checkout, 'rules')]);
const rules = loaded.rules.filter((rule) => pythonOf(rule)?.logTypes.includes(TYPE));
const lines = readdirSync(logs)
  .filter((name) => name.endsWith('.gz'))
  .sort()
  .flatMap((name) =>
    gunzipSync(readFileSync(join(logs, name)))
      .toString('utf8')
      .split('\n'),
  )
  .filter((line) => line !== '');
const parsed = () => lines.map((line) => JSON.parse(line));
const started = performance.now();
const tiers = [1, 2, 3].map((tier) => rules.filter((rule) => tierOf(rule)?.tier === tier).length);
console.log(`${rules.length} rules for ${TYPE} (tiers 1 to 3: ${tiers.join(', ')}), ${lines.length} events`);

const plans = new PlanRules(rules, undefined, { engine: 'stream' });
const type = logType(TYPE);
const [shape] = type.shapes;
const candidates = (event) =>
  plans.process({ event, logType: type.name, shape: shape.name, source: { file: 'bench', line: 1 } }, type, shape);
candidates({});
console.log(`translated and indexed in ${(performance.now() - started).toFixed(0)} ms`);

// Of the pairs that are left, those of which Python alone can say the rest.
const asked = parsed().reduce(
  (sum, event) =>
    sum + candidates(event).filter(({ rule }) => withoutPython.tell(rule, event, TYPE) === undefined).length,
  0,
);
const parse = [];
const decide = [];
const whole = [];
let pairs = 0;
let matches = 0;
const session = createSession(rules, { logType: 'aws.cloudtrail' });
const batch = (events) => events.map((event, line) => ({ event, source: { file: 'bench', line: line + 1 } }));
await session.process(batch(parsed()));
for (let turn = 0; turn < 7; turn += 1) {
  let events = [];
  parse.push(timed(() => (events = parsed())));
  pairs = 0;
  decide.push(
    timed(() => {
      for (const event of events) pairs += candidates(event).length;
    }),
  );
  const before = performance.now();
  matches = (await session.process(batch(parsed()))).length;
  whole.push(performance.now() - before);
}
await session.close();
const per = (time) => ((time * 1000) / lines.length).toFixed(2).padStart(8);
console.log(`JSON.parse          ${per(median(parse))} µs/event`);
console.log(
  `verdicts            ${per(median(decide))} µs/event, ${(median(decide) / median(parse)).toFixed(2)} × JSON.parse; ${pairs} of ${rules.length * lines.length} pairs are left`,
);
console.log(
  `engine, whole       ${per(median(whole))} µs/event, ${(median(whole) / median(parse)).toFixed(2)} × JSON.parse: lines read, ${matches} matches with titles and the like; ${asked} pairs need Python`,
);

const cpython = await withCPython();
if (cpython === undefined) console.log('CPython: no python3');
else {
  const ratio = (seconds, time) => ((seconds * 1000) / time).toFixed(1);
  const known = median(parse) + median(decide);
  console.log(
    `CPython, verdicts   ${per(cpython.verdicts * 1000)} µs/event (median of 5, JSON read, rule() alone): ${ratio(cpython.verdicts, known)} × JSON.parse and verdicts here`,
  );
  console.log(
    `CPython, whole      ${per(cpython.whole * 1000)} µs/event, with titles and the like on ${cpython.matches} matches: ${ratio(cpython.whole, median(whole))} × the engine`,
  );
}

/** The rules on the events by CPython, which reads the JSON, runs the rules, and on a match their other functions. */
async function withCPython() {
  const { harnessSource } = await import(join(dist, 'engines/python/harness-source.js'));
  const { runtimeModules } = await import(join(dist, 'engines/python/runtime/modules.js'));
  const scratch = mkdtempSync(join(tmpdir(), 'dragoman-bench-'));
  try {
    const specs = rules.map((rule, at) => ({
      index: at,
      bundle: 0,
      id: rule.id,
      kind: 'rule',
      severity: pythonOf(rule).defaults.severity,
      module: pythonOf(rule).module.name,
      file: pythonOf(rule).module.file,
      code: pythonOf(rule).module.code,
    }));
    const indexes = JSON.stringify(specs.map((spec) => spec.index));
    writeFileSync(
      join(scratch, 'work.json'),
      JSON.stringify({ modules: runtimeModules, bundle: pythonOf(rules[0]).bundle, specs, lines, indexes }),
    );
    writeFileSync(
      join(scratch, 'bench.py'),
      `${harnessSource()}
import statistics
with open(sys.argv[1]) as _file:
    work = json.load(_file)
for each in work["modules"]:
    _runtime[each["name"]] = (each["file"], each["code"])
add_bundle(json.dumps(work["bundle"]))
failed = [text for text in (add_rule(json.dumps(spec)) for spec in work["specs"]) if text]
if failed:
    raise SystemExit(failed[0])

def measure():
    times = []
    for _ in range(6):
        found = 0
        before = time.perf_counter()
        for line in work["lines"]:
            text = run(line, "${TYPE}", work["indexes"])
            if text:
                found += sum("outputs" in result for _, result in json.loads(text))
        times.append(time.perf_counter() - before)
    return statistics.median(times[1:]), found

whole, found = measure()
_Outputs.all = lambda self: {}
verdicts, _ = measure()
print(json.dumps({"whole": whole, "verdicts": verdicts, "matches": found}))
`,
    );
    const done = spawnSync('python3', [join(scratch, 'bench.py'), join(scratch, 'work.json')], { encoding: 'utf8' });
    if (done.error !== undefined) return undefined;
    if (done.status !== 0) throw new Error(done.stderr.slice(-2000));
    return JSON.parse(done.stdout.trim().split('\n').at(-1));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function timed(action) {
  const before = performance.now();
  action();
  return performance.now() - before;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
