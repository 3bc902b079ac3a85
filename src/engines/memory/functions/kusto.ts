import type { KustoFunction } from '../../../ir/functions/kusto.ts';
import type { Implementation } from './implementation.ts';
import { kustoDynamicImplementations } from './kusto-dynamic.ts';
import { kustoNetImplementations } from './kusto-net.ts';
import { kustoNumberImplementations } from './kusto-number.ts';
import { kustoTextImplementations } from './kusto-text.ts';
import { kustoTimeImplementations } from './kusto-time.ts';
import { kustoValueImplementations } from './kusto-value.ts';

export const kustoImplementations: Record<KustoFunction, Implementation> = {
  ...kustoValueImplementations,
  ...kustoTextImplementations,
  ...kustoTimeImplementations,
  ...kustoNumberImplementations,
  ...kustoDynamicImplementations,
  ...kustoNetImplementations,
};
