import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pythonRule, unifiedName } from '../../../test/python-rule.ts';
import { primarySpan } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { DataModel, PythonProgram } from '../../ir/rule/python.ts';
import { pythonOf, type Rule, type RuleTest } from '../../ir/rule/rule.ts';
import { DateTime } from '../../values/value.ts';
import { createPythonEngine } from './python-engine.ts';

const span = { source: 'rule.yml', start: 0, end: 1 };
let made = 0;

function nextRule(code: string, more: Parameters<typeof pythonRule>[2] = {}): Rule {
  made += 1;
  return pythonRule(`Rule.${made}`, code, more);
}

const cacheFolder = mkdtempSync(join(tmpdir(), 'dragoman-python-'));
const engine = createPythonEngine({
  timeLimitMs: 700,
  loadLimitMs: 5_000,
  memoryLimitBytes: 256 * 1024 ** 2,
  now: new DateTime(638_000_000_000_000_000n),
  cacheFolder,
});
afterAll(async () => {
  await engine.close();
  rmSync(cacheFolder, { recursive: true });
}, 60_000);

/** Runs one rule on one event: the outputs, or the codes of what failed, or nothing. */
async function runOn(code: string, event: JsonObject = {}, more: Partial<PythonProgram> = {}): Promise<unknown> {
  const rule = nextRule(code, more);
  const [result] = await engine.evaluate([rule], [{ event, logType: 'T' }]);
  if (result === undefined) return 'no match';
  return result.kind === 'matched' ? result.outputs : result.diagnostics.map((each) => each.code);
}

/** What an expression over `event` gives, by way of alert_context. */
async function value(
  expression: string,
  event: JsonObject,
  more: Partial<PythonProgram> = {},
  before = '',
): Promise<Json | undefined> {
  const code = `${before}\ndef rule(event):\n    return True\n\ndef alert_context(event):\n    return {"v": ${expression}}\n`;
  const found = (await runOn(code, event, more)) as { alertContext?: JsonObject };
  return found.alertContext?.['v'] ?? found.alertContext?.['_error'];
}

describe('the contract of the functions', () => {
  test('a match with nothing but rule() has the defaults', async () => {
    const rule = nextRule('def rule(event):\n    return event.get("a") == 1\n');
    const results = await engine.evaluate(
      [rule],
      [
        { event: { a: 2 }, logType: 'T' },
        { event: { a: 1 }, logType: 'T' },
        { event: { a: 1 }, logType: 'Other' },
      ],
    );
    expect(results).toEqual([
      {
        kind: 'matched',
        rule,
        event: 1,
        diagnostics: [],
        outputs: {
          title: rule.id,
          description: '',
          reference: '',
          severity: 'MEDIUM',
          runbook: '',
          destinations: null,
          dedup: `defaultDedupString:${rule.id}`,
          alertContext: {},
        },
      },
    ]);
  });

  test('the title is the dedup string where there is no dedup()', async () => {
    expect(await runOn('def rule(e): return True\ndef title(e): return "t" + e.get("a")', { a: 'x' })).toMatchObject({
      title: 'tx',
      dedup: 'tx',
    });
    expect(await runOn('def rule(e): return True\ndef title(e): return "t"\ndef dedup(e): return ""')).toMatchObject({
      dedup: `defaultDedupString:Rule.${made}`,
    });
  });

  test('functions that fail give their defaults and say so', async () => {
    const rule = nextRule(
      [
        'def rule(e): return True',
        'def title(e): return 5',
        'def dedup(e): raise ValueError("d")',
        'def severity(e): return "urgent"',
        'def destinations(e): return "pager"',
        'def alert_context(e): return {"x": float("nan")}',
      ].join('\n'),
    );
    const [result] = await engine.evaluate([rule], [{ event: {}, logType: 'T' }]);
    expect(result).toMatchObject({
      kind: 'matched',
      outputs: {
        title: rule.id,
        severity: 'MEDIUM',
        destinations: null,
        dedup: `defaultDedupString:${rule.id}`,
        alertContext: { _error: expect.stringContaining('ValueError') },
      },
    });
    expect(result?.diagnostics.map((each) => [each.code, each.params['function']])).toEqual([
      ['python/output', 'title'],
      ['python/output', 'severity'],
      ['python/output', 'destinations'],
      ['python/output', 'dedup'],
      ['python/output', 'alert_context'],
    ]);
  });

  test('severity is raised to capitals and DEFAULT is the specification', async () => {
    expect(await runOn('def rule(e): return True\ndef severity(e): return "high"')).toMatchObject({ severity: 'HIGH' });
    expect(await runOn('def rule(e): return True\ndef severity(e): return "default"')).toMatchObject({
      severity: 'MEDIUM',
    });
  });

  test('long text is cut, no destinations is to skip, many are ten, a large context is an error', async () => {
    expect(await runOn('def rule(e): return True\ndef title(e): return "x" * 2000')).toMatchObject({
      title: expect.stringMatching(/^x{985}\.\.\. \(truncated\)$/),
    });
    expect(await runOn('def rule(e): return True\ndef destinations(e): return []')).toMatchObject({
      destinations: ['SKIP'],
    });
    expect(await runOn('def rule(e): return True\ndef destinations(e): return ["d"] * 12')).toMatchObject({
      destinations: Array.from({ length: 10 }, () => 'd'),
    });
    expect(await runOn('def rule(e): return True\ndef alert_context(e): return {"x": "y" * 300000}')).toMatchObject({
      alertContext: { _error: expect.stringContaining('bytes as JSON') },
    });
  });

  test('what rule() leaves in a global is there for title()', async () => {
    const code = 'N = 0\ndef rule(e):\n    global N\n    N = e.get("n")\n    return True\ndef title(e): return str(N)';
    const rule = nextRule(code);
    const events = [1, 2, 3].map((n) => ({ event: { n }, logType: 'T' }));
    const results = await engine.evaluate([rule], events);
    expect(results.map((each) => (each.kind === 'matched' ? each.outputs.title : each.kind))).toEqual(['1', '2', '3']);
  });

  test('a policy alerts when it is not met, on a plain dict', async () => {
    const code = 'def policy(resource):\n    resource["x"] = 1\n    return resource["ok"]';
    const more = { kindOfRule: 'policy' as const };
    expect(await runOn(code, { ok: true }, more)).toBe('no match');
    expect(await runOn(code, { ok: false }, more)).toMatchObject({ severity: 'MEDIUM' });
  });

  test('a scheduled rule without rule() takes every row', async () => {
    expect(await runOn('', {}, { kindOfRule: 'scheduled_rule' })).toMatchObject({ severity: 'MEDIUM' });
  });

  test('whole numbers keep their digits, the clock stands', async () => {
    expect(await value('str(event["n"])', { n: 12345678901234567890n })).toBe('12345678901234567890');
    expect(await value('__import__("datetime").datetime.utcnow().isoformat()', {})).toBe('2022-09-28T22:13:20');
  });
});

describe('events', () => {
  test('keys are found in any case, exactly written first', async () => {
    expect(
      await value('[event["A"], event["a"], event.get("B"), "b" in event, event.get("zz", 7)]', { a: 1, A: 2, b: 3 }),
    ).toEqual([2, 1, 3, true, 7]);
    expect(await value('event.deep_get("X", "y", default="d")', { x: { Y: 'z' } })).toBe('z');
    expect(await value('event.deep_get("x", "y", default="d")', { x: { y: null } })).toBe('d');
    expect(await value('event.deep_get("x", "y", "z", default="d")', { x: { y: 'text' } })).toBe('d');
  });

  test('deep_walk goes through lists and keeps each value once', async () => {
    const event = { a: [{ b: [{ c: 1 }, { c: 2 }] }, { b: [{ c: 2 }, { c: 3 }] }, { d: 1 }] };
    expect(await value('event.deep_walk("a", "b", "c")', event)).toEqual([1, 2, 3]);
    expect(await value('event.deep_walk("a", "b", "c", return_val="first")', event)).toBe(1);
    expect(await value('event.deep_walk("a", "b", "c", return_val="last")', event)).toBe(3);
    expect(await value('event.deep_walk("a", "d")', event)).toBe(1);
    expect(await value('event.deep_walk("a", "nope", default="none")', { a: [] })).toBe('none');
  });

  test('lists equal lists and tuples; copies can be changed', async () => {
    expect(
      await value('[event["l"] == [1, 2], event["l"] == (1, 2), event["l"][:1] == (1,), 1 in event["l"]]', {
        l: [1, 2],
      }),
    ).toEqual([true, true, true, true]);
    expect(await value('event["l"][:1] == [1]', { l: [1, 2] })).toBe(false);
    expect(await value('event["l"] + [3]', { l: [1, 2] })).toMatch(/^TypeError/);
    expect(await value('hash(event["l"])', { l: [1, 2] })).toMatch(/^TypeError/);
    expect(await value('str(event["l"])', { l: [1] })).toBe('ImmutableList((1,))');
    expect(await value('[c := event.to_dict(), c["l"].append(9), c][2]["l"]', { l: [1] })).toEqual([1, 9]);
    expect(
      await value(
        'isinstance(event["m"], __import__("collections").abc.Mapping)',
        { m: {} },
        {},
        'import collections.abc',
      ),
    ).toBe(true);
  });

  test('event_time_epoch reads p_event_time', async () => {
    expect(await value('event.event_time_epoch()', { p_event_time: '2021-01-01 00:00:01.123456789' })).toBe(
      1_609_459_201,
    );
  });

  test('unified fields come from the data model, p_udm and the event', async () => {
    const model: DataModel = {
      id: 'M',
      logTypes: ['T'],
      enabled: true,
      module: { name: 'm', file: 'm.py', code: 'def who(event):\n    return event.get("w", "nobody")' },
      mappings: [unifiedName('ip', '$.net.ip'), { name: 'who', method: 'who' }, unifiedName('first', 'list[0].x')],
    };
    const more = { bundle: { modules: [], dataModels: [model] } };
    const event = { net: { ip: '1.2.3.4' }, list: [{ x: 5 }], p_udm: { other: 'u' }, plain: 'p' };
    expect(
      await value(
        '[event.udm("ip"), event.udm("who"), event.udm("first"), event.udm("other"), event.udm("plain"), event.udm("no", default=0)]',
        event,
        more,
      ),
    ).toEqual(['1.2.3.4', 'nobody', 5, 'u', 'p', 0]);
    expect(
      await value(
        '[event.udm("ip", default="d"), event.udm_path("ip"), event.udm_path("who"), event.udm_path("no")]',
        { ip: 'unused' },
        more,
      ),
    ).toEqual(['d', null, 'who', null]);
    expect(await value('event.udm_path("ip")', { net: { ip: '1.2.3.4' } }, more)).toBe('net.ip');
    expect(await value('[event.udm("ip", default="d")]', { net: { ip: null } }, more)).toEqual([null]);
    expect(await value('event.udm("no", default="d")', { no: 0, p_udm: { no: '' } }, more)).toBe('d');
    expect(await value('[event.udm()]', { p_udm: { x: 1 } }, more)).toEqual([null]);
  });

  test('paths of a data model, as jsonpath_ng.ext 1.16 follows them', async () => {
    const event = {
      user: { id: 7, deep: { name: 'ann' }, 'full.name': 'Ann A', roles: ['b', 'a'] },
      params: [
        { key: 'role', value: 'admin', n: 1 },
        { key: 'team', value: 'blue', n: 3 },
        { key: 'x', n: 2 },
      ],
      list: [10, 20, 30, 40],
      s: 'a-b-c',
      'a.b': 1,
      null: null,
    };
    const SEVERAL = 'several';
    const NONE = 'none';
    const found: readonly (readonly [string, Json])[] = [
      ['user.id', 7],
      ["$.user['full.name']", 'Ann A'],
      ['$.user."full.name"', 'Ann A'],
      ["$['a.b']", 1],
      ['USER.id', NONE],
      ['user.roles[0]', 'b'],
      ['$.params[-1].key', 'x'],
      ['list[1:2]', 20],
      ['list[1:3]', SEVERAL],
      ['list[::3]', SEVERAL],
      ['list[3,9]', 40],
      ['params[*].value', SEVERAL],
      ["$.params[?(@.key == 'role')].value", 'admin'],
      ['params[?(@.n >= 3)].key', 'team'],
      ['params[?(@.n > 1 & @.value)].key', 'team'],
      ['params[?(!@.value)].key', 'x'],
      ["params[?(@.key =~ '^r')].value", 'admin'],
      ["params[?key == 'team'].value", 'blue'],
      ['list[?(@ > 35)]', 40],
      ['$.user..name', 'ann'],
      ['$..deep.name', 'ann'],
      ['user.(nothing|id)', 7],
      ['params.`len`', 3],
      ['user.deep.`keys`', 'name'],
      ['s.`split(-, 1, -1)`', 'b'],
      ['s.`sub(/a/, z)`', 'z-b-c'],
      ['user.roles.`sorted`', ['a', 'b']],
      ['user.deep.name.`parent`', { name: 'ann' }],
      ['user.id.`path`', 'id'],
      ['null', null],
      ['nothing', NONE],
      ['list[0] + list[1]', 30],
      ['user.deep where name', { name: 'ann' }],
      ['user.deep where nothing', NONE],
    ];
    const model: DataModel = {
      id: 'M',
      logTypes: ['T'],
      enabled: true,
      module: undefined,
      mappings: found.map(([path]) => unifiedName(path, path)),
    };
    const seen = `[seen(event, name) for name in ${JSON.stringify(found.map(([path]) => path))}]`;
    const before = `def seen(event, name):\n    try:\n        return event.udm(name, default="${NONE}")\n    except Exception:\n        return "${SEVERAL}"\n`;
    const gives = (await value(seen, event, { bundle: { modules: [], dataModels: [model] } }, before)) as Json[];
    expect(found.map(([path], at) => [path, gives[at]])).toEqual(found);
  });

  test('two repositories with modules of one name do not meet', async () => {
    const code =
      'import shared\ndef rule(e): return True\ndef title(e):\n    import late\n    return shared.NAME + late.NAME';
    const rules = ['a', 'b'].map((name) =>
      nextRule(code, {
        bundle: {
          modules: ['shared', 'late'].map((module) => ({
            name: module,
            file: `${name}/${module}.py`,
            code: `NAME = "${name}"`,
          })),
          dataModels: [],
        },
      }),
    );
    const event = { event: {}, logType: 'T' };
    const results = await engine.evaluate(rules, [event, event]);
    expect(results.map((each) => (each.kind === 'matched' ? each.outputs.title : each.diagnostics))).toEqual([
      'aa',
      'bb',
      'aa',
      'bb',
    ]);
  });
});

describe('errors', () => {
  test('an exception names the line of the rule and the place in the shared module', async () => {
    const shared = { name: 'shared', file: 'shared.py', code: 'def f(x):\n    return x.nope\n' };
    const rule = nextRule('from shared import f\n\ndef rule(event):\n    return f(event.get("a"))\n', {
      bundle: { modules: [shared], dataModels: [] },
    });
    const fine = nextRule('def rule(event):\n    return True');
    const results = await engine.evaluate([rule, fine], [{ event: {}, logType: 'T' }]);
    expect(results.map((each) => each.kind)).toEqual(['failed', 'matched']);
    const found = results[0]?.diagnostics[0];
    expect(found?.message).toBe(`rule ${rule.id} raised AttributeError: 'NoneType' object has no attribute 'nope'`);
    const place = found && primarySpan(found);
    expect(place && pythonOf(rule)?.module.code.slice(place.start, place.end)).toBe('return f(event.get("a"))');
    expect(found?.labels[1]).toMatchObject({ span: { source: 'shared.py' }, text: 'raised here, in f' });
  });

  test.each([
    ['not a bool', 'def rule(e): return 1', ['python/return-type']],
    ['None', 'def rule(e): pass', ['python/return-type']],
    ['changes the event', 'def rule(e):\n    e["x"] = 1\n    return True', ['python/exception']],
    ['changes inside the event', 'def rule(e):\n    e["l"].append(1)\n    return True', ['python/exception']],
    ['imports what is not there', 'import numpy\ndef rule(e): return True', ['python/import']],
    ['is not Python', 'def rule(e) return True', ['python/syntax']],
    ['has no rule()', 'x = 1', ['python/no-function']],
    ['fails while loading', 'x = 1 / 0\ndef rule(e): return True', ['python/load']],
    ['ends itself', 'import sys\ndef rule(e): sys.exit(1)', ['python/exception']],
    ['recurses', 'def rule(e): return rule(e)', ['python/exception']],
    ['calls AWS', 'import boto3\ndef rule(e): return boto3.client("s3")', ['python/exception']],
  ])('a rule that %s', async (_, code, codes) => {
    expect(await runOn(code, { l: [] })).toEqual(codes);
  });

  test('a rule that cannot be loaded is reported once', async () => {
    const rule = nextRule('import numpy');
    const event = { event: {}, logType: 'T' };
    expect(await engine.evaluate([rule], [event, event])).toMatchObject([{ kind: 'failed', event: undefined }]);
    expect(await engine.evaluate([rule], [event])).toEqual([]);
    expect((await engine.check([rule])).map((each) => each.code)).toEqual(['python/import']);
  });
});

describe('the sandbox', () => {
  test.each([
    ['reads a file of the host', 'open("/etc/passwd").read()'],
    ['lists the host', '__import__("os").listdir("/etc")'],
    ['starts a process', '__import__("subprocess").run(["true"])'],
    ['starts a thread', '__import__("_thread").start_new_thread(print, ())'],
  ])('a rule that %s', async (_, expression) => {
    expect(await runOn(`def rule(event):\n    return bool(${expression})\n`)).toEqual(['python/exception']);
  });

  test.each(['js', 'pyodide_js', 'pyodide.code', 'pyodide.ffi', '_pyodide_core', 'ctypes', '_ctypes'])(
    '%s cannot be imported',
    async (module) => {
      expect(await runOn(`def rule(event):\n    import ${module}\n    return True`)).toEqual(['python/import']);
    },
  );

  test('no connection leaves', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const code = `
import asyncio, socket, urllib.request
def rule(event):
    failed = []
    for attempt in (
        lambda: socket.create_connection(("127.0.0.1", ${port}), timeout=1).send(b"x"),
        lambda: urllib.request.urlopen("http://127.0.0.1:${port}/"),
        lambda: socket.socket().connect(("localhost", ${port})),
    ):
        try:
            attempt()
        except OSError:
            failed.append(1)
    return len(failed) == 3
`;
    expect(await runOn(code)).toMatchObject({ severity: 'MEDIUM' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.close();
    expect(connections).toBe(0);
  });

  test('os.system starts nothing', async () => {
    const code = 'import os\ndef rule(event):\n    os.system("touch /tmp/dragoman-escaped")\n    return False';
    expect(await runOn(code)).toEqual(['python/exception']);
    expect(existsSync('/tmp/dragoman-escaped')).toBe(false);
  });

  // What a rule reaches that takes down the Python side of the fence; each attempt may cost the worker, none may succeed.
  test.each([
    [
      'evaluates JavaScript',
      'import ctypes\n    f = ctypes.CDLL(None).emscripten_run_script_int\n    return f(b"40+2") == 42',
    ],
    [
      'calls the C library',
      'import ctypes\n    ctypes.CDLL(None).system(b"touch /tmp/dragoman-escaped")\n    return False',
    ],
    [
      'reloads the system module',
      'import importlib, posix\n    importlib.reload(posix).system("touch /tmp/dragoman-escaped")\n    return False',
    ],
    [
      'finds the API among the classes',
      'finder = next(c for c in __import__("importlib.abc").abc.MetaPathFinder.__subclasses__() if c.__name__ == "JsFinder")\n    hook = finder.find_spec.__globals__["jsfinder"]\n    api = hook.jsproxies["pyodide_js"]\n    api.mountNodeFS("/mnt", "/etc")\n    return bool(open("/mnt/passwd").read())',
    ],
    [
      'finds a function among the classes',
      'finder = next(c for c in __import__("importlib.abc").abc.MetaPathFinder.__subclasses__() if c.__name__ == "JsFinder")\n    hook = finder.find_spec.__globals__["jsfinder"]\n    return bool(hook.jsproxies["pyodide_js"].loadPackage.constructor("return 1")())',
    ],
    ['runs code by pyodide', 'from pyodide.code import run_js\n    return run_js("1+1") == 2'],
    [
      'mounts the host',
      'import pyodide_js\n    pyodide_js.mountNodeFS("/mnt", "/etc")\n    return bool(open("/mnt/passwd").read())',
    ],
  ])('a rule that removes the import guard and %s', async (_, body) => {
    const guard =
      'import sys\nsys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "_Refused"]\n';
    const codes = await runOn(`${guard}def rule(event):\n    ${body}\n`);
    expect(codes).not.toMatchObject({ severity: 'MEDIUM' });
    expect(existsSync('/tmp/dragoman-escaped')).toBe(false);
    // The guard is removed for the worker's life: a new one for the next test.
    await runOn('import os\ndef rule(event): os._exit(1)');
  });

  test('a rule that loops for ever is stopped, then passed over, and everything else runs', async () => {
    const loop = nextRule('def rule(event):\n    while event.get("loop"):\n        pass\n    return True');
    const fine = nextRule('def rule(event):\n    return True');
    const events = [1, 0, 1, 1, 0].map((n) => ({ event: { loop: n }, logType: 'T' }));
    const results = await engine.evaluate([loop, fine], events);
    const of = (rule: Rule) =>
      results
        .filter((each) => each.rule === rule)
        .map((each) => (each.kind === 'failed' ? each.diagnostics[0]?.code : each.kind));
    expect(of(loop)).toEqual(['python/timeout', 'matched', 'python/timeout', 'python/timeout', 'python/suspended']);
    expect(of(fine)).toEqual(['matched', 'matched', 'matched', 'matched', 'matched']);
  });

  test('a rule that catches the interrupt loses its worker, and the events run again', async () => {
    const stubborn = nextRule(
      'def rule(event):\n    while event.get("loop"):\n        try:\n            while True: pass\n        except BaseException: pass\n    return True',
    );
    const fine = nextRule('def rule(event):\n    return True');
    const events = [0, 1, 0].map((n) => ({ event: { loop: n }, logType: 'T' }));
    const results = await engine.evaluate([stubborn, fine], events);
    expect(results.map((each) => [each.event, each.rule === fine, each.kind])).toEqual([
      [0, false, 'matched'],
      [0, true, 'matched'],
      [1, false, 'failed'],
      [1, true, 'matched'],
      [2, false, 'matched'],
      [2, true, 'matched'],
    ]);
  });

  test('a rule that loops while it is loaded is stopped', async () => {
    expect(await runOn('while True:\n    pass')).toEqual(['python/timeout']);
  });

  test('a rule that allocates without end is stopped, and the engine goes on', async () => {
    expect(
      await runOn('def rule(event):\n    held = []\n    while True:\n        held.append(bytes(100_000_000))'),
    ).toEqual(['python/memory']);
    expect(await runOn('def rule(event): return True')).toMatchObject({ severity: 'MEDIUM' });
  });

  test('a rule that ends the interpreter loses its worker only', async () => {
    expect(await runOn('import os\ndef rule(event):\n    os._exit(3)')).toEqual(['python/crash']);
    expect(await runOn('def rule(event): return True')).toMatchObject({ severity: 'MEDIUM' });
  });
});

describe('the snapshot', () => {
  test('is kept, and a damaged or wrong one does no harm', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dragoman-snapshot-'));
    const rule = nextRule('def rule(event): return True');
    const matches = async (): Promise<number> => {
      const once = createPythonEngine({ cacheFolder: folder });
      const found = await once.evaluate([rule], [{ event: {}, logType: 'T' }]);
      await once.close();
      return found.filter((each) => each.kind === 'matched').length;
    };
    expect(await matches()).toBe(1);
    const [kept] = readdirSync(folder);
    const path = join(folder, kept ?? '');
    expect(kept).toMatch(/^python-[0-9a-f]{24}\.snapshot$/);
    writeFileSync(path, 'damaged');
    expect(await matches()).toBe(1);
    const wrong = Buffer.from('not a snapshot');
    writeFileSync(path, Buffer.concat([createHash('sha256').update(wrong).digest(), wrong]));
    expect(await matches()).toBe(1);
    rmSync(folder, { recursive: true });
  }, 180_000);
});

describe('inline tests', () => {
  const inline = (name: string, expected: boolean, event: JsonObject, mocks: RuleTest['mocks'] = []): RuleTest => ({
    name,
    expected,
    event,
    mocks,
    span,
  });

  test('mocks replace any attribute of the module and are gone afterwards', async () => {
    const rule = nextRule(
      'import json\nfrom unittest.mock import MagicMock\nALLOWED = ["a"]\ndef rule(e):\n    allowed = json.loads(ALLOWED()) if isinstance(ALLOWED, MagicMock) else ALLOWED\n    return e.get("d") not in allowed',
      {
        tests: [
          inline('mocked', true, { d: 'a' }, [{ objectName: 'ALLOWED', returnValue: '["b"]' }]),
          inline('not mocked', false, { d: 'a' }),
          inline('wrong', true, { d: 'a' }),
          inline('mocks nothing', true, { d: 'z' }, [{ objectName: 'nothing', returnValue: '' }]),
        ],
      },
    );
    const results = await engine.test([rule]);
    expect(results.map((each) => each.status)).toEqual(['passed', 'passed', 'failed', 'failed']);
    expect(results[2]?.diagnostics.map((each) => each.message)).toEqual([
      `test \`wrong\` of rule ${rule.id}: expected true, got false`,
    ]);
  });

  test('a failing title fails a test that expects an alert, not one that expects none', async () => {
    const rule = nextRule('def rule(e): return e.get("a")\ndef title(e): return e["missing"]', {
      tests: [inline('alert', true, { a: true }), inline('none', false, { a: false })],
    });
    const results = await engine.test([rule]);
    expect(results.map((each) => [each.status, each.output])).toEqual([
      ['failed', true],
      ['passed', false],
    ]);
  });

  test('a policy test passes on the expected output', async () => {
    const rule = nextRule('def policy(r): return r["ok"]', {
      kindOfRule: 'policy',
      tests: [inline('met', true, { ok: true }), inline('not met', false, { ok: false })],
    });
    expect((await engine.test([rule])).map((each) => each.status)).toEqual(['passed', 'passed']);
  });
});

describe('trace', () => {
  test('tells the lines, the fields, the shared calls and the verdict', async () => {
    const shared = {
      name: 'shared',
      file: 'shared.py',
      code: 'def success(event):\n    return event.get("result") in ("Success",)\n',
    };
    const code =
      'from shared import success\n\ndef rule(event):\n    name = event.get("name", "").upper()\n    if "X" not in name:\n        return False\n    return success(event)\n';
    const rule = nextRule(code, { bundle: { modules: [shared], dataModels: [] } });
    const traced = await engine.trace(rule, { name: 'x', result: 'no', more: { inner: 1 } }, 'T');
    expect(traced).toMatchObject({
      matched: false,
      output: false,
      returned: { line: 7, text: 'return success(event)' },
      truncated: false,
      diagnostics: [],
    });
    expect(traced.lines.map((each) => [each.line, each.text])).toEqual([
      [4, 'name = event.get("name", "").upper()'],
      [5, 'if "X" not in name:'],
      [7, 'return success(event)'],
      [2, 'return event.get("result") in ("Success",)'],
    ]);
    expect(traced.reads).toEqual([
      { field: 'name', value: 'x' },
      { field: 'result', value: 'no' },
    ]);
    expect(traced.calls).toEqual([
      { function: 'success', file: 'shared.py', line: 1, calledAt: 7, depth: 0, value: false },
    ]);
  });

  test('nested reads keep their path, missing ones have no value, errors are told', async () => {
    const rule = nextRule(
      'def rule(event):\n    event.deep_get("a", "b")\n    event.get("l")[0].get("x")\n    event.get("gone")\n    return event["none"].x\n',
    );
    const traced = await engine.trace(rule, { a: { b: 1 }, l: [{ x: 2 }] }, 'T');
    expect(traced.reads).toEqual([
      { field: 'a.b', value: 1 },
      { field: 'l[0].x', value: 2 },
      { field: 'gone' },
      { field: 'none' },
    ]);
    expect(traced.output).toBeUndefined();
    expect(traced.diagnostics.map((each) => each.message)).toEqual([`rule ${rule.id} raised KeyError: 'none'`]);
  });
});
