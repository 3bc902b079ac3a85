import { sourceText } from '../src/base/source-text.ts';
import { askPython } from '../src/ir/plan/ask.ts';
import type { PythonProgram, UnifiedName } from '../src/ir/rule/python.ts';
import type { Rule, RuleTest } from '../src/ir/rule/rule.ts';
import { parseJsonPath } from '../src/languages/json-path/index.ts';

/** A Panther rule of this Python, for log type `T`; its severity is medium. */
export function pythonRule(
  id: string,
  code: string,
  { tests = [], ...program }: Partial<PythonProgram> & { readonly tests?: readonly RuleTest[] } = {},
): Rule {
  return {
    id,
    name: id,
    file: `${id}.yml`,
    format: 'panther',
    language: 'python',
    span: { source: `${id}.yml`, start: 0, end: 1 },
    description: '',
    severity: 'medium',
    enabled: true,
    tags: [],
    techniques: [],
    tactics: [],
    references: [],
    falsePositives: [],
    schema: 'panther',
    logic: askPython({
      kindOfRule: 'rule',
      module: { name: id, file: `${id}.py`, code },
      bundle: { modules: [], dataModels: [] },
      logTypes: ['T'],
      defaults: { severity: 'MEDIUM' },
      ...program,
    }),
    tests,
  };
}

/** A mapping of a data model to what a path finds. */
export function unifiedName(name: string, path: string): UnifiedName {
  const query = parseJsonPath(sourceText('path', path));
  if ('reason' in query) throw new Error(query.reason);
  return { name, query };
}
