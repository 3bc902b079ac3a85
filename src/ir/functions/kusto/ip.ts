import { row, type Signature } from '../signature.ts';

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
  | 'kusto.has-ipv4-prefix'
  | 'kusto.ipv4-range'
  | 'kusto.parse-ipv6'
  | 'kusto.ipv6-compare'
  | 'kusto.ipv6-is-match'
  | 'kusto.ipv6-is-in-any-range'
  | 'kusto.geo-info';

/** Kusto's functions of addresses: `a.b.c.d`, or with a prefix length `a.b.c.d/n`; IPv6 where that is said. */
export const kustoIpFunctions: Record<KustoIpFunction, Signature> = {
  'kusto.parse-ipv4': row(
    { address: 'string' },
    'long',
    'The address as a number, masked by its prefix; null where it is no address.',
    [
      [['127.0.0.1'], 2_130_706_433n],
      [['192.168.1.7/24'], 3_232_235_776n],
      [['127.0.0.256'], null],
    ],
  ),
  'kusto.parse-ipv4-mask': row({ address: 'string', prefix: 'whole' }, 'long', 'The address as a number, masked.', [
    [['192.168.1.255', 24n], 3_232_235_776n],
    [['192.168.1.1', 33n], null],
  ]),
  'kusto.format-ipv4': row(
    { address: 'string|number', 'prefix?': 'whole' },
    'string',
    'The address masked, as text; the empty text where it is no address.',
    [
      [['192.168.1.1', 24n], '192.168.1.0'],
      [[3_232_236_031n, 24n], '192.168.1.0'],
      [['none'], ''],
    ],
  ),
  'kusto.format-ipv4-mask': row(
    { address: 'string|number', prefix: 'whole' },
    'string',
    'The address masked, with its prefix; the empty text where it is no address.',
    [
      [['192.168.1.1', 24n], '192.168.1.0/24'],
      [['192.168.1.1', 33n], ''],
    ],
  ),
  'kusto.ipv4-suffix': row({ address: 'string' }, 'long', 'The prefix length of an address, 32 without one.', [
    [['10.1.2.3'], 32n],
    [['192.168.1.1/24'], 24n],
    [['x'], null],
  ]),
  'kusto.ipv4-is-private': row(
    { address: 'string' },
    'bool',
    'Whether the address is in a private network (10/8, 172.16/12, 192.168/16); null where it is no address.',
    [
      [['192.168.1.1'], true],
      [['8.8.8.8'], false],
      [['x'], null],
    ],
  ),
  'kusto.ipv4-is-in-range': row(
    { address: 'string', network: 'string' },
    'bool',
    'Whether the address is in the network; null where either is none.',
    [
      [['192.168.1.6', '192.168.1.1/24'], true],
      [['192.168.2.1', '192.168.1.0/24'], false],
      [['x', '192.168.1.0/24'], null],
    ],
  ),
  'kusto.ipv4-is-in-any-range': row(
    { address: 'string', 'network*': 'string|dynamic' },
    'bool',
    'Whether the address is in one of the networks, given one by one or in an array.',
    [
      [['192.168.1.6', '10.0.0.0/8', '192.168.1.1/24'], true],
      [['192.168.1.6', ['10.0.0.0/8', '127.0.0.0/8']], false],
    ],
  ),
  'kusto.ipv4-is-match': row(
    { left: 'string', right: 'string', 'prefix?': 'whole' },
    'bool',
    'Whether the addresses are equal under the shortest of the prefixes.',
    [
      [['192.168.1.7/24', '192.168.1.1'], true],
      [['192.168.1.3', '192.168.1.1', 24n], true],
      [['192.168.1.3', '192.168.1.1'], false],
    ],
  ),
  'kusto.ipv4-compare': row(
    { left: 'string', right: 'string', 'prefix?': 'whole' },
    'long',
    '-1, 0 or 1 under the shortest of the prefixes; null where either is no address.',
    [
      [['192.168.1.1', '192.168.1.255'], -1n],
      [['192.168.1.7/24', '192.168.1.1'], 0n],
      [['192.168.1.1', 'x'], null],
    ],
  ),
  'kusto.has-ipv4': row(
    { text: 'string', 'address*': 'string|dynamic' },
    'bool',
    'Whether one of the addresses stands in the text, with a boundary on both sides.',
    [
      [['05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0.0.1'], true],
      [['127.0.0.10 GET', '127.0.0.1'], false],
      [['from 10.0.0.1', ['127.0.0.1', '10.0.0.1']], true],
    ],
  ),
  'kusto.has-ipv4-prefix': row(
    { text: 'string', 'prefix*': 'string|dynamic' },
    'bool',
    'Whether an address that starts with one of the prefixes stands in the text. A prefix is whole octets and a dot.',
    [
      [['127.0.0.1 GET', '127.0.'], true],
      [['127.0.0.1 GET', '127.0'], false],
      [['192.168.1.1', ['10.', '192.168.']], true],
    ],
  ),
  'kusto.ipv4-range': row(
    { from: 'string', to: 'string' },
    'dynamic',
    'The networks that together hold just the addresses between two, both included.',
    [
      [
        ['1.1.128.0', '1.1.140.255'],
        ['1.1.128.0/21', '1.1.136.0/22', '1.1.140.0/24'],
      ],
      [['x', '1.1.1.1'], null],
    ],
    { nulls: 'propagate' },
  ),
  'kusto.parse-ipv6': row(
    { address: 'string', 'prefix?': 'whole' },
    'string',
    'An address of either kind as all eight groups of IPv6, what is behind the prefix as zeros; empty where it is none.',
    [
      [['127.0.0.1'], '0000:0000:0000:0000:0000:ffff:7f00:0001'],
      [['fe80::85d:e82c:9446:7994', 120n], 'fe80:0000:0000:0000:085d:e82c:9446:7900'],
      [['x'], ''],
    ],
  ),
  'kusto.ipv6-compare': row(
    { left: 'string', right: 'string', 'prefix?': 'whole' },
    'long',
    'Whether one address, of either kind, comes before another (-1), after it (1), or their networks are the same (0).',
    [
      [['192.168.1.1/24', '192.168.1.255'], 0n],
      [['fe80::1', 'fe80::2'], -1n],
      [['x', '::1'], null],
    ],
    { nulls: 'propagate' },
  ),
  'kusto.ipv6-is-match': row(
    { left: 'string', right: 'string', 'prefix?': 'whole' },
    'bool',
    'Whether two addresses, of either kind, are of the same network.',
    [
      [['fe80::1', 'fe80::2', 120n], true],
      [['fe80::1', 'fe80::2'], false],
      [['x', '::1'], null],
    ],
    { nulls: 'propagate' },
  ),
  'kusto.ipv6-is-in-any-range': row(
    { address: 'string', 'network*': 'any' },
    'bool',
    'Whether an address, of either kind, is in one of the networks.',
    [
      [['a5e:f127::1', 'a5e:f127::/32'], true],
      [['192.168.1.1', ['10.0.0.0/8', '192.168.0.0/16']], true],
      [['x', '::/0'], null],
    ],
    { nulls: 'propagate' },
  ),
  'kusto.geo-info': row(
    { address: 'string', database: 'string' },
    'dynamic',
    'Where an address is, by a MaxMind DB file, which is opened at the first address: its country, state, city, latitude and longitude, as far as the file knows them; null where it knows nothing.',
    [
      [['not an address', 'GeoLite2-City.mmdb'], null],
      [['', 'GeoLite2-City.mmdb'], null],
    ],
    { nulls: 'propagate' },
  ),
};
