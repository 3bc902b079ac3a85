import { isJsonObject } from '../../../base/json.ts';
import { textOf } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';

/** Data of Windows events that shippers' pipelines take apart, put together again (elastic/beats, modules sysmon and powershell). */

/** Numbers of DNS record types, by which Sysmon calls those that it does not show as addresses. */
const RECORD_TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  DS: 43,
  SVCB: 64,
  HTTPS: 65,
};

export function sysmonQueryResults(answers: Value): string | undefined {
  const parts = listOf(answers).flatMap((answer) => {
    if (!isJsonObject(answer)) return [];
    const type = textOf(answer['type']) ?? '';
    const data = textOf(answer['data']) ?? '';
    return type === 'A' || type === 'AAAA' ? [address(data)] : [`type:  ${RECORD_TYPES[type] ?? type} ${data};`];
  });
  return parts.length === 0 ? undefined : parts.join('');
}

/** Sysmon writes IPv4 addresses as those of IPv6. */
function address(text: string): string {
  return text.includes(':') ? `${text};` : `::ffff:${text};`;
}

export function sysmonDetails(type: string, strings: Value): string | undefined {
  const [first] = listOf(strings);
  const text = textOf(first);
  switch (type) {
    case 'SZ_DWORD':
    case 'REG_DWORD':
      return text === undefined ? undefined : `DWORD (0x${hex(text, 8)})`;
    case 'SZ_QWORD':
    case 'REG_QWORD': {
      const whole = text === undefined ? undefined : hex(text, 16);
      return whole === undefined ? undefined : `QWORD (0x${whole.slice(0, 8)}-0x${whole.slice(8)})`;
    }
    case 'REG_BINARY':
      return 'Binary Data';
    default:
      return text;
  }
}

/** Pipelines write numbers in decimal, older ones of forwarded events as Sysmon does. */
function hex(number: string, digits: number): string {
  return /^(?:\d{1,20}|0x[0-9a-f]{1,16})$/i.test(number) ? BigInt(number).toString(16).padStart(digits, '0') : number;
}

export function powershellPayload(invocations: Value): string | undefined {
  const lines = listOf(invocations).flatMap((one) => {
    if (!isJsonObject(one)) return [];
    const [type, command, name, value] = [one['type'], one['related_command'], one['name'], one['value']].map(textOf);
    if (type === undefined) return value === undefined ? [] : [value];
    const said = type === 'ParameterBinding' ? `name=${name ?? ''}; value=${value ?? ''}` : (value ?? '');
    return [`${type}(${command ?? ''}): ${said}`];
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** All values, also of lists in lists: one value may be a list itself. */
function listOf(value: Value): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.flatMap((one: Value) => listOf(one)) : [value];
}
