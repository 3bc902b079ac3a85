import { call } from '../../../../ir/construct.ts';
import type { EsqlCall } from '../../ast.ts';
import type { Inner } from '../expressions/inner.ts';
import type { Typed } from '../expressions/typed.ts';
import { bucketOf } from './bucket.ts';
import { bounded, lowerCase, lowerCoalesce } from './choose.ts';
import { dateDiff, dateFormat, dateParse, dateTrunc, timeRange, timestampAt } from './date.ts';
import { constantNumber, distance, logarithm } from './number.ts';
import { searchField, searchText } from './search.ts';
import { anyFits, inRange } from './several.ts';

type Lower = (expr: EsqlCall, inner: Inner) => Typed;

/** Functions that the binder treats each in its own way; undefined where the name is none of them. */
export function lowerSpecial(expr: EsqlCall, name: string, inner: Inner): Typed | undefined {
  return LOWERINGS.get(name)?.(expr, inner);
}

const LOWERINGS: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ['case', lowerCase],
  ['coalesce', lowerCoalesce],
  ['date_diff', dateDiff],
  ['date_format', dateFormat],
  ['date_parse', dateParse],
  ['date_trunc', dateTrunc],
  ['bucket', bucketOf],
  ['tbucket', (expr, inner) => bucketOf({ ...expr, args: [timestampAt(expr.span), ...expr.args] }, inner)],
  ['e', constantNumber(Math.E)],
  ['pi', constantNumber(Math.PI)],
  ['tau', constantNumber(2 * Math.PI)],
  ['log', logarithm],
  ['log10', logarithm],
  ['now', ({ span }) => ({ expr: call('esql.now', [], span), type: 'date', span })],
  ['kql', (expr, inner) => searchText(expr, 'kuery', inner)],
  ['qstr', (expr, inner) => searchText(expr, 'query-string', inner)],
  ['match', (expr, inner) => searchField(expr, 'any', inner)],
  ['match_phrase', (expr, inner) => searchField(expr, 'phrase', inner)],
  ['mv_like', (expr, inner) => anyFits(expr, 'like', inner)],
  ['mv_rlike', (expr, inner) => anyFits(expr, 'rlike', inner)],
  ['st_distance', distance],
  ['clamp_min', (expr, inner) => bounded(expr, 'esql.greatest', inner)],
  ['clamp_max', (expr, inner) => bounded(expr, 'esql.least', inner)],
  ['mv_in_range', inRange],
  ['trange', timeRange],
]);
