import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pythonRule } from '../../../test/python-rule.ts';
import { createPythonEngine } from './python-engine.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'dragoman-roads-'));
const engine = createPythonEngine({ cacheFolder, timeLimitMs: 250_000 });
afterAll(async () => {
  await engine.close();
  rmSync(cacheFolder, { recursive: true });
}, 60_000);

async function contextOf(code: string): Promise<unknown> {
  const [result] = await engine.evaluate(
    [pythonRule('roads', code)],
    [{ event: { n: 1, in: { x: [1] } }, logType: 'T' }],
  );
  return result?.kind === 'matched' ? result.outputs.alertContext : result?.diagnostics.map(({ message }) => message);
}

/**
 * Follows everything that can be followed from what a rule has, as `gc` would, were it not refused: names, items, cells, frames,
 * classes and their subclasses, whatever a descriptor of the interpreter gives. `stray` says what must not be found.
 */
const census = (stray: string): string => `
import collections, importlib.abc, sys, types
seen = {}
found = []
SLOTS = (types.GetSetDescriptorType, types.MemberDescriptorType)
# Those make what they give.
MAKING = ("__annotate__", "__annotations__", "__dict__", "__type_params__")
def stray(each):
${stray}
def parts(each):
    kind = type(each)
    if kind in (str, bytes, bytearray, int, float, complex, bool, type(None)):
        return
    if kind in (dict, types.MappingProxyType):
        for key, value in list(each.items()):
            yield value, f"[{str(key)[:30]!r}]"
    elif kind in (list, tuple, set, frozenset):
        for value in list(each):
            yield value, "[]"
    if isinstance(each, type):
        for value in type.__subclasses__(each):
            yield value, f"<{type.__dict__['__name__'].__get__(value)}"
        for name, value in type.__dict__["__dict__"].__get__(each).items():
            yield value, f".{name}"
    elif kind not in (types.FunctionType, types.BuiltinFunctionType):
        try:
            yield object.__getattribute__(each, "__dict__"), ".__dict__"
        except BaseException:
            pass
    yield kind, ".__class__"
    for base in type.__dict__["__mro__"].__get__(kind):
        for name, slot in type.__dict__["__dict__"].__get__(base).items():
            if type(slot) in SLOTS and name not in MAKING:
                try:
                    yield slot.__get__(each), f".{name}"
                except BaseException:
                    pass
def rule(event):
    start = [event, sys._getframe(), object, sys, globals(), importlib.abc, types, sys.exc_info]
    open = collections.deque((each, type(each).__name__) for each in start)
    while open:
        each, path = open.popleft()
        if id(each) in seen:
            continue
        seen[id(each)] = each
        if stray(each):
            found.append(path)
        for part, name in parts(each):
            if id(part) not in seen:
                open.append((part, path + name))
    return True
def alert_context(event):
    return {"found": found[:10], "count": len(seen)}
`;

describe('from what a rule has', () => {
  test('no road leads to an object of JavaScript, or to what makes one', async () => {
    const stray = `
    kind = type(each)
    name = type.__dict__["__name__"].__get__(kind)
    if name in ("JsProxy", "JsFinder"):
        return not isinstance(each, type)
    if kind is types.ModuleType:
        return str(each.__dict__.get("__name__")).lstrip("_").partition(".")[0] in ("js", "pyodide", "pyodide_core", "pyodide_js")
    return kind is types.FunctionType and "pyodide" in str(each.__globals__.get("__name__"))`;
    expect(await contextOf(census(stray))).toEqual({ found: [], count: expect.toSatisfy((count) => count > 100_000) });
  }, 300_000);

  test('none of them is made anew', async () => {
    const code = `
import _imp, importlib.machinery, types
NAMES = ("_imp", "js", "pyodide_js", "_pyodide_core", "_ctypes", "_remote_debugging", "_testcapi", "_testinternalcapi", "_testbuffer", "xxsubtype")
found = []
def look(how, name, make):
    try:
        made = make()
    except (ImportError, TypeError, ValueError):
        return
    if made is not None and vars(made).keys() - {"__name__", "__doc__", "__package__", "__loader__", "__spec__"}:
        found.append(f"{name} {how}")
def rule(event):
    for name in NAMES:
        spec = types.SimpleNamespace(name=name, origin="built-in", submodule_search_locations=None)
        look("built in", name, lambda: _imp.create_builtin(spec))
        look("by its importer", name, lambda: importlib.machinery.BuiltinImporter.create_module(spec))
        look("frozen", name, lambda: _imp.init_frozen(name))
        name == "_imp" or look("imported", name, lambda: __import__(name))
    return True
def alert_context(event):
    return {"found": found, "builtin": _imp.create_builtin(types.SimpleNamespace(name="math", origin=None)).__name__}
`;
    expect(await contextOf(code)).toEqual({ found: [], builtin: 'math' });
  }, 300_000);

  test('none leads to what finds that others were changed, and the search does find what is there', async () => {
    const stray = `
    return type(each) is types.FunctionType and each.__code__.co_filename in ("checking", "roads.py")`;
    const told = await contextOf(census(stray));
    expect(told).toMatchObject({ found: expect.arrayContaining([expect.stringContaining('rule')]) });
    expect(JSON.stringify(told)).not.toContain('_same');
  }, 300_000);
});

describe('the files that Python has in its memory', () => {
  test.each([
    ['written', 'open("/lib/python314.zip", "r+b").write(b"x")'],
    ['opened to be written', 'open("/lib/python314.zip", "ab")'],
    ['opened below Python', 'os.open("/lib/python314.zip", os.O_RDWR | os.O_TRUNC)'],
    ['made', 'open("/tmp/new.py", "w")'],
    ['removed', 'os.unlink("/lib/python314.zip")'],
    ['renamed', 'os.rename("/lib/python314.zip", "/lib/x")'],
    ['cut', 'os.truncate("/lib/python314.zip", 0)'],
    ['linked', 'os.symlink("/lib", "/lib2")'],
    ['made as folders', 'os.mkdir("/new")'],
    ['closed to others', 'os.chmod("/lib/python314.zip", 0)'],
    ['stamped', 'os.utime("/lib/python314.zip", (0, 0))'],
  ])(
    'cannot be %s',
    async (_, change) => {
      const code = `
import os
path = next(each for each in __import__("sys").path if each.endswith(".zip"))
size = os.stat(path).st_size
def rule(event):
    return True
def alert_context(event):
    try:
        ${change.replaceAll('"/lib/python314.zip"', 'path')}
    except OSError as refused:
        return {"refused": refused.strerror, "same": os.stat(path).st_size == size}
`;
      expect(await contextOf(code)).toEqual({
        refused: expect.stringMatching(/^(?:Read-only file system|.*ermission)/),
        same: true,
      });
    },
    120_000,
  );

  test('are read as ever, and what is printed has somewhere to go', async () => {
    const code = `
import os, random, sys, wave
def rule(event):
    print("x", file=sys.stderr)
    sys.stdout.flush()
    with open("/dev/null", "w") as nowhere:
        nowhere.write("x")
    return len(os.urandom(3)) == 3 and "lib" in os.listdir("/")
def alert_context(event):
    return {"wave": wave.__name__}
`;
    expect(await contextOf(code)).toEqual({ wave: 'wave' });
  });
});
