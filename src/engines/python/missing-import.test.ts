import { expect, test } from 'vitest';
import { pythonRule } from '../../../test/python-rule.ts';
import type { PythonModule } from '../../ir/rule/python.ts';
import { pythonOf } from '../../ir/rule/rule.ts';
import { missingImport, PROVIDED } from './missing-import.ts';
import { runtimeModules } from './runtime/modules.ts';

function missing(code: string, shared: Readonly<Record<string, string>> = {}): string | undefined {
  const modules = Object.entries(shared).map(
    ([name, text]): PythonModule => ({ name, file: `${name}.py`, code: text }),
  );
  const program = pythonOf(pythonRule('R', code, { bundle: { modules, dataModels: [] } }));
  return program && missingImport(program)?.text;
}

test('what is not there is found, also where a shared module imports it', () => {
  expect(missing('import numpy\ndef rule(event): return True')).toBe("No module named 'numpy'");
  expect(missing('from numpy.linalg import norm')).toBe("No module named 'numpy.linalg'");
  expect(missing('import help', { help: 'import numpy' })).toBe("No module named 'numpy'");
  expect(missing('from help import one', { help: 'def two(): pass' })).toBe("cannot import name 'one' from 'help'");
  expect(missing('import a', { a: 'import b', b: 'import a' })).toBeUndefined();
});

test('what may be there is not', () => {
  for (const code of [
    'import json, xml.etree.ElementTree as tree\nfrom collections.abc import Mapping',
    'from panther_core.enriched_event import PantherEvent\nimport policyuniverse.policy',
    'try:\n    import numpy\nexcept ImportError:\n    numpy = None',
    'def rule(event):\n    import numpy\n    return True',
    'from . import x',
    'import distutils, imp, annotationlib, _weakref',
    'from help import one',
    'from help import *',
  ]) {
    expect(missing(code, { help: 'if 1:\n    one = 2\n' }), code).toBeUndefined();
  }
  expect(missing('from help import two', { help: 'from other import *', other: '' })).toBeUndefined();
});

test('the modules that the sandbox has are known', () => {
  const tops = runtimeModules.map(({ name }) => name.split('.')[0] ?? '').filter((name) => !name.startsWith('_'));
  expect([...PROVIDED].sort()).toEqual([...new Set(tops)].sort());
});
