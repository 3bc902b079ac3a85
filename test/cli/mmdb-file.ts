/** Writes small files in MaxMind's format, for tests: what stands in it is the specification at https://maxmind.github.io/MaxMind-DB/. */

type Data = string | number | readonly Data[] | { readonly [key: string]: Data };

/** A file with the data of one network of IPv4 addresses, `a.b.c.0/24`. */
export function mmdbOf(network: readonly [number, number, number], data: Data): Uint8Array {
  const bits = network.flatMap((octet) => Array.from({ length: 8 }, (_, at) => (octet >> (7 - at)) & 1));
  const count = bits.length;
  // Each node is two records of 24 bits: the next node, "nothing", or what stands in the data.
  const tree = bits.flatMap((bit, at) => {
    const next = at + 1 === count ? count + 16 : at + 1;
    return (bit === 0 ? [next, count] : [count, next]).flatMap((record) => [
      record >> 16,
      (record >> 8) & 255,
      record & 255,
    ]);
  });
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
    database_type: 'GeoLite2-City',
    description: { en: 'a test' },
    ip_version: 4,
    languages: ['en'],
    node_count: count,
    record_size: 24,
  };
  const marker = [0xab, 0xcd, 0xef, ...Buffer.from('MaxMind.com')];
  return Uint8Array.from([...tree, ...Array<number>(16).fill(0), ...written(data), ...marker, ...written(metadata)]);
}

const TYPE = { string: 2, double: 3, uint32: 6, map: 7, array: 11 } as const;

function written(data: Data): readonly number[] {
  if (typeof data === 'string') return [...control(TYPE.string, Buffer.byteLength(data)), ...Buffer.from(data)];
  if (typeof data === 'number' && Number.isInteger(data) && data >= 0) {
    const bytes = [24, 16, 8, 0].map((shift) => (data >> shift) & 255);
    return [...control(TYPE.uint32, 4), ...bytes];
  }
  if (typeof data === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(data);
    return [...control(TYPE.double, 8), ...bytes];
  }
  if (Array.isArray(data)) return [...control(TYPE.array, data.length), ...data.flatMap(written)];
  const entries = Object.entries(data);
  return [
    ...control(TYPE.map, entries.length),
    ...entries.flatMap(([key, value]) => [...written(key), ...written(value)]),
  ];
}

function control(type: number, size: number): readonly number[] {
  // A size from 29 to 284 stands behind.
  const [short, more] = size < 29 ? [size, []] : [29, [size - 29]];
  return type <= 7 ? [(type << 5) | short, ...more] : [short, type - 7, ...more];
}
