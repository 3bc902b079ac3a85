import type { PythonModule } from '../../../ir/python.ts';

/**
 * A Python module that Dragoman itself gives to rules. The text is kept in TypeScript, so that the built package needs
 * no file beside its modules. Its file name is in angle brackets: no file of that name exists.
 */
export function runtimeModule(name: string, code: string): PythonModule {
  return { name, file: `<dragoman>/${name.replaceAll('.', '/')}.py`, code };
}
