import type { LogType } from '../../log-type.ts';
import { pantherView } from '../panther-view.ts';
import { labels, own, ownPath } from '../view-terms.ts';
import { eventLogEcs, securityEcs } from './event-log-ecs.ts';
import { windowsShapes } from './forms.ts';
import { POWERSHELL_MOVED, SECURITY_MOVED, SYSMON_MOVED } from './moves.ts';
import { windowsEvent } from './panther-event.ts';
import { EVENT_LOG, LINUX_SYSMON, RPC_FIREWALL, recogniseWindows, SECURITY, SYSMON } from './recognise.ts';
import { securityKusto } from './security-kusto.ts';
import { eventLogSigma, rpcFirewallSigma, securitySigma, sysmonSigma } from './sigma.ts';
import { linuxSysmonEcs, sysmonEcs } from './sysmon-ecs.ts';
import { eventTable, sysmonKusto } from './sysmon-kusto.ts';

const time = own('TimeCreated');

/** What Panther calls the events of all channels; those that osquery's `windows_events` gave are results of osquery as well. */
const WINDOWS = labels([
  ['Windows.EventLogs', null],
  ['Osquery.Differential', { kind: 'exists', subject: ownPath('columns', 'eventid'), counts: 'value' }],
]);

export const windowsSysmon: LogType = {
  name: SYSMON,
  declared: true,
  description: 'Sysmon for Windows',
  shapes: windowsShapes(SYSMON, recogniseWindows, 'plain', SYSMON_MOVED),
  family: recogniseWindows,
  time,
  views: [
    sysmonEcs(SYSMON),
    sysmonSigma(SYSMON, 'windows'),
    pantherView(SYSMON, WINDOWS, windowsEvent('plain', SYSMON_MOVED)),
    ...sysmonKusto(SYSMON, '\\'),
  ],
};

export const windowsSecurity: LogType = {
  name: SECURITY,
  declared: true,
  description: 'Windows event log, security channel',
  shapes: windowsShapes(SECURITY, recogniseWindows, 'user-data', SECURITY_MOVED),
  family: recogniseWindows,
  time,
  views: [
    securityEcs(SECURITY),
    securitySigma(SECURITY),
    pantherView(SECURITY, WINDOWS, windowsEvent('user-data', SECURITY_MOVED)),
    ...securityKusto(SECURITY),
  ],
};

export const windowsEventLog: LogType = {
  name: EVENT_LOG,
  declared: true,
  description: 'Windows event log, every other channel',
  shapes: windowsShapes(EVENT_LOG, recogniseWindows, 'spaced', POWERSHELL_MOVED, true),
  family: recogniseWindows,
  time,
  views: [
    eventLogEcs(EVENT_LOG),
    eventLogSigma(EVENT_LOG),
    pantherView(EVENT_LOG, WINDOWS, windowsEvent('spaced', POWERSHELL_MOVED)),
    eventTable(EVENT_LOG),
  ],
};

export const linuxSysmon: LogType = {
  name: LINUX_SYSMON,
  declared: true,
  description: 'Sysmon for Linux',
  shapes: windowsShapes(LINUX_SYSMON, recogniseWindows, 'plain', SYSMON_MOVED),
  family: recogniseWindows,
  time,
  views: [linuxSysmonEcs(LINUX_SYSMON), sysmonSigma(LINUX_SYSMON, 'linux'), ...sysmonKusto(LINUX_SYSMON, '/')],
};

/** Events of RPC Firewall, which is no part of Windows: its rules are about a product of its own. */
export const rpcFirewall: LogType = {
  name: RPC_FIREWALL,
  declared: true,
  description: 'RPC Firewall (Zero Networks)',
  shapes: windowsShapes(RPC_FIREWALL, recogniseWindows, 'plain'),
  family: recogniseWindows,
  time,
  views: [eventLogEcs(RPC_FIREWALL), rpcFirewallSigma(RPC_FIREWALL), eventTable(RPC_FIREWALL)],
};
