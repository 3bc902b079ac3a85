import ipaddr from 'ipaddr.js';
import { isJsonObject } from '../../../base/json.ts';
import type { ViewFunction } from '../../../ir/functions/view.ts';
import type { Value } from '../../../ir/value.ts';
import { textOf } from '../text-of.ts';
import type { Implementation } from './implementation.ts';

export const viewImplementations: Record<ViewFunction, Implementation> = {
  'view.first': ([value]) => (Array.isArray(value) ? value[0] : value),
  'view.coalesce': (args) => args.find((value) => value !== undefined && value !== null),
  'view.lookup-normalised': ([map, key]) => {
    if (!isJsonObject(map) || typeof key !== 'string') return undefined;
    const found = Object.keys(map).find((name) => name.replaceAll('.', '_') === key);
    return found === undefined ? undefined : map[found];
  },
  'view.ip': ([value]) => (typeof value === 'string' && ipaddr.isValid(value) ? value : undefined),
  'view.multiply': ([a, b]) => {
    const product = numberOf(a) * numberOf(b);
    return Number.isNaN(product) ? undefined : product;
  },
  'view.number': ([value]) => {
    const number = numberOf(value);
    return Number.isNaN(number) ? undefined : number;
  },
};

function numberOf(value: Value): number {
  const spelled = textOf(value);
  return spelled === undefined || spelled.trim() === '' ? Number.NaN : Number(spelled);
}
