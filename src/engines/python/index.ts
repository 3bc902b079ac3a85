export {
  createPythonEngine,
  type PythonEngine,
  type PythonEngineOptions,
  PythonStartError,
} from './python-engine.ts';
export type {
  PythonCall,
  PythonEvent,
  PythonLine,
  PythonOutputs,
  PythonResult,
  PythonTrace,
  TestResult,
} from './result.ts';
