import type { JsonObject } from '../../../base/json.ts';
import { before } from '../../../base/strip.ts';
import { fewCells, type LineForm, present } from './line-form.ts';
import { readHead } from './syslog-head.ts';

/**
 * Lines of firewalls that say what became of a packet or a connection: `{firewall: "pfsense", src_ip, src_port, dst_ip, dst_port,
 * action, proto, …, message}`, beside them what the line itself names.
 */
interface Ends {
  readonly src_ip: string | undefined;
  readonly src_port: string | undefined;
  readonly dst_ip: string | undefined;
  readonly dst_port: string | undefined;
  readonly proto: string | undefined;
  readonly action: string | undefined;
}

function record(
  firewall: string,
  line: string,
  at: number,
  ends: Ends,
  own: JsonObject = {},
  head: string = line.slice(0, at),
): JsonObject | undefined {
  if (ends.src_ip === undefined || ends.dst_ip === undefined) return undefined;
  const { action, proto } = ends;
  // A record with a program is one of syslog.
  const { appname: _, ...host } = readHead(head);
  return {
    ...own,
    ...host,
    ...present({ ...ends, action: action?.toLowerCase(), proto: proto?.toLowerCase() }),
    firewall,
    message: line.slice(at),
  };
}

/**
 * pfSense and OPNsense: `filterlog[pid]: ` and cells by commas, whose number and meaning follow the version of IP and the protocol
 * (docs.netgate.com, "Raw Filter Log Format").
 */
export const pfsense: LineForm = (line) => {
  const found = /\bfilterlog(?:\[\d{1,10}\]| \d{1,10} - -)?:? (?=\d{1,6},)/.exec(line);
  if (found === null) return undefined;
  const at = found.index + found[0].length;
  const cells = fewCells(line.slice(at).trim().split(','), ',');
  const [rule, , , tracker, device, reason, action, direction, version] = cells;
  const ip = version === '6' ? cells.slice(12) : cells.slice(16);
  const [proto] = ip;
  const [src, dst, srcPort, dstPort] = ip.slice(version === '6' ? 3 : 2);
  if (action === undefined || !/^[46]$/.test(version ?? '') || !/^[\d.a-fA-F:]+$/.test(src ?? '')) return undefined;
  const hasPorts = proto !== undefined && /^(?:tcp|udp)$/i.test(proto);
  return record(
    'pfsense',
    line,
    at,
    {
      src_ip: src,
      dst_ip: dst,
      src_port: hasPorts ? srcPort : undefined,
      dst_port: hasPorts ? dstPort : undefined,
      proto,
      action,
    },
    present({ rule, tracker, interface: device, reason, direction }),
  );
};

const PAIR = /([A-Za-z][\w.-]{0,60})=(?:"([^"]*)"|(\S*))/g;

function pairsOf(text: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of text.matchAll(PAIR)) {
    if (!found.has(name)) found.set(name, quoted ?? plain);
  }
  return Object.fromEntries(found);
}

/** `10.0.0.7:60622:X0-V999`, and an address of version 6 as it is: address, port and interface of SonicOS. */
function endOf(text: string | undefined): { readonly ip: string | undefined; readonly port: string | undefined } {
  const [, ip, port] = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?::|$)/.exec(text ?? '') ?? [];
  return ip === undefined ? { ip: text === '' ? undefined : text, port: undefined } : { ip, port };
}

/** SonicOS: `id=firewall sn=… time="…" fw=… pri=… c=… m=… msg="…" src=… dst=…` (SonicWall, "SonicOS Log Events Reference Guide"). */
export const sonicWall: LineForm = (line) => {
  const found = /\bid=\S{1,60} +sn=[0-9A-Fa-f]{8,16} +time="/.exec(line);
  if (found === null) return undefined;
  const own = pairsOf(line.slice(found.index));
  const [src, dst] = [endOf(own['src']), endOf(own['dst'])];
  return record(
    'sonicwall',
    line,
    found.index,
    {
      src_ip: src.ip,
      src_port: src.port,
      dst_ip: dst.ip,
      dst_port: dst.port,
      proto: before(own['proto'] ?? '', /\//),
      action: own['fw_action'] === 'NA' ? undefined : own['fw_action'],
    },
    own,
  );
};

/** Sophos Firewall: `device="SFW" date=… time=… log_type="Firewall" … src_ip=… dst_ip=…`, or `device_name="SFW"` (docs.sophos.com, "Syslog descriptions"). */
export const sophos: LineForm = (line) => {
  const found = /\b(?:device="SFW"|device_name="SFW") /.exec(line);
  if (found === null || !line.includes('log_type="')) return undefined;
  const own = pairsOf(line.slice(found.index));
  return record(
    'sophos',
    line,
    found.index,
    {
      src_ip: own['src_ip'],
      src_port: own['src_port'],
      dst_ip: own['dst_ip'],
      dst_port: own['dst_port'],
      proto: own['protocol'],
      action: own['status'] ?? own['log_subtype'],
    },
    own,
  );
};

const CHECK_POINT_PAIR = /([A-Za-z_]\w{0,60}):"([^"\\]*(?:\\.[^"\\]*)*)"/g;

/** Check Point's Log Exporter: `CheckPoint 13752 - [action:"Drop"; src:"…"; dst:"…"; s_port:"…"; service:"…"; …]`. */
export const checkPoint: LineForm = (line) => {
  const at = line.indexOf('CheckPoint');
  if (at === -1) return undefined;
  const own: Record<string, string> = {};
  for (const [, name = '', value = ''] of line.slice(at).matchAll(CHECK_POINT_PAIR)) own[name] ??= value;
  return record(
    'checkpoint',
    line,
    at,
    {
      src_ip: own['src'],
      src_port: own['s_port'],
      dst_ip: own['dst'],
      dst_port: own['service'],
      proto: PROTOCOLS[own['proto'] ?? ''] ?? own['proto'],
      action: own['action'],
    },
    own,
    line,
  );
};

const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp' };
