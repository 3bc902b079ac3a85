import { and, call, not, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import {
  coalesce,
  concat,
  constant,
  fieldOf,
  fields,
  given,
  isOneOf,
  labels,
  mapped,
  own,
  pair,
} from '../view-terms.ts';
import { CHANNELS, PROVIDERS } from './channels.ts';
import { LOST_PROVIDER } from './forms.ts';
import { SHIPPED } from './moves.ts';
import {
  contextInfo,
  dataOfEvent,
  destinationIsIpv6,
  initiated,
  payload,
  queryResults,
  queryStatus,
  registryDetails,
  shippedHash,
  shippedHashes,
  shippedPid,
  shippedUser,
  sourceIsIpv6,
} from './shipped.ts';

const eventId = own('EventID');

/** Whether the event has one of these ids. */
export function hasId(...ids: readonly number[]): Expr {
  return isOneOf(eventId, ids.map(String));
}

/** A registry event of creation or removal says so in `EventType`; where a collector lost it, both are possible. */
const lostEventType = not(isOneOf(own('EventType'), ['CreateKey', 'DeleteKey', 'DeleteValue'], true));
const isRegistryType = (...types: readonly string[]): Expr =>
  and([hasId(12), { kind: 'or', items: [isOneOf(own('EventType'), types, true), lostEventType] }]);

/** Sigma's categories of Sysmon events, from the taxonomy of the specification. */
const SYSMON_CATEGORIES: readonly (readonly [string, Expr])[] = [
  ['process_creation', hasId(1)],
  ['file_change', hasId(2)],
  ['network_connection', hasId(3)],
  ['sysmon_status', hasId(4, 16)],
  ['process_termination', hasId(5)],
  ['driver_load', hasId(6)],
  ['image_load', hasId(7)],
  ['create_remote_thread', hasId(8)],
  ['raw_access_thread', hasId(9)],
  ['raw_access_read', hasId(9)],
  ['process_access', hasId(10)],
  ['file_event', hasId(11)],
  ['registry_event', hasId(12, 13, 14)],
  ['registry_add', isRegistryType('CreateKey')],
  ['registry_delete', isRegistryType('DeleteKey', 'DeleteValue')],
  ['registry_set', hasId(13)],
  ['registry_rename', hasId(14)],
  ['create_stream_hash', hasId(15)],
  ['pipe_created', hasId(17, 18)],
  ['wmi_event', hasId(19, 20, 21)],
  ['dns_query', hasId(22)],
  ['file_delete', hasId(23, 26)],
  ['file_delete_detected', hasId(26)],
  ['clipboard_change', hasId(24)],
  ['clipboard_capture', hasId(24)],
  ['process_tampering', hasId(25)],
  ['file_block', hasId(27, 28)],
  ['file_block_executable', hasId(27)],
  ['file_block_shredding', hasId(28)],
  ['file_executable_detected', hasId(29)],
  ['sysmon_error', hasId(255)],
];

/** `Hashes` holds them all, as `SHA1=…,IMPHASH=…`; rules also ask for one by its name. */
const hashes = own('Hashes', 'Hash');
const HASH_FIELDS: readonly (readonly [string, ViewField])[] = [
  ['md5', fieldOf(coalesce(own('md5'), pair(hashes, 'MD5')))],
  ['sha1', fieldOf(coalesce(own('sha1'), pair(hashes, 'SHA1')))],
  ['sha256', fieldOf(coalesce(own('sha256'), pair(hashes, 'SHA256')))],
  ['Imphash', fieldOf(coalesce(own('Imphash'), pair(hashes, 'IMPHASH')))],
  ['imphash', fieldOf(coalesce(own('imphash'), pair(hashes, 'IMPHASH')))],
];

/** A datum that a pipeline has moved to a field that means something else in other events. */
const movedIn = (id: number, datum: string, shipped: string): Expr =>
  coalesce(own(datum), given(hasId(id), own(shipped)));

/** Data as events have them, made again where a shipper's pipeline has taken them apart. */
const TAKEN_APART: readonly (readonly [string, ViewField])[] = fields('keyword', {
  User: shippedUser,
  Hashes: shippedHashes,
  Hash: shippedHash,
  Initiated: initiated,
  SourceIsIpv6: sourceIsIpv6,
  DestinationIsIpv6: destinationIsIpv6,
  QueryStatus: queryStatus,
  QueryResults: queryResults,
  Details: registryDetails,
  Destination: movedIn(20, 'Destination', SHIPPED.program),
  Device: movedIn(9, 'Device', SHIPPED.file),
  Type: movedIn(25, 'Type', SHIPPED.message),
  ID: movedIn(255, 'ID', SHIPPED.error),
});

function view(logType: string, fields: Iterable<readonly [string, ViewField]>): View {
  return { schema: 'sigma', logType, when: null, fields: new Map(fields), families: [], otherwise: 'raw' };
}

export function sysmonSigma(logType: string, product: 'windows' | 'linux'): View {
  return view(logType, [
    ['logsource.product', constant(product)],
    ['logsource.service', constant('sysmon')],
    ['logsource.category', fieldOf(labels(SYSMON_CATEGORIES))],
    ...HASH_FIELDS,
    ...TAKEN_APART,
  ]);
}

const isCreation = hasId(4688);

/** The process that the event is about; in the creation of another its creator. */
export const securityProcessId: Expr = coalesce(own('ProcessId'), given(not(isCreation), shippedPid));
export const createdProcessId: Expr = coalesce(own('NewProcessId'), given(isCreation, shippedPid));

/** The mandatory label's SID and the level that Sysmon calls it. */
const LEVELS = {
  'S-1-16-0': 'Untrusted',
  'S-1-16-4096': 'Low',
  'S-1-16-8192': 'Medium',
  'S-1-16-8448': 'MediumPlus',
  'S-1-16-12288': 'High',
  'S-1-16-16384': 'System',
};

/**
 * The security channel. Its event 4688 is a process creation too, and rules of that category use Sysmon's names;
 * `ProcessId` stays the event's own (there the creator's), as rules about the service write it.
 */
export function securitySigma(logType: string): View {
  return view(logType, [
    ['logsource.product', constant('windows')],
    ['logsource.service', constant('security')],
    ['logsource.category', fieldOf(labels([['process_creation', isCreation]]))],
    ['Image', fieldOf(own('Image', 'NewProcessName'))],
    ['ParentImage', fieldOf(own('ParentImage', 'ParentProcessName'))],
    ['ProcessId', fieldOf(securityProcessId)],
    ['NewProcessId', fieldOf(createdProcessId)],
    ['ParentProcessId', fieldOf(given(isCreation, own('ParentProcessId', 'ProcessId'), own('ParentProcessId')))],
    [
      'User',
      fieldOf(
        given(
          isCreation,
          coalesce(
            own('User'),
            concat(own('SubjectDomainName'), text('\\'), own('SubjectUserName')),
            own('SubjectUserName'),
          ),
          own('User'),
        ),
      ),
    ],
    ['LogonId', fieldOf(given(isCreation, own('LogonId', 'SubjectLogonId'), own('LogonId')))],
    [
      'IntegrityLevel',
      fieldOf(
        given(
          isCreation,
          coalesce(own('IntegrityLevel'), mapped(own('MandatoryLabel'), LEVELS)),
          own('IntegrityLevel'),
        ),
      ),
    ],
  ]);
}

const channel = own('Channel');
const lostProvider = own(LOST_PROVIDER);
/** Where an event's channel is lost, or the collector's, its provider tells; in other forms that comes down to nothing. */
const isChannel = (service: string): Expr =>
  or([
    isOneOf(channel, CHANNELS[service] ?? [], true),
    ...(PROVIDERS[service] === undefined ? [] : [isOneOf(lostProvider, PROVIDERS[service], true)]),
  ]);

/** Events of Defender about malware that it found: Sigma's antivirus events. */
const isAntivirus = and([
  isChannel('windefend'),
  hasId(1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116),
]);
const isKernelFile = isOneOf(own('Provider_Name'), ['Microsoft-Windows-Kernel-File'], true);

export function eventLogSigma(logType: string): View {
  const services = Object.keys(CHANNELS).filter((service) => service !== 'security' && service !== 'sysmon');
  return view(logType, [
    ['logsource.product', constant('windows')],
    ['logsource.service', fieldOf(labels(services.map((service) => [service, isChannel(service)])))],
    [
      'logsource.category',
      fieldOf(
        labels([
          ['ps_module', and([isChannel('powershell'), hasId(4103)])],
          ['ps_script', and([isChannel('powershell'), hasId(4104)])],
          ['ps_classic_start', and([isChannel('powershell-classic'), hasId(400)])],
          ['ps_classic_provider_start', and([isChannel('powershell-classic'), hasId(600)])],
          ['ps_classic_script', and([isChannel('powershell-classic'), hasId(800)])],
          ['antivirus', isAntivirus],
          ['file_access', and([isKernelFile, hasId(12)])],
          ['file_rename', and([isKernelFile, hasId(27)])],
        ]),
      ),
    ],
    ['Signature', fieldOf(given(isAntivirus, own('Signature', 'ThreatName'), own('Signature')))],
    ['Filename', fieldOf(given(isAntivirus, own('Filename', 'Path'), own('Filename')))],
    ['Data', fieldOf(dataOfEvent)],
    ['Payload', fieldOf(payload)],
    ['ContextInfo', fieldOf(contextInfo)],
    ['HostApplication', fieldOf(own('HostApplication', SHIPPED.hostApplication))],
    ['HostName', fieldOf(own('HostName', SHIPPED.hostName))],
    ['EngineVersion', fieldOf(own('EngineVersion', SHIPPED.engineVersion))],
    ['HostVersion', fieldOf(own('HostVersion', SHIPPED.hostVersion))],
    ['User', fieldOf(shippedUser)],
  ]);
}

/** What the unnamed data of RPC Firewall's event 3 are, in their order. */
const RPC_DATA =
  'RPCRT_Func ProcessID ImagePath Protocol Endpoint SourceNetworkAddress InterfaceUuid OpNum SecurityID AuthenticationLevel AuthenticationService RemotePort'.split(
    ' ',
  );

export function rpcFirewallSigma(logType: string): View {
  const place = (at: number): Expr =>
    call('view.item', [own('Data'), { kind: 'literal', type: 'int', value: String(at) }]);
  return view(logType, [
    ['logsource.product', constant('rpc_firewall')],
    ['logsource.category', constant('application')],
    ['EventLog', fieldOf(coalesce(channel, text('RPCFW')))],
    ...fields('keyword', Object.fromEntries(RPC_DATA.map((name, at) => [name, coalesce(own(name), place(at))]))),
  ]);
}
