import { afterAll, describe, expect, test } from 'vitest';
import { candidatesOf } from '../../../test/python-candidates.ts';
import { pythonRule, unifiedName } from '../../../test/python-rule.ts';
import { type Json, type JsonObject, stringifyJson } from '../../base/json.ts';
import { createPythonEngine, type PythonOutputs } from '../../engines/python/index.ts';
import { tierOf } from '../../engines/python/tiers.ts';
import type { DataModel, PythonBundle, PythonModule, PythonProgram } from '../../ir/rule/python.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import { WithoutPython } from './python-outputs.ts';

const module = (name: string, code: string): PythonModule => ({ name, file: `${name}.py`, code });
const model: DataModel = {
  id: 'Model',
  logTypes: ['T'],
  enabled: true,
  module: module(
    'model',
    'def who(event):\n    return event.get("user") or None\ndef listed(event):\n    return [event.get("user")]\n',
  ),
  mappings: [
    { name: 'actor', method: 'who' },
    unifiedName('deep', '$.a.b'),
    unifiedName('flat', 'v'),
    unifiedName('last', '$.v[-1]'),
    unifiedName('part', 'v[:1]'),
    unifiedName('each', 'v[*]'),
    unifiedName('inside', '$..b'),
    unifiedName('chosen', "$.v[?(@.k == 'a')].n"),
    unifiedName('sized', '$.v.`len`'),
    { name: 'listed', method: 'listed' },
  ],
};
const shared = module(
  'shared_helpers',
  `WORDS = ["a", "b"]
LEVELS = {"x": "HIGH", "y": "LOW"}

def add_word(word):
    WORDS.append(word)
    return WORDS

def context(event, more=None):
    found = {"v": event.get("v"), "user": event.get("user", "<none>")}
    if more:
        found.update(more)
    return found
`,
);
const bundle: PythonBundle = { modules: [shared], dataModels: [model] };
let made = 0;

function nextRule(code: string, more: Partial<PythonProgram> = {}): Rule {
  made += 1;
  return pythonRule(`rule${made}`, code, { bundle, ...more });
}

const engine = createPythonEngine();
const withoutPython = new WithoutPython();
afterAll(() => engine.close(), 60_000);

const RULE = 'def rule(event):\n    return True\n';
const values: readonly Json[] = [
  null,
  true,
  false,
  0,
  -0,
  1,
  -3,
  1.5,
  1e-7,
  1e22,
  123456789012345680000,
  9007199254740993n,
  '',
  'a',
  'abc',
  'A.b/C:d@e',
  ' x y\tz\u00a0\u2003 ',
  'true',
  '12',
  '-7',
  '007',
  "it's",
  'say "it\'s"\\\n',
  'caf\u00e9 \u0130\u00df',
  '\ud83d\ude00x',
  '\ud800',
  '{"a": [1, "b"], "c": null}',
  '[1.0, 2]',
  'aXbXc',
  '10.2.3.4',
  '10.02.3.4',
  '256.1.1.1',
  '::1',
  '10.0.0.0/8',
  '10.0.0.1/8',
  '10.0.0.0/33',
  ['10.0.0.0/8', '192.168.0.0/16'],
  [],
  ['a'],
  ['b', 'a', 'b'],
  ['a', 1, null, true],
  [['a'], []],
  [{ k: 'a', n: 1 }, { k: 'b' }],
  {},
  { a: 1 },
  { A: 'x', b: { c: [1, 2] } },
  { k: null, '7': 'n', b: true },
];

/** Every one of these is worked out on every value, here and by Python. */
const expressions: readonly string[] = [
  'event.get("v")',
  'event.get("V", "none")',
  'event["v"]',
  'event.get("p_log_type")',
  'f"{event.get(\'v\')}"',
  'f"<{event.get(\'v\')!r}> {v!s}"',
  'str(v)',
  'repr(v)',
  'str([v, (v,), {"k": v}])',
  'bool(v)',
  'not v',
  'v or "other"',
  'v and "other"',
  'v == "a"',
  'v == 1',
  'v == ["a"]',
  'v == ("a",)',
  'v == {"a": 1}',
  'v != v',
  'v is None',
  'v is not None',
  'v in ("a", "abc", 1, None)',
  'v in {"a", "abc"}',
  'v in {"a": 1}',
  '"a" in v',
  '"A" in v',
  'v < "b"',
  'v < 2',
  '1 <= v < 3',
  'len(v)',
  'v[0]',
  'v[-1]',
  'v["a"]',
  'v[:2]',
  'v[1:]',
  'v[-2:]',
  'v.lower()',
  'v.upper()',
  'v.title()',
  'v.capitalize()',
  'v.strip()',
  'v.rstrip(" z")',
  'v.split()',
  'v.split("/")',
  'v.split("X", 1)',
  'v.rsplit("X", 1)',
  'v.startswith(("a", "A"))',
  'v.endswith("c")',
  'v.replace("a", "$&")',
  'v.isdigit()',
  'v.find("b")',
  'v.count("b")',
  'v.removeprefix("a")',
  'v.removesuffix("c")',
  '", ".join(v)',
  'v.get("a")',
  'v.get("b", {}).get("c")',
  'v.items()',
  'v.keys()',
  'list(v.keys())',
  'list(v.values())',
  '[f"{k}={x}" for k, x in v.items()]',
  '{k: x for k, x in v.items()}',
  'dict(v)',
  'dict(v, extra=1)',
  '{**v, "extra": v}',
  'v.copy()',
  'list(v)',
  'tuple(v)',
  'sorted(v)',
  'sorted(set(v))',
  'set(v) == {"a", "b"}',
  'len(set(v))',
  'list(set(v))',
  'max(v)',
  'min(v, 1)',
  'sum(v)',
  'any(v)',
  'all(v)',
  'any(x == "a" for x in v)',
  'all(isinstance(x, str) for x in v)',
  'any(x.lower() == "a" for x in {"A", "b"})',
  'next((x for x in v if x), "none")',
  '[x for x in v if x]',
  '[x.get("k") for x in v]',
  '[(i, x) for i, x in enumerate(v)]',
  'list(zip(v, range(3)))',
  'int(v)',
  'float(v)',
  'v + "x"',
  'v + 1',
  'v - 1',
  'v * 2',
  'v / 2',
  'v // 2',
  'v % 2',
  '-v',
  'abs(v)',
  'isinstance(v, str)',
  'isinstance(v, (int, float))',
  'isinstance(v, bool)',
  'isinstance(v, list)',
  'isinstance(v, dict)',
  'json.loads(v)',
  'json.loads(v).get("a")',
  're.search("[A-Z]", v) is not None',
  're.match(r"(\\w+)\\.(\\w)", v).group(1)',
  'fnmatch.fnmatch(v, "*b*")',
  'str(ip_address(v) in ip_network("10.0.0.0/8"))',
  'any(ip_address("10.1.2.3") in ip_network(n) for n in v)',
  'ip_network(v) is not None',
  'event.udm_path("deep")',
  'event.udm_path("actor")',
  'event.udm_path("nothing")',
  'event.get("v", default=1)',
  'v.get("a", default=1)',
  'v.rsplit("X", maxsplit=1)',
  'event.deep_get("v", "b", "c")',
  'event.deep_get("v", "a", default="none")',
  'event.deep_walk("v", "k")',
  'event.deep_walk("v", "k", return_val="first")',
  'event.deep_walk("v", default="none")',
  'event.udm("actor")',
  'event.udm("deep", default="none")',
  'event.udm("flat")',
  'event.udm("v", default="none")',
  'event.udm()',
  'event.udm("flat", default="none")',
  'event.udm("last", default="none")',
  'event.udm("part", default="none")',
  'event.udm("each", default="none")',
  'event.udm("inside")',
  'event.udm("chosen", default="none")',
  'event.udm("sized")',
  'event.udm("listed") + ["x"]',
  'event.udm("listed") == [event.get("user")]',
  'event.udm("V", "a", default=[])',
  'event.udm("actor", "x", default=1)',
  'event.udm_path("last")',
  'event.deep_walk("V", "K")',
  'event.deep_walk("v", "k", return_val="last", default="a")',
  'event.deep_walk("v", "k", return_val="some")',
  'event.deep_walk("v", "b", "c", default={"c": "d"})',
  'event.deep_walk("v", "b", default=[1, "x"])',
  'event.deep_get("v", "nothing", "c", default={"c": "d"})',
  'event.deep_get("v", "a", default={})',
  'v[:1] == ["a"]',
  'v[:1] == ("a",)',
  'v[:1] + ("b",)',
  'isinstance(v[:1], tuple)',
  'str(v[:1])',
  '[x.get("k") for x in v[:1]]',
  'v in {("a",), "a"}',
  'v not in {"a", "abc"}',
  '{"a": 1}.get(v, "none")',
  '{v}',
  '1 in v',
  'None in v',
  'v in v',
  'v.get(1, "none")',
  'v.get(None)',
  'v.get(v)',
  'event.get(v)',
  'json.loads(v).get(1, "none")',
  'v + v',
  'v + [1]',
  '[1] + v',
  'f"{v}" + str(event.get("a"))',
  'v == [["a"], []]',
  'v == [("a",), ()]',
  'event.get("v").get("a") if isinstance(event.get("v"), dict) else "no dict"',
  '"yes" if v else "no"',
  'context(event)',
  'context(event, {"more": v})',
  'LEVELS.get(v, "none")',
  'LEVELS["x"]',
  'WORDS + ["c"]',
  '["x"] + v',
  'v + ["x"]',
  '("x",) + v',
  'isinstance((["x"] + v)[1], dict)',
  'add_word("c")',
  '(lambda x, y=2: [x, y])(v)',
  'next(iter(v))',
  'event.to_dict()',
  'event.event_time_epoch()',
  'event.lookup("t", "k")',
  'unknown_name',
  'v.nothing',
  '{1: v}',
  '{"__proto__": v}',
  '[v] == [event.get("v")]',
  '(v,) == (event.get("v"),)',
  'v == event.get("v")',
  '"%s" % v',
  '"{}".format(v)',
  'f"{v:>5}"',
];

/** Bodies of `alert_context`. */
const bodies: readonly string[] = [
  'found = {}\nfor key in ("a", "b"):\n    found[key] = v\nreturn found',
  'found = []\nfor item in v:\n    if item == "b":\n        continue\n    if item is None:\n        break\n    found.append(item)\nelse:\n    found.append("end")\nreturn {"found": found}',
  'try:\n    return {"v": v["a"]}\nexcept KeyError:\n    return {"v": "no key"}\nexcept (TypeError, IndexError):\n    return {"v": "type"}',
  'try:\n    x = json.loads(v)\nexcept Exception:\n    x = "bad"\nreturn {"x": x}',
  'try:\n    x = v.lower()\nexcept AttributeError as error:\n    x = "none"\nelse:\n    x += "!"\nreturn {"x": x}',
  'match v:\n    case "a" | "abc":\n        return {"m": 1}\n    case None:\n        return {"m": 2}\n    case _:\n        return {"m": 3}',
  'def inner(x):\n    return [x, v]\nreturn {"i": inner(1)}',
  'count = 0\nwhile count < 3:\n    count += 1\nreturn {"c": count}',
  'a, b = v\nreturn {"a": a, "b": b}',
  'if (size := len(v)) > 1:\n    return {"n": size}\nreturn {"n": 0}',
  'x = {"l": [v]}\ny = x\ny["l"].append(2)\nreturn x',
  'found = ["x"]\nother = found\nfound += v\nreturn {"x": other}',
  'found = {"x"}\nfound.update(v)\nreturn {"x": sorted(found)}',
  'd = {"a": 1, "b": 2}\nfound = []\nfor k, x in d.items():\n    d["b"] = 3\n    found.append(x)\nreturn {"x": found}',
  'd = {"a": 1}\nfor k in d.keys():\n    d["z"] = 1\nreturn d',
  'd = {"a": 1}\nks = d.keys()\nd["z"] = v\nreturn {"n": len(ks), "k": list(ks), "in": "z" in ks}',
  'xs = [1, 2]\ne = enumerate(xs)\nxs.append(3)\nreturn {"x": list(e), "y": list(e)}',
  'xs = [1, 2]\nfor i, x in enumerate(xs):\n    if len(xs) < 5:\n        xs.append(x)\nreturn {"x": xs}',
  'r = range(2)\nreturn {"x": list(r), "y": list(r), "n": len(r)}',
  'z = zip(v, v)\nreturn {"x": [list(p) for p in z], "y": str(z)}',
  'x = [v]\nfor _ in range(3):\n    x = [x, x]\nreturn {"x": x, "same": x == x, "text": str(x)}',
  'return v',
  'return None',
  'return {"s": {v}}',
  'return {None: v, True: 1}',
  'return {"long": "x" * 300000}',
  'global seen\nseen = v\nreturn {"seen": seen}',
  'import os\nreturn {"x": 1}',
  'yield v',
  'raise ValueError("x")',
];

const indented = (body: string): string => body.replaceAll('\n', '\n    ');
const HEAD = `import fnmatch\nimport json\nimport re\nfrom ipaddress import ip_address, ip_network\nfrom shared_helpers import LEVELS, WORDS, add_word, context\n${RULE}`;
const events: readonly JsonObject[] = values.flatMap((v) => [
  { v, user: 'cat' },
  { V: v, a: { b: v }, p_log_type: 'T' },
]);

const textOf = (outputs: PythonOutputs): string => stringifyJson({ ...outputs, alertContext: outputs.alertContext });

/** How many of the pairs are told without Python; fails where one of them is told otherwise than by Python. */
async function compare(rules: readonly Rule[], given: readonly JsonObject[]): Promise<number> {
  const results = await engine.evaluate(
    rules,
    given.map((event) => ({ event, logType: 'T' })),
  );
  const python = new Map<string, string>();
  for (const result of results) {
    const clean = result.kind === 'matched' && result.diagnostics.length === 0;
    python.set(`${result.rule.id} ${result.event}`, clean ? textOf(result.outputs) : 'an error');
  }
  let told = 0;
  const candidates = candidatesOf(rules, 'T');
  for (const [at, event] of given.entries()) {
    for (const rule of candidates(event)) {
      const outputs = withoutPython.tell(rule, event, 'T');
      if (outputs === undefined) continue;
      told += 1;
      const code = pythonOf(rule)?.module.code ?? '';
      expect(outputs === 'no match' ? outputs : textOf(outputs), `event ${at}: ${code}`).toBe(
        python.get(`${rule.id} ${at}`) ?? 'no match',
      );
    }
  }
  return told;
}

describe('what is told without Python is what Python tells', () => {
  test('expressions', async () => {
    const rules = expressions.map((each) =>
      nextRule(`${HEAD}\ndef alert_context(event):\n    v = event.get("v")\n    return {"x": ${each}}\n`),
    );
    const told = await compare(rules, events);
    expect(told).toBeGreaterThan((rules.length * events.length) / 3);
  }, 60_000);

  test('verdicts', async () => {
    const rules = expressions.flatMap((each) =>
      [`bool(${each})`, `not (${each})`].map((verdict) =>
        nextRule(`${HEAD.replace(RULE, '')}\ndef rule(event):\n    v = event.get("v")\n    return ${verdict}\n`),
      ),
    );
    const results = await engine.evaluate(
      rules,
      events.map((event) => ({ event, logType: 'T' })),
    );
    const matched = new Set(
      results.flatMap((result) => (result.kind === 'matched' ? [`${result.rule.id} ${result.event}`] : [])),
    );
    const candidates = candidatesOf(rules, 'T');
    let exact = 0;
    for (const [at, event] of events.entries()) {
      const chosen = new Set(candidates(event));
      for (const rule of rules) {
        const isExact = tierOf(rule)?.tier === 1;
        if (isExact) exact += 1;
        const python = matched.has(`${rule.id} ${at}`);
        const code = pythonOf(rule)?.module.code ?? '';
        if (isExact || python) expect(chosen.has(rule), `event ${at}: ${code}`).toBe(python);
      }
    }
    expect(exact).toBeGreaterThan((rules.length * events.length) / 3);
  }, 60_000);

  test('titles, dedup and severity', async () => {
    const rules = [
      'title',
      'dedup',
      'severity',
      'description',
      'reference',
      'runbook',
      'unique',
      'destinations',
    ].flatMap((name) =>
      [
        'event.get("v")',
        'str(event.get("v")) * 1',
        'f"{event.get(\'v\')}" + "-" + "y" * 0',
        '"default"',
        '"hIgH"',
        '""',
        'None',
      ].map((each) => nextRule(`${HEAD}\ndef ${name}(event):\n    return ${each}\n`)),
    );
    const long = 'é😀'.repeat(600);
    rules.push(
      nextRule(`${HEAD}\ndef title(event):\n    return f"${long}{event.get('v')}"\n`),
      nextRule(`${HEAD}\ndef title(event):\n    return ""\n`),
      nextRule(`${HEAD}\ndef title(event):\n    return "t"\n\ndef dedup(event):\n    return ""\n`),
      nextRule(`${HEAD}\ntitle = "no function"\n`),
      nextRule(`${HEAD}\ntitle = lambda event: event.get("user", "nobody")\n`),
      nextRule(HEAD),
      nextRule(`${HEAD}\nfrom shared_helpers import context as alert_context\n`),
    );
    expect(await compare(rules, events)).toBeGreaterThan(events.length * 20);
  }, 60_000);

  test('statements', async () => {
    const rules = bodies
      .filter((body) => !body.startsWith('while True'))
      .map((body) => nextRule(`${HEAD}\ndef alert_context(event):\n    v = event.get("v")\n    ${indented(body)}\n`));
    expect(await compare(rules, events)).toBeGreaterThan((rules.length * events.length) / 3);
  }, 60_000);

  test('verdicts that are only guarded', async () => {
    const guarded = (body: string): Rule =>
      nextRule(
        `import json\n\ndef rule(event):\n    if event.get("user") != "cat":\n        return False\n    ${indented(body)}\n`,
      );
    const rules = [
      guarded('return "a" in [str(x) for x in event.get("v", [])]'),
      guarded('x = {}\nx[str(event.get("v"))] = True\nreturn x.get("a", False)'),
      guarded('return len(sorted(event.get("v"))) > 1'),
      guarded('return 1'),
    ];
    const told = await compare(rules, events);
    expect(told).toBeGreaterThan(0);
  }, 60_000);
});

describe('what is left to Python', () => {
  const event = { v: 'a' };
  const told = (body: string, before = ''): unknown =>
    withoutPython.tell(
      nextRule(`${HEAD}\n${before}\ndef title(event):\n    v = event.get("v")\n    ${indented(body)}\n`),
      event,
      'T',
    );

  test('loops without end, exceptions, the clock, what is not known', () => {
    expect(told('while True:\n    pass')).toBeUndefined();
    expect(told('return title(event)')).toBeUndefined();
    expect(told('return v.x')).toBeUndefined();
    expect(told('return 5')).toBeUndefined();
    expect(told('return str(time.time())', 'import time')).toBeUndefined();
    expect(told('return v')).toMatchObject({ title: 'a' });
  });

  test('what grows without bounds', () => {
    expect(told('x = "ab"\nfor _ in range(100):\n    x = x + x\nreturn x[:2]')).toBeUndefined();
    expect(told('x = ["ab"]\nfor _ in range(100):\n    x += x\nreturn x[0]')).toBeUndefined();
    expect(told('x = [v]\nfor _ in range(60):\n    x = [x, x]\nreturn str(x)')).toBeUndefined();
    expect(
      told('x = (v,)\ny = (v,)\nfor _ in range(60):\n    x, y = (x, x), (y, y)\nreturn str(x == y)'),
    ).toBeUndefined();
    expect(told('x = "a"\nfor _ in range(30):\n    x = x.replace("a", "aaaaaaaaaa")\nreturn x[:1]')).toBeUndefined();
    const context = 'x = [v]\nfor _ in range(60):\n    x = [x, x]\nreturn {"x": x}';
    const code = `${RULE}def alert_context(event):\n    v = 1\n    ${indented(context)}\n`;
    expect(withoutPython.tell(nextRule(code), event, 'T')).toBeUndefined();
  });

  test('names that are set in ways that are not followed', () => {
    expect(told('return "x"', 'exec("def dedup(event): return 1")')).toBeUndefined();
    expect(told('return "x"', 'globals()["dedup"] = 1')).toBeUndefined();
    expect(told('return "x"', 'try:\n    import json as dedup\nexcept ImportError:\n    pass')).toBeUndefined();
    expect(told('return "x"', 'from shared_helpers import *')).toBeUndefined();
  });

  test('what outlasts a call', () => {
    expect(told('global seen\nseen = 1\nreturn "x"', 'seen = 0')).toBeUndefined();
    expect(told('seen.append(v)\nreturn "x"', 'seen = []')).toBeUndefined();
    expect(told('items = seen\nitems.append(v)\nreturn "x"', 'seen = []')).toBeUndefined();
    expect(told('return f(v)', 'def f(x, held=[]):\n    held.append(x)\n    return str(held)')).toBeUndefined();
    expect(told('return seen', 'seen = ""\n\ndef other():\n    global seen\n    seen = "x"')).toBeUndefined();
    expect(told('return seen[0]', 'seen = ["x"]')).toMatchObject({ title: 'x' });
  });

  test('rules with filters, policies, and events that tables enrich', () => {
    const filter = { kind: 'literal', type: 'bool', value: true } as const;
    expect(withoutPython.tell(nextRule(RULE, { filter }), event, 'T')).toBeUndefined();
    expect(withoutPython.tell(nextRule(RULE, { kindOfRule: 'policy' }), event, 'T')).toBeUndefined();
    const table = {
      name: 't',
      enabled: true,
      primaryKey: 'k',
      selectors: [{ logType: 'T', fields: ['v'] }],
      rows: [{ k: 'a' }],
    };
    const enriched = { ...bundle, lookupTables: [table] };
    expect(withoutPython.tell(nextRule(RULE, { bundle: enriched }), event, 'T')).toBeUndefined();
    expect(withoutPython.tell(nextRule(RULE), event, 'T')).toMatchObject({
      severity: 'MEDIUM',
      dedup: expect.any(String),
    });
  });
});
