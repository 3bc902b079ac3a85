/** A column's name without what the Log Analytics portal puts behind it, and whether it says that its times are UTC. */
export function columnName(name: string): { readonly name: string; readonly isUtc: boolean } {
  const found = / [[(]([^[\]()]*)[\])]$/.exec(name);
  const zone = found?.[1] ?? '';
  const inner = zone === 'Local Time' || /\bUTC\b/.test(zone) ? name.slice(0, found?.index) : undefined;
  // `Date (UTC)` of Entra's exports is a name as it stands, and its times are ISO 8601.
  if (inner === undefined || name.endsWith(')')) return { name, isUtc: false };
  return { name: inner, isUtc: zone === 'UTC' };
}

const PORTAL = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(\.\d{1,9})? ?([AP]M)?$/;

/** `3/2/2026, 10:00:00.000 AM`, as the portal writes times of UTC, in ISO 8601; anything else as it is. */
export function portalTime(text: string): string {
  const found = PORTAL.exec(text);
  if (found === null) return text;
  const [, month = '', day = '', year = '', hour = '', minute = '', second = '', fraction = '', half] = found;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  const two = (value: string | number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}${fraction}Z`;
}
