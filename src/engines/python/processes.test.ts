import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { pythonRule } from '../../../test/python-rule.ts';
import type { PythonProgram } from '../../ir/rule/python.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { createPythonEngine, type PythonEngine, type PythonEngineOptions } from './python-engine.ts';
import type { PythonResult } from './result.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'dragoman-processes-'));
afterAll(() => rmSync(cacheFolder, { recursive: true }));

function engineOf(options: PythonEngineOptions = {}): PythonEngine {
  const engine = createPythonEngine({ cacheFolder, ...options });
  onTestFinished(() => engine.close(), 60_000);
  return engine;
}

let made = 0;
function ruleOf(code: string, program: Partial<PythonProgram> = {}): Rule {
  made += 1;
  return pythonRule(`Rule.${made}`, code, program);
}

function events(count: number): { event: { n: number }; logType: string }[] {
  return Array.from({ length: count }, (_, n) => ({ event: { n }, logType: 'T' }));
}

/** What each result says: its event, its rule's place, and its title or its codes. */
function told(results: readonly PythonResult[], rules: readonly Rule[]): unknown[][] {
  return results.map((each) => [
    each.event,
    rules.indexOf(each.rule),
    each.kind === 'matched' ? each.outputs.title : each.diagnostics.map(({ code }) => code).join(),
  ]);
}

/** The processes in which Python runs for this one: by them the system knows their groups. */
function pythonProcesses(): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return pid !== undefined && parent === process.pid && line.includes('--no-addons') ? [pid] : [];
  });
}

const STATELESS = [
  'def rule(event):\n    return event.get("n") % 7 == 0\ndef title(event):\n    return f"seven {event.get(\'n\')}"',
  'def rule(event):\n    return event.get("n") % 100 == 99',
  'def rule(event):\n    if event.get("n") % 500 == 3:\n        raise ValueError("three")\n    return False',
];

describe.skipIf(process.platform === 'win32')('a process that is ended from outside', () => {
  test('at random moments costs no answer', async () => {
    const rules = STATELESS.map((code) => ruleOf(code));
    const given = events(10_000);
    const undisturbed = told(await engineOf().evaluate(rules, given), rules);
    expect(undisturbed).toHaveLength(1429 + 100 + 20);
    const engine = engineOf();
    const again = STATELESS.map((code) => ruleOf(code));
    const results: PythonResult[] = [];
    let kills = 0;
    // 20 parts, one kill in each: while the process starts, runs, or waits for the next part.
    for (let at = 0; at < given.length; at += 500) {
      const killing = (async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
        for (const pid of pythonProcesses()) {
          try {
            process.kill(pid, 'SIGKILL');
            kills += 1;
          } catch {
            // It has ended meanwhile.
          }
        }
      })();
      const part = await engine.evaluate(again, given.slice(at, at + 500));
      results.push(...part.map((each) => ({ ...each, event: (each.event ?? 0) + at }) as PythonResult));
      await killing;
    }
    expect(kills).toBeGreaterThan(0);
    const titles = (rows: readonly unknown[][]): unknown[][] =>
      rows.map(([event, rule, text]) => [event, rule, String(text).replace(/^Rule\.\d+$/, 'id')]);
    expect(titles(told(results, again))).toEqual(titles(undisturbed));
    expect(engine.notices().map(({ code }) => code)).toEqual(['python/restarted']);
  }, 300_000);
});

describe('a rule that ends the process', () => {
  const DEADLY = `
import os
def rule(event):
    if event.get("n") in (3, 5, 6, 7):
        os._exit(1)
    return True
`;

  test('is found, named and after three times not run any more; the others are as without it', async () => {
    const rules = [ruleOf('def rule(event): return True'), ruleOf(DEADLY), ruleOf('def rule(event): return True')];
    const engine = engineOf({ timeLimitMs: 60_000 });
    const results = told(await engine.evaluate(rules, events(9)), rules);
    const of = (place: number) => results.filter(([, rule]) => rule === place).map(([, , text]) => text);
    expect(of(0)).toHaveLength(9);
    expect(new Set(of(0)).size).toBe(1);
    expect(of(2)).toEqual(of(0).map(() => rules[2]?.id));
    const codes = of(1).map((text) => (text === rules[1]?.id ? 'matched' : text));
    expect(codes.slice(0, 4)).toEqual(['matched', 'matched', 'matched', 'python/crash']);
    expect(codes.at(-1)).toBe('python/suspended');
  }, 300_000);

  test('while it is loaded is named, and the others are loaded', async () => {
    const rules = [
      ruleOf('def rule(event): return True'),
      ruleOf('import os\nos._exit(1)\ndef rule(event): return True'),
      ruleOf('def rule(event): return True'),
    ];
    const found = await engineOf().evaluate(rules, events(1));
    expect(told(found, rules)).toEqual([
      [undefined, 1, 'python/crash'],
      [0, 0, rules[0]?.id],
      [0, 2, rules[2]?.id],
    ]);
  });
});

describe('the time limit', () => {
  test("is each rule's own on each event, and what rules keep outlives it", async () => {
    const slow =
      'import time\nN = 0\ndef rule(event):\n    global N\n    N += 1\n    end = time.monotonic() + 0.3\n    while time.monotonic() < end:\n        pass\n    return True\ndef title(event):\n    return str(N)';
    const loops =
      'N = 0\ndef rule(event):\n    global N\n    N += 1\n    while event.get("n") == 1:\n        pass\n    return True\ndef title(event):\n    return str(N)';
    const rules = [ruleOf(slow), ruleOf(loops), ruleOf(slow), ruleOf(slow), ruleOf(slow)];
    const engine = engineOf({ timeLimitMs: 800 });
    const results = told(await engine.evaluate(rules, events(3)), rules);
    // Together the slow ones take longer than the limit.
    expect(results).toEqual(
      [0, 1, 2].flatMap((event) =>
        rules.map((_, place) => [event, place, event === 1 && place === 1 ? 'python/timeout' : String(event + 1)]),
      ),
    );
    expect(engine.notices()).toEqual([]);
  }, 120_000);

  test('ends what cannot be interrupted, and only that', async () => {
    const stuck =
      'import collections, itertools\ndef rule(event):\n    collections.deque(itertools.repeat(0), maxlen=0)\n    return True';
    const rules = [ruleOf('def rule(event): return True'), ruleOf(stuck), ruleOf('def rule(event): return True')];
    const engine = engineOf({ timeLimitMs: 500 });
    const results = told(await engine.evaluate(rules, events(2)), rules);
    expect(results).toEqual(
      [0, 1].flatMap((event) => [
        [event, 0, rules[0]?.id],
        [event, 1, 'python/timeout'],
        [event, 2, rules[2]?.id],
      ]),
    );
    expect(engine.notices().map(({ code }) => code)).toEqual(['python/restarted']);
  }, 120_000);
});

describe('repositories', () => {
  const counting =
    'N = 0\ndef rule(event):\n    global N\n    N += 1\n    return True\ndef title(event):\n    return str(N)';
  const inRepository = (name: string): Rule =>
    ruleOf(counting, { bundle: { repository: name, modules: [], dataModels: [] } });

  test('have a process each, four at most; that state is lost where they take turns is said once', async () => {
    const rules = ['a', 'b', 'c', 'd', 'e', 'f'].map(inRepository);
    const engine = engineOf();
    const few = rules.slice(0, 4);
    for (const count of ['1', '2']) {
      const results = told(await engine.evaluate(few, events(1)), few);
      expect(results).toEqual(few.map((_, place) => [0, place, count]));
    }
    if (process.platform !== 'win32') expect(pythonProcesses()).toHaveLength(4);
    expect(engine.notices()).toEqual([]);
    expect(
      told(await engine.evaluate(rules, events(1)), rules)
        .map(([, , title]) => title)
        .slice(4),
    ).toEqual(['1', '1']);
    if (process.platform !== 'win32') expect(pythonProcesses()).toHaveLength(4);
    await engine.evaluate(rules, events(1));
    await engine.evaluate(rules, events(1));
    const codes = engine.notices().map(({ code, params }) => [code, params['repository']]);
    expect(codes).toContainEqual(['python/restarted', 'a']);
    expect(new Set(codes.map(String)).size).toBe(codes.length);
    expect(engine.notices()).toEqual([]);
  }, 300_000);

  test('what breaks the process of one leaves those of others alone', async () => {
    const first = inRepository('a');
    const second = ruleOf('import os\ndef rule(event): os._exit(1)', {
      bundle: { repository: 'b', modules: [], dataModels: [] },
    });
    const rules = [first, second];
    const engine = engineOf();
    const results = told(await engine.evaluate(rules, events(5)), rules);
    expect(results.filter(([, place]) => place === 0).map(([, , title]) => title)).toEqual(['1', '2', '3', '4', '5']);
    expect(results.filter(([, place]) => place === 1).map(([, , code]) => code)).toEqual([
      'python/crash',
      'python/crash',
      'python/crash',
      'python/suspended',
      'python/suspended',
    ]);
  }, 120_000);
});
