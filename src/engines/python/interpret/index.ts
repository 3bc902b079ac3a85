export { PythonFunctions } from './functions.ts';
export { jsonOf } from './json-of.ts';
export { NotFollowed } from './value.ts';
