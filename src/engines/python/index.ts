export {
  createPythonEngine,
  type PythonEngine,
} from './python-engine.ts';
export { PythonStartError } from './python-start-error.ts';
export type {
  FunctionCoverage,
  PythonEvent,
  PythonOutputs,
  PythonTrace,
  TestResult,
} from './result.ts';
