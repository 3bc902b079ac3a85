import type { KustoFunction } from '../../../ir/functions/kusto.ts';
import type { Implementation } from './implementation.ts';

export const kustoImplementations: Record<KustoFunction, Implementation> = {
  'kusto.now': (_args, clock) => clock.now,
};
