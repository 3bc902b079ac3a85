import { diagnostic } from '../../../base/diagnostic.ts';
import type { LogSource } from '../../../languages/sigma/index.ts';
import { type DetectionItem, parseSigmaString, type ValueTree } from '../../../languages/sigma/index.ts';
import { windowsCategories } from './categories.ts';
import { type Check, hasModifier } from './document.ts';

/** A value as a rule asks for it: the text at its start and its end, and whether that is all of it. */
interface Asked {
  /** The whole text, undefined where the value has wildcards. */
  readonly whole: string | undefined;
  /** What the value must start with; empty where anything may stand there. */
  readonly start: string;
  readonly text: string;
}

/** Why a field can never hold what is asked for; undefined where it can. */
type Domain = (asked: Asked, source: LogSource) => string | undefined;

const isWindows = (source: LogSource): boolean => source.product === 'windows';

/** The full path of a program or a file, as the kernel and Sysmon write it. */
const path: Domain = ({ whole, start, text }, source) => {
  if (isWindows(source) && /\//.test(text) && !/^\w+:\/\//.test(text)) return 'paths on Windows have backslashes';
  const begin = whole ?? start;
  if (isWindows(source) && /^[^\\/:<]{2,}\.(?:exe|dll|sys|com|scr|bat|cmd|ps1|vbs|js|hta|lnk)\b/i.test(begin)) {
    return 'it holds a full path, which starts with a drive or `\\`';
  }
  const unix = source.product === 'linux' || source.product === 'macos';
  if (unix && whole !== undefined && /^[^/]+$/.test(whole) && !whole.startsWith('(')) {
    return 'it holds a full path, which starts with `/`';
  }
  return undefined;
};

const number: Domain = ({ whole }) =>
  whole === undefined || /^(?:[-+]?\d+|0x[0-9a-f]+|-)?$/i.test(whole.trim()) ? undefined : 'it is a number';

/** `0x1F0FFF` as Sysmon writes an access mask. */
const mask: Domain = ({ whole }) =>
  whole === undefined || whole === '' || /^0x/i.test(whole)
    ? undefined
    : "it is written in hexadecimal, as a string: `'0x1010'`";

const oneOf =
  (...values: readonly string[]): Domain =>
  ({ whole }) => {
    if (whole === undefined || whole === '' || whole === '-') return undefined;
    if (values.some((value) => value.toLowerCase() === whole.toLowerCase())) return undefined;
    return `it is one of ${values.join(', ')}`;
  };

const boolean = oneOf('true', 'false');

const integrity: Domain = (asked, source) => {
  if (/^S-1-16-/i.test(asked.whole ?? '')) return undefined;
  return oneOf(
    'Untrusted',
    'Low',
    'Medium',
    'MediumPlus',
    'High',
    'System',
    'Protected',
    'AppContainer',
  )(asked, source);
};

const hash =
  (length: number): Domain =>
  ({ whole }) => {
    if (whole === undefined || whole === '' || /^[0-9a-f]+$/i.test(whole)) {
      return whole === undefined || whole === '' || whole.length === length ? undefined : `it has ${length} digits`;
    }
    return 'it is made of hexadecimal digits';
  };

const address: Domain = ({ whole }) =>
  whole === undefined || /^[0-9a-f.:%]*$/i.test(whole) || whole === '-' ? undefined : 'it is an IP address';

/** Sysmon shortens the names of the hives. */
const registryKey: Domain = ({ whole, start }) =>
  /^HKEY_/i.test(whole ?? start) ? 'Sysmon writes HKLM, HKU, HKCR for the hives' : undefined;

/** Sysmon writes numbers as `DWORD (0x00000001)` and `QWORD (0x00000000-0x00000001)`. */
const registryValue: Domain = ({ whole }) => {
  if (whole === undefined) return undefined;
  const digits = /^DWORD \(0x([0-9a-f]*)\)$/i.exec(whole)?.[1];
  return digits !== undefined && digits.length !== 8 ? 'Sysmon writes eight digits: `DWORD (0x00000001)`' : undefined;
};

const eventId: Domain = (asked, source) => {
  const found = number(asked, source);
  if (found !== undefined) return found;
  const known = isWindows(source) ? windowsCategories.get(source.category ?? '') : undefined;
  if (known === undefined || asked.whole === undefined || known.ids.includes(Number(asked.whole))) return undefined;
  return `category ${source.category} has ${known.ids.join(', ')}`;
};

/** The fields of Windows events and of Sysmon for Linux whose values have a form. */
const DOMAINS: ReadonlyMap<string, Domain> = new Map<string, Domain>([
  ...['Image', 'ParentImage', 'SourceImage', 'TargetImage', 'ImageLoaded', 'TargetFilename', 'GrandParentImage'].map(
    (name) => [name, path] as const,
  ),
  ...['ProcessId', 'ParentProcessId', 'SourcePort', 'DestinationPort', 'TerminalSessionId', 'NewThreadId'].map(
    (name) => [name, number] as const,
  ),
  ...['Initiated', 'Signed', 'SourceIsIpv6', 'DestinationIsIpv6'].map((name) => [name, boolean] as const),
  ...['SourceIp', 'DestinationIp'].map((name) => [name, address] as const),
  ['EventID', eventId],
  ['IntegrityLevel', integrity],
  ['GrantedAccess', mask],
  ['md5', hash(32)],
  ['Imphash', hash(32)],
  ['sha1', hash(40)],
  ['sha256', hash(64)],
  ['TargetObject', registryKey],
  ['Details', registryValue],
  ['Protocol', oneOf('tcp', 'udp')],
]);

/** Fields whose form is known only for Sysmon's categories. */
const ONLY_SYSMON: ReadonlySet<string> = new Set(
  'Protocol Details TargetObject SourceIp DestinationIp SourcePort DestinationPort Signed ProcessId'.split(' '),
);

const SYSTEMS: ReadonlySet<string> = new Set(['windows', 'linux', 'macos']);

/** Values that the field can never hold: a name where the whole path stands, a text where a number does, … */
export const checkNeverSeen: Check = (document, report) => {
  const { logsource } = document;
  if (!SYSTEMS.has(logsource.product ?? '')) return;
  const ofCategory = logsource.category !== undefined && logsource.service === undefined;
  for (const item of document.items) {
    const { field } = item;
    const domain = field === null ? undefined : DOMAINS.get(field);
    if (field === null || domain === undefined) continue;
    if (!ofCategory && (ONLY_SYSMON.has(field) || domain === path)) continue;
    for (const value of item.values) {
      const asked = askedOf(item, value);
      const reason = asked && domain(asked, logsource);
      if (asked === undefined || reason === undefined) continue;
      report(diagnostic('sigma/never-seen', { field, value: `\`${asked.text}\``, reason }, value.span));
    }
  }
};

function askedOf(item: DetectionItem, value: ValueTree): Asked | undefined {
  const scalar = value.scalar();
  const known = ['contains', 'startswith', 'endswith', 'all', 'cased'];
  if (scalar === null || scalar === undefined) return undefined;
  if (item.modifiers.some((use) => !known.includes(use.name))) return undefined;
  const parts = parseSigmaString(String(scalar));
  const text = parts.map((part) => ('text' in part ? part.text : part.any === 'many' ? '*' : '?')).join('');
  const [first] = parts;
  const openStart = hasModifier(item, 'contains', 'endswith');
  const openEnd = hasModifier(item, 'contains', 'startswith');
  const start = !openStart && first !== undefined && 'text' in first ? first.text : '';
  const plain = parts.every((part) => 'text' in part) && !openStart && !openEnd;
  return { whole: plain ? text : undefined, start, text };
}
