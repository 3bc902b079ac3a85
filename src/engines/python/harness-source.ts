import { harnessPart, runtimeModules } from './runtime/modules.ts';

/**
 * The Python that the worker runs first. The modules it needs itself are put in place before `configure` brings the others;
 * the same texts, so that rules and harness share their classes.
 */
export function harnessSource(): string {
  const needed = runtimeModules.map((module) => [module.name, module.file, module.code]);
  const provide = `
import json as _json
for _name, _file, _code in _json.loads(${pythonText(JSON.stringify(needed))}):
    _runtime[_name] = (_file, _code)
sys.meta_path.append(_Finder())
`;
  const preload = `import ${PRELOADED.join(', ')}\n`;
  // What finds that rules changed something stands in names of its own.
  const check = `
_checking = {"__name__": "checking", "__builtins__": dict(vars(sys.modules["builtins"]))}
exec(compile(${pythonText(harnessPart('checking'))}, "checking", "exec"), _checking)
`;
  const parts = ['loader', 'javascript', 'worlds', 'bundles', 'rules', 'shared'].map(harnessPart);
  const calls = ['calls', 'testing', 'tracing', 'standing'].map(harnessPart);
  return [...parts, provide, ...calls.slice(0, -1), preload, check, ...calls.slice(-1)].join('\n');
}

/** What rules import of the standard library: loaded with the harness, so that it is part of the snapshot. */
const PRELOADED = [
  'base64',
  'binascii',
  'collections.abc',
  'copy',
  'datetime',
  'difflib',
  'fnmatch',
  'functools',
  'hashlib',
  'ipaddress',
  'itertools',
  'logging',
  'math',
  'random',
  'shlex',
  'string',
  'typing',
  'unittest.mock',
  'urllib.parse',
  'uuid',
];

/** A Python string literal of an ASCII-safe kind. */
function pythonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
