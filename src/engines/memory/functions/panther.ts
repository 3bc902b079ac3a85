import ipaddr from 'ipaddr.js';
import { isJsonObject } from '../../../base/json.ts';
import type { PantherFunction } from '../../../ir/functions/panther.ts';
import { displayText, textOf } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import { foldedKey } from '../raw.ts';
import type { Implementation } from './implementation.ts';

type Step = string | number | null;

/** Paths come from rules, so there are few of them. */
const paths = new Map<string, readonly Step[]>();
const MOST_PATHS = 10_000;

function stepsOf(path: string): readonly Step[] {
  const known = paths.get(path);
  if (known !== undefined) return known;
  const steps = JSON.parse(path) as readonly Step[];
  if (paths.size < MOST_PATHS) paths.set(path, steps);
  return steps;
}

/** Names as Panther's events take them: as written, else the first that is the same in lower case. */
function reach(value: Value, steps: readonly Step[], from: number): Value {
  let reached = value;
  for (let at = from; at < steps.length; at += 1) {
    const step = steps[at];
    if (step === null || step === undefined) {
      if (!Array.isArray(reached)) return undefined;
      return reached.flatMap((element: Value) => {
        const inner = reach(element, steps, at + 1);
        if (inner === undefined) return [];
        return Array.isArray(inner) && steps.indexOf(null, at + 1) !== -1 ? inner : [inner];
      });
    }
    if (typeof step === 'number') {
      if (!Array.isArray(reached)) return undefined;
      reached = reached.at(step) as Value;
    } else {
      if (!isJsonObject(reached)) return undefined;
      const key = Object.hasOwn(reached, step) ? step : foldedKey(reached, step);
      if (key === undefined) return undefined;
      reached = reached[key];
    }
    if (reached === undefined) return undefined;
  }
  return reached;
}

const PRIVATE: ReadonlySet<string> = new Set([
  'private',
  'uniqueLocal',
  'loopback',
  'linkLocal',
  'unspecified',
  'broadcast',
  'reserved',
]);

function isAddress(text: string, kind: string): boolean {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return false;
  const address = ipaddr.parse(text);
  switch (kind) {
    case 'v4':
      return address.kind() === 'ipv4';
    case 'v6':
      return address.kind() === 'ipv6';
    case 'public':
      return address.range() === 'unicast';
    case 'private':
      return PRIVATE.has(address.range());
    default:
      return true;
  }
}

function compareTexts(a: string, how: Value, b: string): boolean {
  switch (how) {
    case 'equals':
      return a === b;
    case 'starts-with':
      return a.startsWith(b);
    case 'ends-with':
      return a.endsWith(b);
    default:
      return a.includes(b);
  }
}

export const pantherImplementations: Record<PantherFunction, Implementation> = {
  'panther.at': ([value, path]) => (typeof path === 'string' ? reach(value, stepsOf(path), 0) : undefined),
  'panther.elements': ([value]) => (Array.isArray(value) ? value : []),
  'panther.is-list': ([value]) => Array.isArray(value),
  'panther.is-empty': ([value]) => {
    if (value === undefined || value === null || value === '') return true;
    if (Array.isArray(value)) return value.length === 0;
    return isJsonObject(value) && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
  },
  'panther.ip': ([value, kind]) => typeof value === 'string' && isAddress(value, String(kind)),
  'panther.compare-text': ([a, how, b, fold]) => {
    const left = textOf(a);
    const right = textOf(b);
    if (left === undefined || right === undefined) return false;
    return fold === true ? compareTexts(left.toLowerCase(), how, right.toLowerCase()) : compareTexts(left, how, right);
  },
  'panther.text': ([value]) => displayText(value) ?? '',
};
