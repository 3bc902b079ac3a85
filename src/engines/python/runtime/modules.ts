import type { PythonModule } from '../../../ir/python.ts';
import { caching } from './caching.ts';
import { dateutil } from './dateutil.ts';
import { pantherCore } from './panther-core.ts';
import { policyuniverse } from './policyuniverse.ts';
import { pycountry } from './pycountry.ts';
import { stubs } from './stubs.ts';

/** Every module that rules can import beside the standard library and their repository's own. */
export const runtimeModules: readonly PythonModule[] = [
  ...pantherCore,
  ...caching,
  ...dateutil,
  ...policyuniverse,
  ...pycountry,
  ...stubs,
];
