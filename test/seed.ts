import fc from 'fast-check';

/**
 * Properties are tried on the same cases in every run, so that a red build is never a matter of luck. `DRAGOMAN_SEED` names
 * others: `DRAGOMAN_SEED=$RANDOM npx vitest run` looks further.
 */
fc.configureGlobal({ seed: Number(process.env['DRAGOMAN_SEED'] ?? 2026) });
