import type { EsqlFunction } from '../../../../ir/functions/esql/index.ts';
import type { Implementation } from '../implementation.ts';
import { esqlConvertImplementations } from './convert.ts';
import { esqlDateImplementations } from './date.ts';
import { esqlFieldImplementations } from './field.ts';
import { esqlMultiImplementations } from './multi.ts';
import { esqlNetImplementations } from './net.ts';
import { esqlNumberImplementations } from './number.ts';
import { esqlParseImplementations } from './parse.ts';
import { esqlTextImplementations } from './text.ts';

export const esqlImplementations: Record<EsqlFunction, Implementation> = {
  ...esqlFieldImplementations,
  ...esqlNumberImplementations,
  ...esqlTextImplementations,
  ...esqlDateImplementations,
  ...esqlConvertImplementations,
  ...esqlMultiImplementations,
  ...esqlNetImplementations,
  ...esqlParseImplementations,
};
