export {
  createPythonEngine,
  type PythonEngine,
  PythonStartError,
} from './python-engine.ts';
export type {
  FunctionCoverage,
  PythonEvent,
  PythonOutputs,
  PythonTrace,
  TestResult,
} from './result.ts';
