import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pythonRule } from '../python-rule.ts';
import { builtCli, builtModules } from './built.ts';
import { dragoman, folder, lines } from './harness.ts';

const main = builtCli();
const modules = dirname(dirname(builtModules()));
const started = new Set<number>();
afterAll(() => {
  for (const pid of started) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
});

interface Ran {
  readonly code: number | null;
  readonly matches: readonly Record<string, unknown>[];
  readonly err: string;
}

function rule(id: string): string {
  return lines('AnalysisType: rule', `RuleID: ${id}`, `Filename: ${id}.py`, 'LogTypes: [T]', 'Severity: Medium');
}

/** Rules by their code, on five records that are numbered from nought. */
function rules(code: Readonly<Record<string, string>>, records?: string): string {
  const files = Object.entries(code).flatMap(([id, text]) => [
    [`${id}.yml`, rule(id)],
    [`${id}.py`, text],
  ]);
  const five = [0, 1, 2, 3, 4].map((n) => JSON.stringify({ p_log_type: 'T', n })).join('\n');
  return folder({ ...Object.fromEntries(files), 'logs.ndjson': records ?? `${five}\n` });
}

function run(root: string): Ran {
  const args = [main, 'run', '--rules', root, '--logs', join(root, 'logs.ndjson'), '--format', 'ndjson'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const matches = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code: status, matches, err: stderr };
}

const CANARY = 'def rule(event):\n    return event.get("n") >= 0\n';

describe('Python in a process of its own', () => {
  it('gives no road out to a rule that looks for the interpreter among the classes', () => {
    const code = `
def rule(event):
    return True
def alert_context(event):
    finder = next(c for c in __import__("importlib.abc").abc.MetaPathFinder.__subclasses__() if c.__name__ == "JsFinder")
    try:
        return {"reached": str(finder.find_spec.__globals__["jsfinder"].jsproxies)}
    except KeyError as missing:
        return {"missing": str(missing)}
`;
    const ran = run(rules({ reach: code }));
    expect(ran.matches).toHaveLength(5);
    expect(ran.matches[0]?.['alert_context']).toEqual({ missing: "'jsfinder'" });
    expect(ran.code).toBe(0);
  });

  it('names the rule that forges answers, and prints what the others find', () => {
    const forger = `
import sys
def rule(event):
    harness = sys._getframe(1).f_globals
    class Forged:
        loads = staticmethod(harness["json"].loads)
        dumps = staticmethod(lambda value: "not json")
    harness["json"] = Forged
    return True
`;
    const ran = run(rules({ 'a-forger': forger, canary: CANARY }));
    expect(ran.matches.filter((each) => each['rule_id'] === 'canary')).toHaveLength(5);
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('python/crash: rule a-forger broke the Python interpreter');
    expect(ran.err).not.toContain('a fault in dragoman');
  });

  it('throws away what rules print as it comes', () => {
    const chatty =
      'import sys\ndef rule(event):\n    sys.stdout.write("A" * 1_000_000)\n    return event.get("n") == 0\n';
    const records = Array.from({ length: 600 }, (_, n) => JSON.stringify({ p_log_type: 'T', n })).join('\n');
    const ran = run(rules({ chatty }, records));
    expect([ran.code, ran.matches.length]).toEqual([0, 1]);
  });

  it('keeps every digit of whole numbers in the context of an alert', () => {
    const code =
      'def rule(event):\n    return event.get("n") > 0\ndef alert_context(event):\n    return {"n": event.get("n"), "next": event.get("n") + 1}\n';
    const root = rules({ digits: code }, '{"p_log_type":"T","n":123456789012345678901234567890}\n');
    const args = [main, 'run', '--rules', root, '--logs', join(root, 'logs.ndjson'), '--format', 'ndjson'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toContain(
      '"alert_context":{"n":123456789012345678901234567890,"next":123456789012345678901234567891}',
    );
  });
});

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function processes(): Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return state === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), state }];
  });
}

/** The processes that a process has started, and they in turn. */
function descendantsOf(pid: number): Process[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(pid);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** A program that runs a rule once, by the engine as it is built. */
function startsPython(code: string): string {
  return `
      import { createPythonEngine } from ${JSON.stringify(join(modules, 'engines/python/index.js'))};
      const engine = createPythonEngine({ timeLimitMs: 600_000 });
      const rules = [${JSON.stringify(pythonRule('stuck', code))}];
      await engine.evaluate(rules, [{ event: {}, logType: 'T' }]);`;
}

describe.skipIf(process.platform !== 'linux')('descriptors', () => {
  it('of the parent, however it got them, are not those of Python', () => {
    const program = `
      ${startsPython(CANARY)}
      console.log('started');
      process.stdin.resume();
    `;
    const root = folder({ 'secret.txt': 'secret' });
    const secret = join(root, 'secret.txt');
    // Descriptors that a shell opens are passed on to every process after it.
    const line = `exec "$0" --input-type=module -e "$1" 3<'${secret}' 9<'${secret}'`;
    const parent = spawn('/bin/sh', ['-c', line, process.execPath, program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { pid } = parent;
    if (pid === undefined) throw new Error('not started');
    started.add(pid);
    return new Promise<void>((resolve, reject) => {
      parent.stdout.once('data', () => {
        const open = (each: number): string[] =>
          readdirSync(`/proc/${each}/fd`).map((fd) => readlinkSync(`/proc/${each}/fd/${fd}`));
        const python = descendantsOf(pid).filter((each) =>
          readFileSync(`/proc/${each.pid}/cmdline`, 'utf8').startsWith(process.execPath),
        );
        try {
          expect(open(pid).filter((path) => path === secret)).toHaveLength(2);
          expect(python).toHaveLength(1);
          // The file of Node's traces is none; whether it is opened is a matter of versions and warnings.
          const files = python.flatMap((each) => open(each.pid)).filter((path) => path.startsWith('/'));
          expect(files.filter((path) => path !== devNull)).toEqual([]);
          resolve();
        } catch (failed) {
          reject(failed);
        }
        parent.stdin.end();
        parent.kill('SIGKILL');
      });
    });
  });
});

describe.skipIf(process.platform === 'win32')('no process outlives its parent', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'that %s ends while a rule runs that hears of nothing',
    async (signal) => {
      const code = `
import collections, itertools
def rule(event):
    if event.get("stuck"):
        collections.deque(itertools.repeat(0), maxlen=0)
    return True
`;
      const program = `
      ${startsPython(code)}
      console.log('started');
      await engine.evaluate(rules, [{ event: { stuck: true }, logType: 'T' }]);
    `;
      const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { pid } = parent;
      if (pid === undefined) throw new Error('not started');
      started.add(pid);
      await new Promise((resolve) => parent.stdout.once('data', resolve));
      let running = 0;
      await until(() => {
        running = descendantsOf(pid).some(({ state }) => state.startsWith('R')) ? running + 1 : 0;
        return running === 5;
      });
      const left = descendantsOf(pid).map((each) => each.pid);
      for (const each of left) started.add(each);
      parent.kill(signal);
      await until(() => !processes().some((each) => left.includes(each.pid)));
    },
    120_000,
  );

  it('that ends of itself while Python waits', async () => {
    const root = rules({ canary: CANARY });
    const parent = spawn(process.execPath, [main, 'test', root], { stdio: 'ignore' });
    const { pid } = parent;
    if (pid === undefined) throw new Error('not started');
    const seen = new Set<number>();
    let over = false;
    parent.on('exit', () => {
      over = true;
    });
    await until(() => {
      for (const each of descendantsOf(pid)) seen.add(each.pid);
      return over;
    });
    await until(() => !processes().some((each) => seen.has(each.pid)));
  });
});

describe('commands that only read rules', () => {
  // Its code says that it ran: the module does not load.
  const LOUD = 'raise RuntimeError("ran")\n';

  it.each([['check'], ['lint'], ['show']])('%s runs no Python unless it is asked to', async (command) => {
    const root = rules({ loud: LOUD });
    const path = join(root, 'loud.yml');
    const read = await dragoman([command, path]);
    expect(read.out + read.err).not.toContain('python/load');
    expect(read.code).toBe(0);
    const ran = await dragoman([command, path, '--run-python']);
    expect(ran.out + ran.err).toContain('python/load');
    expect(ran.code).toBeGreaterThan(0);
  });

  it('says so where there are Python rules', async () => {
    const { err } = await dragoman(['check', rules({ canary: CANARY })]);
    expect(err).toContain('the module of 1 Python rule was read, not run; --run-python');
  });

  it('says with --verbose what holds Python here', async () => {
    const root = rules({ canary: CANARY });
    const { err } = await dragoman(['run', '--rules', root, '--logs', join(root, 'logs.ndjson'), '--verbose']);
    expect(err).toMatch(/permissions +Node's permission model: (?:in force|not in force \()/);
    expect(err).toMatch(/namespaces +Linux namespaces: (?:in force|not in force \()/);
    expect(err).toMatch(/limits +Linux resource limits: (?:in force|not in force \()/);
  });
});
