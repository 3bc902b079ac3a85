import type { KustoFunction } from '../../../../ir/functions/kusto/index.ts';
import type { Implementation } from '../implementation.ts';
import { kustoDigestImplementations } from './digest.ts';
import { kustoEncodingImplementations } from './encoding/index.ts';
import { kustoIpImplementations } from './ip.ts';
import { kustoJsonImplementations } from './json.ts';
import { kustoNumberImplementations } from './number.ts';
import { kustoSeriesImplementations } from './series/index.ts';
import { kustoTextImplementations } from './text.ts';
import { kustoTimeImplementations } from './time.ts';
import { kustoValueImplementations } from './value.ts';

export const kustoImplementations: Record<KustoFunction, Implementation> = {
  ...kustoValueImplementations,
  ...kustoTextImplementations,
  ...kustoTimeImplementations,
  ...kustoNumberImplementations,
  ...kustoJsonImplementations,
  ...kustoIpImplementations,
  ...kustoSeriesImplementations,
  ...kustoEncodingImplementations,
  ...kustoDigestImplementations,
};
