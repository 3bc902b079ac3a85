import type { Signature } from '../signature.ts';
import { kustoRow as row } from './row.ts';

export type KustoIpFunction =
  | 'kusto.parse-ipv4'
  | 'kusto.parse-ipv4-mask'
  | 'kusto.format-ipv4'
  | 'kusto.format-ipv4-mask'
  | 'kusto.ipv4-suffix'
  | 'kusto.ipv4-is-private'
  | 'kusto.ipv4-is-in-range'
  | 'kusto.ipv4-is-in-any-range'
  | 'kusto.ipv4-is-match'
  | 'kusto.ipv4-compare'
  | 'kusto.has-ipv4'
  | 'kusto.has-ipv4-prefix';

/** Kusto's functions of IPv4 addresses. */
export const kustoIpFunctions: Record<KustoIpFunction, Signature> = {
  'kusto.parse-ipv4': row('string', 'long', 'The address as a number, masked by its prefix; null when it is none.'),
  'kusto.parse-ipv4-mask': row('string long', 'long', 'The address as a number, masked.'),
  'kusto.format-ipv4': row('scalar long?', 'string', 'The address masked, as text; empty when it is none.'),
  'kusto.format-ipv4-mask': row('scalar long', 'string', 'The address masked, with its prefix.'),
  'kusto.ipv4-suffix': row('string', 'long', 'The prefix length of an address, 32 without one.'),
  'kusto.ipv4-is-private': row('string', 'bool', 'Whether the address is of a private network.'),
  'kusto.ipv4-is-in-range': row('string string', 'bool', 'Whether the address is in the network.'),
  'kusto.ipv4-is-in-any-range': row('string scalar*', 'bool', 'Whether the address is in one of the networks.'),
  'kusto.ipv4-is-match': row(
    'string string long?',
    'bool',
    'Whether the addresses are equal under the shortest of the prefixes.',
  ),
  'kusto.ipv4-compare': row('string string long?', 'long', '-1, 0 or 1 under the shortest of the prefixes.'),
  'kusto.has-ipv4': row(
    'string scalar*',
    'bool',
    'Whether one of the addresses stands in the text, with a boundary on both sides.',
  ),
  'kusto.has-ipv4-prefix': row(
    'string scalar*',
    'bool',
    'Whether an address that starts with one of the prefixes stands in the text.',
  ),
};
