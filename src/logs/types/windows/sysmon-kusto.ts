import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View } from '../../../ir/view.ts';
import { kustoTable } from '../kusto-view.ts';
import {
  afterLast,
  beforeLast,
  capture,
  choose,
  coalesce,
  columns,
  concat,
  given,
  integer,
  isOneOf,
  mapped,
  own,
  unless,
} from '../view-terms.ts';
import {
  createdProcess,
  deviceTable,
  fileColumns,
  hashColumns,
  initiatingProcess,
  type ProcessFacts,
} from './device-tables.ts';
import { isIncoming, isOutgoing, registryDetails } from './shipped.ts';
import { hasId } from './sigma.ts';

const user = own('User');
const hashes = own('Hashes');
const object = own('TargetObject');
/** By which side began the connection; where nothing says it, neither. */
const bySide = (outgoing: Expr, incoming: Expr): Expr =>
  choose([
    [isOutgoing, outgoing],
    [isIncoming, incoming],
  ]);

/** The acting process, which Sysmon calls `Image` in all events but that of the process's creation. */
const acting: ProcessFacts = {
  path: own('Image'),
  id: own('ProcessId'),
  accountName: afterLast(user, '\\'),
  accountDomain: beforeLast(user, '\\'),
};

const created: ProcessFacts = {
  ...acting,
  commandLine: own('CommandLine'),
  originalFileName: unless(own('OriginalFileName'), '-'),
  integrityLevel: own('IntegrityLevel'),
  hashes,
};

const parentUser = unless(own('ParentUser'), '-');
const parent: ProcessFacts = {
  path: own('ParentImage'),
  commandLine: own('ParentCommandLine'),
  id: own('ParentProcessId'),
  accountName: afterLast(parentUser, '\\'),
  accountDomain: beforeLast(parentUser, '\\'),
};

const isValueEvent = { kind: 'or', items: [hasId(13), isOneOf(own('EventType'), ['DeleteValue'], true)] } as const;
const hive = capture(object, String.raw`^([^\\]+)`);
const fullHive = mapped(
  hive,
  { HKLM: 'HKEY_LOCAL_MACHINE', HKU: 'HKEY_USERS', HKCR: 'HKEY_CLASSES_ROOT', HKCU: 'HKEY_CURRENT_USER' },
  hive,
);
const key = given(
  isValueEvent,
  capture(object, String.raw`^[^\\]+(\\.*)\\[^\\]*$`),
  capture(object, String.raw`^[^\\]+(\\.*)$`),
);
const details = registryDetails;

/**
 * Sysmon's events as rows of Defender's device tables. Sysmon does not record the command line of the acting process
 * outside of process creation, nor anything of the parent's parent: those columns are empty.
 */
export function sysmonKusto(logType: string, separator: '\\' | '/'): readonly View[] {
  const about = (when: Expr, action: Expr) => ({
    when,
    action,
    time: own('TimeCreated'),
    device: own('Computer'),
    report: own('EventRecordID'),
  });
  const actor = initiatingProcess(acting, separator);
  return [
    deviceTable(
      logType,
      'DeviceProcessEvents',
      about(hasId(1), text('ProcessCreated')),
      createdProcess(created, separator),
      initiatingProcess(parent, separator),
      columns('datetime', { ProcessCreationTime: own('UtcTime', 'TimeCreated') }),
      columns('string', {
        ProcessVersionInfoCompanyName: unless(own('Company'), '-'),
        ProcessVersionInfoFileDescription: unless(own('Description'), '-'),
        ProcessVersionInfoProductName: unless(own('Product'), '-'),
        ProcessVersionInfoProductVersion: unless(own('FileVersion'), '-'),
      }),
      columns('long', { LogonId: own('LogonId') }),
    ),
    deviceTable(
      logType,
      'DeviceNetworkEvents',
      about(hasId(3), bySide(text('ConnectionSuccess'), text('InboundConnectionAccepted'))),
      actor,
      columns('string', {
        LocalIP: bySide(own('SourceIp'), own('DestinationIp')),
        RemoteIP: bySide(own('DestinationIp'), own('SourceIp')),
        RemoteUrl: unless(bySide(own('DestinationHostname'), own('SourceHostname')), '-'),
        Protocol: mapped(call('text.lower', [own('Protocol')]), { tcp: 'Tcp', udp: 'Udp' }, own('Protocol')),
      }),
      columns('int', {
        LocalPort: bySide(own('SourcePort'), own('DestinationPort')),
        RemotePort: bySide(own('DestinationPort'), own('SourcePort')),
      }),
    ),
    deviceTable(
      logType,
      'DeviceImageLoadEvents',
      about(hasId(7), text('ImageLoaded')),
      actor,
      fileColumns('', own('ImageLoaded'), separator),
      hashColumns('', hashes),
    ),
    deviceTable(
      logType,
      'DeviceFileEvents',
      about(
        hasId(2, 11, 23, 26),
        choose([
          [hasId(11), text('FileCreated')],
          [hasId(23, 26), text('FileDeleted')],
          [hasId(2), text('FileModified')],
        ]),
      ),
      actor,
      fileColumns('', own('TargetFilename'), separator),
      hashColumns('', hashes),
    ),
    deviceTable(
      logType,
      'DeviceRegistryEvents',
      about(
        hasId(12, 13, 14),
        choose([
          [hasId(13), text('RegistryValueSet')],
          [hasId(14), text('RegistryKeyRenamed')],
          [isOneOf(own('EventType'), ['DeleteKey'], true), text('RegistryKeyDeleted')],
          [isOneOf(own('EventType'), ['DeleteValue'], true), text('RegistryValueDeleted')],
          [isOneOf(own('EventType'), ['CreateKey'], true), text('RegistryKeyCreated')],
        ]),
      ),
      actor,
      columns('string', {
        RegistryKey: concat(fullHive, key),
        RegistryValueName: given(isValueEvent, afterLast(object, '\\')),
        RegistryValueData: coalesce(integer(capture(details, String.raw`^DWORD \((0x[0-9a-f]+)\)`)), details),
        RegistryValueType: choose([
          [
            {
              kind: 'match',
              subject: details,
              pattern: { kind: 'prefix', text: 'DWORD (' },
              collation: 'exact',
              quantifier: 'any',
              onMissing: 'false',
            },
            text('Dword'),
          ],
          [
            {
              kind: 'match',
              subject: details,
              pattern: { kind: 'prefix', text: 'QWORD (' },
              collation: 'exact',
              quantifier: 'any',
              onMissing: 'false',
            },
            text('Qword'),
          ],
          [isOneOf(details, ['Binary Data']), text('Binary')],
          [hasId(13), text('String')],
        ]),
      }),
    ),
    deviceTable(
      logType,
      'DeviceEvents',
      about(
        hasId(8, 10, 17, 18, 22),
        choose([
          [hasId(8), text('CreateRemoteThreadApiCall')],
          [hasId(10), text('OpenProcessApiCall')],
          [hasId(17, 18), text('NamedPipeEvent')],
          [hasId(22), text('DnsQueryResponse')],
        ]),
      ),
      initiatingProcess(
        {
          ...acting,
          path: own('Image', 'SourceImage'),
          id: own('ProcessId', 'SourceProcessId'),
        },
        separator,
      ),
      fileColumns('', own('TargetImage'), separator),
      columns('long', { ProcessId: own('TargetProcessId') }),
      columns('string', { RemoteUrl: own('QueryName') }),
    ),
    eventTable(logType),
  ];
}

/** The table that the Log Analytics agent fills from any channel; `EventData`, which is XML there, is empty. */
export function eventTable(logType: string): View {
  return kustoTable(logType, 'Event', null, [
    ...columns('datetime', { TimeGenerated: own('TimeCreated') }),
    ...columns('int', { EventID: own('EventID'), EventLevel: own('Level') }),
    ...columns('string', {
      Computer: own('Computer'),
      EventLog: own('Channel'),
      Source: own('Provider_Name'),
      RenderedDescription: own('Message'),
      UserName: own('User', 'Security_UserID'),
      SourceSystem: text('OpsManager'),
      Type: text('Event'),
    }),
  ]);
}
