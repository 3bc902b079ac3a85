export {
  createPythonEngine,
  type PythonEngine,
  type PythonEngineOptions,
  PythonStartError,
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
