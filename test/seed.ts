import fc from 'fast-check';
import { vi } from 'vitest';

/**
 * Properties are tried on the same cases in every run, so that a red build is never a matter of luck. `DRAGOMAN_SEED` names
 * others: `DRAGOMAN_SEED=$RANDOM npx vitest run` looks further.
 */
fc.configureGlobal({ seed: Number(process.env['DRAGOMAN_SEED'] ?? 2026) });

/**
 * `DRAGOMAN_PROPERTY_RUNS` is the most that a property is tried, whatever it asks for itself: `npm run check` sets it, `npm test`
 * does not. It is read here and by no test, so that none can forget it.
 */
vi.mock('fast-check', async (original) => {
  const real = await original<typeof import('fast-check')>();
  const most = Number(process.env['DRAGOMAN_PROPERTY_RUNS'] ?? Number.POSITIVE_INFINITY);
  const assert = <Ts>(property: fc.IRawProperty<Ts>, parameters: fc.Parameters<Ts> = {}): Promise<void> | void =>
    real.assert(property, { ...parameters, numRuns: Math.min(parameters.numRuns ?? 100, most) });
  return { ...real, assert, default: { ...real.default, assert } };
});
