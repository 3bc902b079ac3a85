import { row, type Signature } from '../signature.ts';
import { SINGLE } from './number.ts';

export type EsqlNetFunction =
  | 'esql.cidr-match'
  | 'esql.ip-prefix'
  | 'esql.network-direction'
  | 'esql.ip-order'
  | 'esql.distance';

/** ES|QL's functions of addresses and of points. */
export const esqlNetFunctions: Record<EsqlNetFunction, Signature> = {
  'esql.cidr-match': row(
    { address: 'string', 'networks*': 'string' },
    'bool',
    'Whether an address lies in one of the networks; null where one before that is none.',
    [
      [['10.1.2.3', '192.168.0.0/16', '10.0.0.0/8'], true],
      [['10.1.2.3', 'x'], null],
    ],
    SINGLE,
  ),
  'esql.ip-prefix': row(
    { address: 'string', bits4: 'whole', bits6: 'whole' },
    'string',
    'The network of an address, of so many bits for IPv4 and for IPv6.',
    [
      [['10.1.2.3', 24n, 112n], '10.1.2.0'],
      [['fe80::1:2:3', 24n, 64n], 'fe80::'],
    ],
    SINGLE,
  ),
  'esql.network-direction': row(
    { source: 'any', destination: 'any', networks: 'any' },
    'string',
    'Whether traffic stays inside of networks (`internal`), leaves or enters them, or is `external`.',
    [[['10.1.2.3', '8.8.8.8', ['private']], 'outbound']],
  ),
  'esql.ip-order': row(
    { left: 'string', right: 'string' },
    'long',
    'How two addresses are ordered: -1, 0 or 1.',
    [[['10.0.0.9', '10.0.0.10'], -1n]],
    SINGLE,
  ),
  'esql.distance': row(
    { one: 'string', other: 'string', flat: 'bool' },
    'real',
    'The distance of two points: metres on the earth, or on a plane as their coordinates count.',
    [[['POINT (0 0)', 'POINT (3 4)', true], 5]],
    SINGLE,
  ),
};
