import type { JsonObject } from '../../../base/json.ts';
import { before } from '../../../base/strip.ts';
import { fewCells, type LineForm, present } from './line-form.ts';
import { readHead } from './syslog-head.ts';

/** `%FACILITY-SEVERITY-MNEMONIC: ` (Cisco IOS, NX-OS, ASA, FTD), where it may name a module: `%CARD-SEVERITY-MSG:SLOT %…`. */
const CISCO = /%([A-Z][A-Z0-9_]*(?:-[A-Z][A-Z0-9_]*){0,3})-([0-7])-([A-Z0-9_]{2,60})\s?: ?/;

/**
 * Lines of Cisco's devices, by the tag that each of their messages has: `{…, message: "%ASA-6-302013: Built …", cisco: {facility,
 * severity, mnemonic}}`, and of ASA what the text says of a connection: `src_ip`, `src_port`, `dst_ip`, `dst_port`, `action`, `proto`.
 */
export const cisco: LineForm = (line) => {
  const found = line.includes('%') ? CISCO.exec(line) : null;
  if (found === null) return undefined;
  const [tag, facility = '', severity = '', mnemonic = ''] = found;
  const text = line.slice(found.index + tag.length);
  return {
    ...readHead(line.slice(0, found.index)),
    message: line.slice(found.index),
    cisco: { facility, severity, mnemonic },
    ...(/^(?:ASA|FTD|PIX|FWSM)\b/.test(facility) && connectionOf(text)),
  };
};

const ASA_SIDE = String.raw`(?:[^\s:/]+:)?([\w.:-]+?)(?:/(\d+|\w+))?`;
const ASA_TEXTS: readonly (readonly [pattern: RegExp, action: string])[] = [
  [
    new RegExp(
      String.raw`^Built (inbound|outbound) (\w+) connection \d+ for ${ASA_SIDE}(?: \([^)]*\))?(?:\([^)]*\))? to ${ASA_SIDE}(?: |$)`,
    ),
    'accept',
  ],
  [
    new RegExp(String.raw`^(Teardown) (\w+) connection \d+ for ${ASA_SIDE}(?:\([^)]*\))? to ${ASA_SIDE}(?: |$)`),
    'teardown',
  ],
  [new RegExp(String.raw`^(Deny) (\w+) src ${ASA_SIDE} dst ${ASA_SIDE}(?: |$)`), 'deny'],
  [
    /^(?:access-list \S+ )(denied|permitted) (\w+) [^/\s]+\/([\w.:]+)\((\d+)\)(?:\([^)]*\))? -> [^/\s]+\/([\w.:]+)\((\d+)\)/,
    '',
  ],
  [
    new RegExp(String.raw`^(Deny) (?:inbound |outbound )?(\w+)(?: \([^)]*\))? from ${ASA_SIDE} to ${ASA_SIDE}(?: |$)`),
    'deny',
  ],
];

/** Both ends of a connection, in the order of the message. A connection that was built from outside to inside is named by its outside first. */
function connectionOf(text: string): JsonObject {
  for (const [pattern, action] of ASA_TEXTS) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [, way = '', proto = '', first, firstPort, second, secondPort] = found;
    const isOutbound = way === 'outbound';
    return present({
      proto: proto.toLowerCase(),
      src_ip: isOutbound ? second : first,
      src_port: isOutbound ? secondPort : firstPort,
      dst_ip: isOutbound ? first : second,
      dst_port: isOutbound ? firstPort : secondPort,
      action: action === '' ? (way === 'denied' ? 'deny' : 'accept') : action,
      direction: way === 'inbound' || way === 'outbound' ? way : undefined,
    });
  }
  return {};
}

/** Huawei VRP: `%%01MODULE/SEVERITY/MNEMONIC(l)[5]:text`. */
const HUAWEI = /%%\d\d([A-Z0-9_]{1,40})\/(\d)\/([A-Za-z0-9_]{1,80})\([a-z]{1,3}\)/;

export const huawei: LineForm = (line) => {
  const found = line.includes('%%') ? HUAWEI.exec(line) : null;
  if (found === null) return undefined;
  const [, module = '', severity = '', mnemonic = ''] = found;
  return {
    ...readHead(line.slice(0, found.index)),
    message: line.slice(found.index),
    huawei: { module, severity, mnemonic },
  };
};

/** Junos' own processes; `sshd`, `su` and the like are those of any Unix. */
const JUNOS =
  /(?:^|\s)(?:(rpd|mgd|jddosd|chassisd|dcd|pfed|snmpd|mib2d|eventd|kmd|flowd\S*|bfdd|ppmd|lacpd|rmopd|cosd|dfwd|idpd|utmd|jsrpd|alarmd|craftd|license-check)\[\d+\]|(RT_FLOW|RT_UTM|RT_IDP|RT_SCREEN_\w+|RT_IDS)(?: - \w+)?): ?/;
const JUNOS_STRUCTURED = / \[junos@2636[.\d]* /;
const JUNOS_PARAMETER = / ([\w-]{1,60})="([^"]*)"/g;

export const junos: LineForm = (line) => {
  const structured = JUNOS_STRUCTURED.exec(line);
  if (structured !== null) {
    const end = line.lastIndexOf(']');
    const parameters: Record<string, string> = {};
    for (const [, name = '', value = ''] of line.slice(structured.index, end).matchAll(JUNOS_PARAMETER))
      parameters[name] = value;
    const words = line.slice(0, structured.index).split(' ');
    return {
      ...present({ timestamp: words[1], hostname: words[2], process: words[3], pid: words[4] }),
      message: line.slice(structured.index + 1),
      junos: { process: words[3] ?? '', tag: words[5] ?? '', ...parameters },
    };
  }
  const found = JUNOS.exec(line);
  if (found === null) return undefined;
  const process = before(found[1] ?? found[2] ?? '', /\[/);
  return {
    ...readHead(line.slice(0, found.index + 1)),
    message: line.slice(found.index).trimStart(),
    junos: { process },
  };
};

/** PAN-OS: `future use, received, serial, TYPE, subtype, …`, the columns of each type by its documentation (10.x, "Syslog field descriptions"). */
const PANOS =
  /(?:^|[\s>])(?:\d|),(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d),([0-9A-Za-z]*),(TRAFFIC|THREAT|SYSTEM|CONFIG|HIPMATCH|USERID|GLOBALPROTECT|AUTHENTICATION|DECRYPTION|CORRELATION),/;
const COMMON = ['future_use1', 'receive_time', 'serial', 'type', 'subtype', 'future_use2', 'time_generated'];
const SESSION =
  'src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset future_use3 sessionid repeatcnt sport dport natsport natdport flags proto action';
const PANOS_COLUMNS: Readonly<Record<string, string>> = {
  TRAFFIC: `${SESSION} bytes bytes_sent bytes_received packets start elapsed category`,
  THREAT: `${SESSION} misc threatid category severity direction seqno`,
  GLOBALPROTECT:
    'vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason error opaque status',
  SYSTEM: 'vsys eventid object fmt future_use3 module severity opaque',
  CONFIG: 'host vsys cmd admin client result path',
};

export const panos: LineForm = (line) => {
  const found = PANOS.exec(line);
  if (found === null) return undefined;
  const start = found.index + (line[found.index] === ',' || /\d/.test(line[found.index] ?? '') ? 0 : 1);
  const cells = csvCells(line.slice(start));
  const type = found[3] ?? '';
  const columns = [...COMMON, ...(PANOS_COLUMNS[type] ?? '').split(' ').filter((name) => name !== '')];
  const members: Record<string, string> = {};
  for (const [at, cell] of fewCells(cells, ',').entries())
    if (cell !== '') members[columns[at] ?? `column_${at + 1}`] = cell;
  return { ...readHead(line.slice(0, start)), ...members, panos: type };
};

/** The cells of one line, which `,` parts; in quotes a quote is written twice. */
export function csvCells(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  for (;;) {
    const found = cell.exec(line);
    if (found === null) return cells;
    cells.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] === '') return cells;
  }
}

/** The text of an event, whose last part is its number among all. */
function withoutCount(parts: readonly string[]): string {
  return (/^\d+\s*$/.test(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts).join('\t');
}

/** Snare's `MSWinEventLog`: parts of a Windows event, tabs between them, or `#011` where a syslog daemon wrote them so. */
export const snare: LineForm = (line) => {
  const start = line.indexOf('MSWinEventLog');
  if (start === -1) return undefined;
  const parts = line.slice(start).replaceAll('#011', '\t').split('\t');
  const [, criticality, log, , time, id = '', source, user, , audit, computer, category, data, ...text] = parts;
  if (!/^\d{1,5}$/.test(id)) return undefined;
  const message = withoutCount(text);
  return {
    ...present({ Channel: log, SourceName: source, Computer: computer, User: user === 'N/A' ? undefined : user }),
    EventID: id,
    ...present({ LocalTime: time, Category: category, AuditType: audit, Criticality: criticality, DataText: data }),
    Message: message,
  };
};
