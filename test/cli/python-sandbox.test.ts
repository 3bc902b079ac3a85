import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildCli } from './built.ts';
import { folder, lines } from './harness.ts';

const main = buildCli('python-sandbox');
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
  it('gives nothing of the host to a rule that reaches the interpreter from outside', () => {
    const code = `
import gc, json
def rule(event):
    return True
def alert_context(event):
    hook = next(o for o in gc.get_objects() if type(o).__name__ == "JsFinder")
    api = hook.jsproxies["pyodide_js"]
    try:
        return {"global": str(api.mountNodeFS.constructor("return globalThis")())}
    except BaseException as error:
        refused = str(error)
    try:
        api.mountNodeFS("/host", "/etc")
    except BaseException as error:
        return {"code": refused, "mount": str(error)}
`;
    const ran = run(rules({ reach: code }));
    expect(ran.matches).toHaveLength(5);
    expect(ran.matches[0]?.['alert_context']).toEqual({
      code: expect.stringContaining('Code generation from strings disallowed'),
      mount: expect.stringContaining('only works in Node'),
    });
    expect(ran.code).toBe(0);
  });

  it('names the rule that forges answers, and prints what the others find', () => {
    const forger = `
import __main__
def rule(event):
    class Forged:
        loads = staticmethod(__main__.json.loads)
        dumps = staticmethod(lambda value: "not json")
    __main__.json = Forged
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

/** The processes that a process has started and that are alive. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return child !== undefined && parent === pid ? [child] : [];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.skipIf(process.platform === 'win32')('the process of Python ends with its parent', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('that %s ends while a rule runs', async (signal) => {
    const busy = `
import time
def rule(event):
    for at in range(100):
        time.sleep(0.02)
    return event.get("n") >= 0
`;
    const root = rules({ busy });
    const args = [main, 'run', '--rules', root, '--logs', join(root, 'logs.ndjson'), '--format', 'ndjson'];
    const parent = spawn(process.execPath, args, { stdio: 'ignore' });
    const { pid } = parent;
    if (pid === undefined) throw new Error('not started');
    started.add(pid);
    await until(() => childrenOf(pid).length > 0);
    const children = childrenOf(pid);
    for (const each of children) started.add(each);
    parent.kill(signal);
    await until(() => children.every((each) => !isAlive(each)));
    expect(children.filter(isAlive)).toEqual([]);
  });
});
