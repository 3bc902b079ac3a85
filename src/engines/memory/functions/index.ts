import type { FunctionName } from '../../../ir/functions/registry.ts';
import { convertImplementations } from './convert.ts';
import { elasticImplementations } from './elastic.ts';
import { eqlImplementations } from './eql.ts';
import { esqlImplementations } from './esql/index.ts';
import type { Implementation } from './implementation.ts';
import { kustoImplementations } from './kusto/index.ts';
import { pantherImplementations } from './panther.ts';
import { pythonImplementations } from './python/index.ts';
import { sigmaImplementations } from './sigma.ts';
import { textImplementations } from './text.ts';
import { viewImplementations } from './view.ts';

/** How the memory engine computes each function of the registry. */
export const implementations: Readonly<Record<FunctionName, Implementation>> = {
  ...textImplementations,
  ...viewImplementations,
  ...convertImplementations,
  ...elasticImplementations,
  ...eqlImplementations,
  ...esqlImplementations,
  ...kustoImplementations,
  ...pantherImplementations,
  ...sigmaImplementations,
  ...pythonImplementations,
};
