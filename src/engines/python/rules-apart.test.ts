import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pythonRule } from '../../../test/python-rule.ts';
import type { PythonBundle, PythonProgram } from '../../ir/rule/python.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { createPythonEngine } from './python-engine.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'dragoman-apart-'));
const engine = createPythonEngine({ cacheFolder, timeLimitMs: 20_000, memoryLimitBytes: 512 * 1024 ** 2 });
afterAll(async () => {
  await engine.close();
  rmSync(cacheFolder, { recursive: true });
}, 60_000);

let made = 0;

/** What stands before and behind an attacker. It uses what attackers change. */
const CANARY = `
import datetime, fnmatch, ipaddress, json, re
from collections import OrderedDict
from dateutil import parser
from shared import add, ALLOWED, Base
N = 0
def rule(event):
    global N
    N += 1
    return (
        len([1, 2, 3]) == 3 and event.get("n") >= 0 and event.get("list") == [1, 2, 3] and event.deep_get("in", "x") == 1
        and re.match("a+", "aab") is not None and re.search("^b", "ab") is None and json.loads('{"k": 1}') == {"k": 1}
        and json.dumps([1]) == "[1]" and datetime.datetime.strptime("2020", "%Y").year == 2020
        and ipaddress.ip_address("10.0.0.1").is_private and fnmatch.fnmatch("ab", "a*") and add(1) == [1]
        and ALLOWED == ["a"] and Base().kind() == "base" and "ABC".lower() == "abc" and isinstance("", str)
        and OrderedDict(a=1)["a"] == 1 and parser.parse("2020-01-02").day == 2 and str(12) == "12" and sorted([2, 1]) == [1, 2]
    )
def title(event):
    return f"canary {event.get('n')} {N}"
def alert_context(event):
    return {"n": event.get("n")}
`;

const BUNDLE: PythonBundle = {
  modules: [
    {
      name: 'shared',
      file: 'shared.py',
      code: 'ALLOWED = ["a"]\ndef add(item, to=[]):\n    return to + [item]\nclass Base:\n    def kind(self):\n        return "base"\n',
    },
  ],
  dataModels: [],
};

function ruleOf(code: string, more: Partial<PythonProgram> = {}): Rule {
  made += 1;
  return pythonRule(`Rule.${made}`, code, { bundle: BUNDLE, ...more });
}

interface Told {
  /** The titles of each canary. */
  readonly canaries: readonly (readonly string[])[];
  /** What became of the attacker: its titles and codes, each once. */
  readonly attacker: readonly string[];
  readonly id: string;
}

/** Runs an attacker between two canaries on five events. */
async function attack(code: string): Promise<Told> {
  const attacker = ruleOf(code);
  const rules = [ruleOf(CANARY), attacker, ruleOf(CANARY)];
  const events = [0, 1, 2, 3, 4].map((n) => ({ event: { n, list: [1, 2, 3], in: { x: 1 } }, logType: 'T' }));
  const results = await engine.evaluate(rules, events);
  const of = (rule: Rule | undefined): string[] =>
    results.flatMap((each) => {
      if (each.rule !== rule) return [];
      const codes = each.diagnostics.map(({ code, message }) => `${code} ${message}`);
      return each.kind === 'matched' ? [each.outputs.title, ...codes] : codes;
    });
  return { canaries: [of(rules[0]), of(rules[2])], attacker: [...new Set(of(attacker))], id: attacker.id };
}

const FIVE = [1, 2, 3, 4, 5].map((count) => `canary ${count - 1} ${count}`);
const UNHARMED = [FIVE, FIVE];
const RULE = 'def rule(event):\n    return True\n';

describe('what a rule assigns to stays with it', () => {
  test.each([
    ['a function of a module', `import re\nre.match = lambda *a: None\n${RULE}`],
    ['a function of json', `import json\njson.loads = lambda *a: None\njson.dumps = lambda *a: ""\n${RULE}`],
    ['a builtin', `import builtins\nbuiltins.len = lambda x: 0\nbuiltins.str = int\n${RULE}`],
    ['a builtin by its other name', `__builtins__["sorted"] = lambda x: x\n${RULE}`],
    ['a class in a module', `import datetime\nclass Fake:\n    pass\ndatetime.datetime = Fake\n${RULE}`],
    ['what is inside a package', `import dateutil.parser\ndateutil.parser.parse = None\n${RULE}`],
    ['a loaded module', `import sys, re, json\nsys.modules["re"] = None\nsys.modules["json"] = re\n${RULE}`],
    [
      'a module in a module',
      `import json\njson.decoder.scanner.make_scanner = None\njson.codecs.BOM_UTF8 = 1\n${RULE}`,
    ],
    ['a shared module', `import shared\nshared.add = None\nshared.ALLOWED.append("b")\n${RULE}`],
    ['the default of a shared function', `from shared import add\nadd.__defaults__[0].append(7)\n${RULE}`],
    ['a class of a shared module', `from shared import Base\nBase.kind = lambda self: "evil"\n${RULE}`],
    [
      'the code of a shared function',
      `from shared import add\nadd.__code__ = (lambda item, to=[]: []).__code__\n${RULE}`,
    ],
    [
      'the way modules are found',
      `import sys\nsys.meta_path.clear()\nsys.path.clear()\nsys.path_hooks.clear()\n${RULE}`,
    ],
    ['the import itself', `import builtins\nbuiltins.__import__ = None\n${RULE}`],
    ['the environment', `import os\nos.environ["TZ"] = "America/New_York"\n${RULE}`],
    ['the seed of random numbers', `import random\nrandom.seed(1)\n${RULE}`],
    [
      'loggers',
      `import logging\nlogging.basicConfig()\nlogging.getLogger().handlers.clear()\nlogging.getLogger("x").info("y")\n${RULE}`,
    ],
  ])('%s', async (_, code) => {
    const told = await attack(code);
    expect(told.canaries).toEqual(UNHARMED);
    expect(told.attacker).toEqual([told.id]);
  });

  test.each([
    ['wraps a function', 'functools.wraps(json.loads)(lambda: 1)'],
    ['asks for the names of a function', 'json.dumps.__dict__'],
    ['asks for its annotations', 'fnmatch.fnmatch.__annotations__'],
    ['registers a class of its own', 'import collections.abc; collections.abc.Mapping.register(type("Own", (), {}))'],
    [
      'brings classes that are registered',
      '__import__("decimal"), __import__("array"), __import__("numbers"), __import__("selectors")',
    ],
    ['asks for hints of types', 'typing.get_type_hints(fnmatch.filter)'],
  ])('a rule that %s changes nothing', async (_, body) => {
    const code = `import fnmatch, functools, json, typing\ndef rule(event):\n    ${body}\n    return True\n`;
    const told = await attack(code);
    expect(told.canaries).toEqual(UNHARMED);
    expect(told.attacker).toEqual([told.id]);
  });

  test('so that each has seeds of its own', async () => {
    const code = `import random\nrandom.seed(1)\n${RULE}def title(event):\n    return str(random.randint(0, 10**9))`;
    const [one, other] = [ruleOf(code), ruleOf(code)];
    const results = await engine.evaluate([one, other], [{ event: {}, logType: 'T' }]);
    const [first, second] = results.map((each) => (each.kind === 'matched' ? each.outputs.title : each.kind));
    expect(first).toMatch(/^\d+$/);
    expect(second).toBe(first);
  });
});

describe('a rule that reaches what others share is found and stopped', () => {
  const onThird = (body: string, before = ''): string =>
    `${before}\ndef rule(event):\n    if event.get("n") == 2:\n        ${body.replaceAll('\n', '\n        ')}\n    return True\n`;

  test.each([
    ['the globals of a function', onThird('re.match.__globals__["match"] = None', 'import re')],
    ['the code of a function', onThird('json.loads.__code__ = (lambda s: None).__code__', 'import json')],
    ['the defaults of a function', onThird('json.dumps.__kwdefaults__["skipkeys"] = True', 'import json')],
    ['a class', onThird('json.JSONEncoder.encode = None', 'import json')],
    ['a class by type', onThird('type.__setattr__(re.RegexFlag, "IGNORECASE", 0)', 'import re')],
    ['a method of events', onThird('type(event).get = lambda *a: 0')],
    ['the base of events', onThird('type(event).__mro__[1].deep_get = lambda *a: 0')],
    ['an object of a module', onThird('json.loads.__globals__["_default_decoder"].parse_float = None', 'import json')],
    ['modules as they are loaded', onThird('json.loads.__globals__["codecs"].sys.modules["re"] = None', 'import json')],
    ['the harness from a frame', onThird('sys._getframe(1).f_globals["json"] = None', 'import sys')],
    [
      'the harness from a trace',
      onThird(
        'try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame.f_back.f_globals["_verdict"] = lambda *a: True',
      ),
    ],
    [
      'the check of events',
      onThird('import sys\nsys._getframe(1).f_globals["_touched"].__code__ = (lambda c: "").__code__'),
    ],
    ['the event', onThird('event._container["n"] = -5')],
    ['what is in the event', onThird('event.get("in")._container["x"] = 2')],
    ['a number of the event that becomes a truth', onThird('event.get("in")._container["x"] = True')],
    ['the list in the event', onThird('event["list"]._container.append(4)')],
    ['the view of the event', onThird('object.__setattr__(event, "_container", {"n": -1})')],
    ['a view in the view', onThird('event._wrapped["list"] = []')],
    ['a kept pattern', onThird('re._cache[(str, "a+", 0)] = re.compile("z")', 'import re')],
    [
      'the flags of a kept pattern',
      onThird('re._cache[(str, "a+", 0)] = re._cache2[(str, "a+", 0)] = re.compile("a+", re.X)', 'import re'),
    ],
    ['the names of a function', onThird('json.loads.kept = 1', 'import json')],
    [
      'the names of a function that was asked for them',
      onThird('json.dump.__dict__["kept"] = 1', 'import json\njson.dump.__dict__'),
    ],
    ['what a class is one of', onThird('collections.abc.Mapping.register(str)', 'import collections.abc')],
    ['what events are one of', onThird('collections.abc.Sequence.register(type(event))', 'import collections.abc')],
    ['what errors of codecs come to', onThird('codecs.register_error("strict", print)', 'import codecs')],
    ['the collector', onThird('gc.enable()', 'import gc')],
    [
      'a module that is imported late',
      onThird('colorsys.rgb_to_hsv.__code__ = (lambda r, g, b: 1).__code__', 'import colorsys'),
    ],
    ['while it is loaded', `import json\njson.JSONDecoder.decode = None\n${RULE}`],
  ])(
    '%s',
    async (_, code) => {
      const { canaries, attacker } = await attack(code);
      expect(canaries.map((titles) => titles.map((title) => title.replace(/ \d+$/, '')))).toEqual(
        UNHARMED.map((titles) => titles.map((title) => title.replace(/ \d+$/, ''))),
      );
      expect(attacker.filter((each) => each.startsWith('python/'))).toEqual([
        // What the harness itself stumbles over ends the process before the end of the batch.
        expect.stringMatching(/^python\/(?:tampered rule Rule\.\d+ changed what other rules share|crash )/),
      ]);
    },
    300_000,
  );
});

describe('what would go on behind the back of others is refused', () => {
  test.each([
    ['to follow what others run', 'sys.settrace(lambda *a: None)', 'sys.settrace'],
    ['to follow their calls', 'sys.setprofile(lambda *a: None)', 'sys.setprofile'],
    ['to follow threads', 'threading.settrace_all_threads(lambda *a: None)', 'sys.settrace'],
    ['to monitor', 'sys.monitoring.register_callback(1, 1, print)', 'sys.monitoring'],
    ['to listen', 'sys.addaudithook(lambda *a: None)', ''],
    ['to look through memory', 'gc.get_objects()', 'gc.get_objects'],
    ['to find who refers to what', 'gc.get_referrers(event)', 'gc.get_referrers'],
    ['to find what refers to what', 'gc.get_referents(str.__dict__)', 'gc.get_referents'],
    ['to see the frames of others', 'sys._current_frames()', 'sys._current_frames'],
    ['to make code of bytes', '(lambda: 1).__code__.replace(co_code=b"")', 'code.__new__'],
    ['to make code of what was written', 'marshal.loads(marshal.dumps((lambda: 1).__code__))', 'marshal.loads'],
    ['to make code of frozen bytes', '_imp.get_frozen_object("x", b"")', '_imp'],
    ['to reach native memory', 'import ctypes', 'ctypes'],
    ['to reach native memory below', 'import _ctypes', '_ctypes'],
    [
      'to reach native memory by its loader',
      'importlib.machinery.BuiltinImporter.load_module("_ctypes").addressof(1)',
      "'_ctypes' has no attribute 'addressof'",
    ],
    [
      'to reach native memory by what tests Python',
      'importlib.machinery.BuiltinImporter.load_module("_testinternalcapi").get_configs()',
      "'_testinternalcapi' has no attribute 'get_configs'",
    ],
    ['to reach JavaScript', 'import js', 'js'],
    ['to reach pyodide', 'from pyodide.code import run_js', 'pyodide'],
    ['to start a thread', 'threading.Thread(target=print).start()', 'thread'],
  ])('%s', async (_, body, name) => {
    const told = await attack(
      `import _imp, gc, importlib, marshal, sys, threading\ndef rule(event):\n    ${body}\n    return True\n`,
    );
    expect(told.canaries).toEqual(UNHARMED);
    if (name === '') expect(told.attacker).toEqual([told.id]);
    else expect(told.attacker).toEqual([expect.stringMatching(/^python\/(?:exception|import) /)]);
    if (name !== '') expect(told.attacker[0]).toContain(name);
  });
});

describe('what a rule makes of itself is no matter of others', () => {
  const HOSTILE = `
class Hostile(Exception):
    def __str__(self):
        raise Hostile()
    __repr__ = __str__
    @property
    def __traceback__(self):
        raise Hostile()
`;
  test.each([
    ['an error that cannot be told', `${HOSTILE}\ndef rule(event):\n    raise Hostile()`, 'python/exception'],
    [
      'an error of an alert that cannot be told',
      `${HOSTILE}\n${RULE}def alert_context(event):\n    raise Hostile()`,
      'python/output',
    ],
    [
      'an error whose class has no name',
      'class Meta(type):\n    @property\n    def __name__(cls):\n        raise KeyError\nclass E(Exception, metaclass=Meta):\n    pass\ndef rule(event):\n    raise E()',
      'python/exception',
    ],
    [
      'an import error that names no text',
      'def rule(event):\n    raise ImportError("x", name=5)',
      'python/exception|python/import',
    ],
    [
      'a syntax error without a place',
      'def rule(event):\n    raise SyntaxError("x", ("f", "line", 1, "t"))',
      'python/exception|python/syntax',
    ],
    ['a generator for a verdict', 'def rule(event):\n    yield True', 'python/return-type'],
    ['the end of an iteration', 'def rule(event):\n    raise StopIteration', 'python/exception'],
    ['the end of Python', 'def rule(event):\n    raise SystemExit(0)', 'python/exception'],
    ['recursion without end', 'def rule(event):\n    return rule(event)', 'python/exception'],
    [
      'text of a deep object',
      'import json\ndef rule(event):\n    x = []\n    for _ in range(100000):\n        x = [x]\n    return len(json.dumps(x)) > 0',
      'python/exception|python/crash',
    ],
    [
      'deep JSON',
      'import json\ndef rule(event):\n    return json.loads("[" * 100000)',
      'python/exception|python/crash',
    ],
    ['a number of many digits', 'def rule(event):\n    return str(10 ** 100000) == ""', 'python/exception'],
    [
      'a mapping that lies',
      `import collections.abc\nclass M(collections.abc.Mapping):\n    def __getitem__(self, k): raise KeyError\n    def __iter__(self): return iter([object()])\n    def __len__(self): return -1\n${RULE}def alert_context(event):\n    return M()`,
      'python/output',
    ],
  ])(
    '%s',
    async (_, code, expected) => {
      const { canaries, attacker } = await attack(code);
      expect(canaries.map((each) => each.map((title) => title.replace(/ \d+$/, '')))).toEqual(
        UNHARMED.map((each) => each.map((title) => title.replace(/ \d+$/, ''))),
      );
      expect(attacker.join('\n')).toMatch(new RegExp(expected));
    },
    300_000,
  );

  test('text of a class of its own is text, and cut', async () => {
    const code = `
class Text(str):
    def __len__(self): return 0
    def __str__(self): raise KeyError
    def upper(self): return self
${RULE}def title(event):
    return Text("x" * 5000)
`;
    const { canaries, attacker } = await attack(code);
    expect(canaries).toEqual(UNHARMED);
    expect(attacker).toEqual([expect.stringMatching(/^x{985}\.\.\. \(truncated\)$/)]);
  });

  test('what runs when an object goes away finds nobody at work', async () => {
    const code = `
import sys
SEEN = []
class Gone:
    def __init__(self):
        self.me = self
    def __del__(self):
        frame = sys._getframe(1) if sys._getframe(0).f_back else None
        while frame is not None:
            SEEN.append(frame.f_code.co_filename)
            frame = frame.f_back
def rule(event):
    for _ in range(2000):
        Gone()
    return True
def title(event):
    return str([each for each in SEEN if each.startswith("Rule.") and each != __file__])
`;
    const { canaries, attacker } = await attack(code);
    expect(canaries).toEqual(UNHARMED);
    expect(attacker).toEqual(['[]']);
  });

  test('nothing of what others have answered can be found from its frames', async () => {
    const code = `
import sys
def rule(event):
    return True
def title(event):
    names = []
    frame = sys._getframe(0)
    while frame is not None:
        names.append(frame.f_code.co_name)
        for value in list(frame.f_locals.values()):
            if "canary" in repr(value):
                names.append("found")
        frame = frame.f_back
    return " ".join(names)
`;
    const { canaries, attacker } = await attack(code);
    expect(canaries).toEqual(UNHARMED);
    expect(attacker).toEqual(['title call all _call']);
  });

  test('what ends with Python, or is registered for its end, ends with it', async () => {
    const told = await attack(`import atexit\natexit.register(lambda: 1 / 0)\n${RULE}`);
    expect(told.canaries).toEqual(UNHARMED);
    expect(told.attacker).toEqual([told.id]);
  });
});

describe('what Panther gives rules on purpose', () => {
  test('a cache that rules share, and names that a rule sets for its title', async () => {
    const writes = ruleOf(
      'from panther_detection_helpers.caching import add_to_string_set\nWHO = ""\ndef rule(event):\n    global WHO\n    WHO = f"w{event.get(\'n\')}"\n    add_to_string_set("seen", [WHO])\n    return True\ndef title(event):\n    return WHO',
    );
    const reads = ruleOf(
      'from panther_detection_helpers.caching import get_string_set\ndef rule(event):\n    return True\ndef title(event):\n    return ",".join(sorted(get_string_set("seen")))',
    );
    const results = await engine.evaluate(
      [writes, reads],
      [0, 1].map((n) => ({ event: { n }, logType: 'T' })),
    );
    expect(results.map((each) => (each.kind === 'matched' ? each.outputs.title : each.diagnostics))).toEqual([
      'w0',
      'w0',
      'w1',
      'w0,w1',
    ]);
  });

  test('what a shared module keeps for a rule', async () => {
    const bundle: PythonBundle = {
      modules: [
        {
          name: 'counter',
          file: 'counter.py',
          code: 'COUNT = 0\ndef up():\n    global COUNT\n    COUNT += 1\n    return COUNT\n',
        },
      ],
      dataModels: [],
    };
    const code = `import counter\n${RULE}def title(event):\n    return str(counter.up())`;
    const rules = [ruleOf(code, { bundle }), ruleOf(code, { bundle })];
    const results = await engine.evaluate(rules, [
      { event: {}, logType: 'T' },
      { event: {}, logType: 'T' },
    ]);
    expect(results.map((each) => (each.kind === 'matched' ? each.outputs.title : each.diagnostics))).toEqual([
      '1',
      '1',
      '2',
      '2',
    ]);
  });
});
