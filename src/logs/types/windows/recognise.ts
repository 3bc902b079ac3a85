import type { JsonObject } from '../../../base/json.ts';
import { readXmlForm } from '../../decode/windows-xml.ts';
import type { Family } from '../../log-type.ts';
import { isSysmonByFields } from '../../undeclared/sigma-forms.ts';
import { LINUX_SYSMON_CHANNEL, SECURITY_CHANNEL, SYSMON_CHANNEL } from './channels.ts';
import { LOST, readForm } from './forms.ts';

export const SYSMON = 'windows.sysmon';
export const SECURITY = 'windows.security';
export const EVENT_LOG = 'windows.eventlog';
export const RPC_FIREWALL = 'rpc.firewall';
export const LINUX_SYSMON = 'linux.sysmon';

/** Which log type an event of the Windows event log (or of Sysmon for Linux, which has its form) is, and its form. */
export const recogniseWindows: Family = (event) => {
  const found = readWindows(event);
  // What is in a converter's form is opened by the decoder.
  return found === undefined || readXmlForm(event) !== undefined ? undefined : found;
};

function readWindows(event: JsonObject): ReturnType<Family> {
  const read = readForm(event);
  if (read === undefined) return isSysmonByFields(event) ? { logType: SYSMON, shape: 'flat' } : undefined;
  const logType = typeOf(read.channel, read.provider);
  return { logType, shape: logType === EVENT_LOG && isLost(read.channel) ? read.form + LOST : read.form };
}

function isLost(channel: string): boolean {
  return channel === '' || channel === 'forwardedevents';
}

function typeOf(channel: string, provider: string): string {
  if (channel === SYSMON_CHANNEL) return SYSMON;
  if (channel === LINUX_SYSMON_CHANNEL || provider === 'linux-sysmon') return LINUX_SYSMON;
  if (channel === SECURITY_CHANNEL) return SECURITY;
  if (channel === 'rpcfw' || provider === 'rpcfw') return RPC_FIREWALL;
  // Forwarded events keep their provider where the channel is the collector's.
  if (isLost(channel)) {
    if (provider === 'microsoft-windows-sysmon') return SYSMON;
    if (provider === 'microsoft-windows-security-auditing') return SECURITY;
  }
  return EVENT_LOG;
}
