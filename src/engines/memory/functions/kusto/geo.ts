import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type CityResponse, Reader } from 'mmdb-lib';
import type { Value } from '../../../../values/value.ts';
import { NotGiven } from '../../not-given.ts';

/** Files that have been opened, by their paths: a run names one, or a few. */
const open = new Map<string, Reader<CityResponse>>();

/**
 * `geo_info_from_ip_address`: what a file in MaxMind's format (GeoLite2 City and its like) says of an address. Parts it does not know
 * are left out, as Microsoft's function leaves them out.
 */
export function geoInfo(address: string, database: string): Value {
  if (isIP(address) === 0) return null;
  const found = reader(database).get(address);
  if (found === null) return null;
  const { country, subdivisions, city, location } = found;
  const parts: Readonly<Record<string, Value>> = {
    country: country?.names?.en,
    state: subdivisions?.[0]?.names?.en,
    city: city?.names?.en,
    latitude: location?.latitude,
    longitude: location?.longitude,
  };
  const known = Object.entries(parts).filter(([, value]) => value !== undefined);
  return known.length === 0 ? null : (Object.fromEntries(known) as Value);
}

function reader(path: string): Reader<CityResponse> {
  const known = open.get(path);
  if (known !== undefined) return known;
  try {
    const made = new Reader<CityResponse>(readFileSync(path));
    open.set(path, made);
    return made;
  } catch (failed) {
    const reason = failed instanceof Error ? failed.message : String(failed);
    throw new NotGiven(`the geographic database ${path}`, `it cannot be read (${reason})`);
  }
}
