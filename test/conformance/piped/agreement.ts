import type { Json } from '../../../src/base/json.ts';

/**
 * Whether a datum is what the event had, for what rules ask of it: Sigma compares texts in any case, and numbers as texts. What a
 * pipeline is known not to keep of a value is left out on both sides.
 */
export function agrees(name: string, wanted: string, found: Json | undefined): boolean {
  if (found === undefined) return false;
  const texts = (Array.isArray(found) ? found : [found]).map(String);
  const reading = READINGS[name] ?? asText;
  const all = Array.isArray(found) ? reading(texts.join(',')) : undefined;
  const hoped = reading(wanted);
  return all === hoped || texts.some((text) => reading(text) === hoped);
}

type Reading = (text: string) => string;

const asText: Reading = (text) => text.trim().toLowerCase();
const parts: Reading = (text) =>
  text
    .toLowerCase()
    .split(',')
    // Hashes of nothing are not kept.
    .filter((part) => !/=0*$/.test(part))
    .sort()
    .join(',');
const moment: Reading = (text) => String(Date.parse(text.replace(' ', 'T').replace(/Z?$/, 'Z')));
const lines: Reading = (text) =>
  text
    .toLowerCase()
    .split(/\r?\n/)
    .map((line) => line.trim())
    // The same in every event, or without a value: not kept.
    .filter((line) => line !== '' && !/^severity =|=$/.test(line))
    .sort()
    .join('\n');

const READINGS: Readonly<Record<string, Reading>> = {
  Hash: parts,
  Hashes: parts,
  UtcTime: moment,
  ContextInfo: lines,
  Payload: lines,
  // Sysmon writes two blanks behind `type:`, some collectors one, and cuts off what is too long: no answer is made of a part.
  QueryResults: (text) =>
    text
      .toLowerCase()
      .replaceAll(/\s+/g, ' ')
      .replaceAll('::ffff:', '')
      .replace(/[^;]*$/, ''),
  // An IPv4 address as IPv6 writes it becomes one of IPv4.
  IpAddress: (text) => text.replace('::ffff:', ''),
};
