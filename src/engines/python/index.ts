export {
  createPythonEngine,
  type PythonEngine,
  type PythonEngineOptions,
  PythonStartError,
  type TestOptions,
} from './python-engine.ts';
export type {
  FunctionCoverage,
  PythonCall,
  PythonEvent,
  PythonLine,
  PythonOutputs,
  PythonResult,
  PythonTrace,
  TestResult,
} from './result.ts';
