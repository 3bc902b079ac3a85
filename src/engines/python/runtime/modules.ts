import type { PythonModule } from '../../../ir/rule/python.ts';
import { AWS_ACTIONS } from './aws-actions.ts';
import { PYTHON_SOURCES } from './python-sources.ts';

const FOLDER = 'modules/';

/** Every module that rules can import beside the standard library and their repository's own. */
export const runtimeModules: readonly PythonModule[] = [
  ...[...PYTHON_SOURCES].flatMap(([path, code]): PythonModule[] =>
    path.startsWith(FOLDER) ? [moduleOf(path.slice(FOLDER.length), code)] : [],
  ),
  // The table is large and made by a script of its own.
  moduleOf('policyuniverse/_text.py', `TEXT = "${AWS_ACTIONS}"\n`),
];

/** Its file name is in angle brackets: no file of that name exists. */
function moduleOf(path: string, code: string): PythonModule {
  const name = path.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
  return { name, file: `<dragoman>/${path}`, code };
}

/** A part of the harness: what runs rules on events. */
export function harnessPart(name: string): string {
  const code = PYTHON_SOURCES.get(`harness/${name}.py`);
  if (code === undefined) throw new Error(`the harness has no part ${name}`);
  return code;
}
