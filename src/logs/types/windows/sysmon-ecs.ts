import { and, call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import {
  capture,
  choose,
  coalesce,
  constant,
  fieldOf,
  fields,
  given,
  integer,
  isOneOf,
  labels,
  mapped,
  own,
  pair,
  unless,
} from '../view-terms.ts';
import {
  accountDomain,
  accountName,
  eventLogFields,
  eventLogView,
  fileFields,
  filled,
  hashFields,
  processFields,
} from './ecs-common.ts';
import { DNS_STATUS, isIncoming, isOutgoing, queryStatus, registryDetails } from './shipped.ts';
import { hasId } from './sigma.ts';

/** Event ids by ECS category and type, as Elastic's Sysmon pipeline assigns them. */
const CATEGORIES: readonly (readonly [string, Expr])[] = [
  ['process', hasId(1, 4, 5, 8, 9, 10, 25, 255, 7)],
  ['file', hasId(2, 11, 15, 17, 18, 23, 24, 26, 27, 28, 29)],
  ['network', hasId(3, 22)],
  ['driver', hasId(6)],
  ['configuration', hasId(12, 13, 14, 16)],
  ['registry', hasId(12, 13, 14)],
];
const TYPES: readonly (readonly [string, Expr])[] = [
  ['start', hasId(1, 3, 6)],
  ['end', hasId(5)],
  ['change', hasId(2, 4, 7, 8, 12, 13, 14, 16, 24, 25)],
  ['access', hasId(9, 10, 15, 18)],
  ['creation', hasId(11, 17, 19, 20, 21, 27, 29)],
  ['deletion', hasId(23, 26, 28)],
  ['connection', hasId(3, 22)],
  ['protocol', hasId(3, 22)],
  ['info', hasId(22)],
  ['error', hasId(255)],
];

/** The names of Sysmon's events, which `event.action` holds. */
const ACTIONS: Readonly<Record<string, string>> = {
  '1': 'Process Create (rule: ProcessCreate)',
  '2': 'File creation time changed (rule: FileCreateTime)',
  '3': 'Network connection detected (rule: NetworkConnect)',
  '4': 'Sysmon service state changed',
  '5': 'Process terminated (rule: ProcessTerminate)',
  '6': 'Driver loaded (rule: DriverLoad)',
  '7': 'Image loaded (rule: ImageLoad)',
  '8': 'CreateRemoteThread detected (rule: CreateRemoteThread)',
  '9': 'RawAccessRead detected (rule: RawAccessRead)',
  '10': 'Process accessed (rule: ProcessAccess)',
  '11': 'File created (rule: FileCreate)',
  '12': 'Registry object added or deleted (rule: RegistryEvent)',
  '13': 'Registry value set (rule: RegistryEvent)',
  '14': 'Registry object renamed (rule: RegistryEvent)',
  '15': 'File stream created (rule: FileCreateStreamHash)',
  '16': 'Sysmon config state changed',
  '17': 'Pipe Created (rule: PipeEvent)',
  '18': 'Pipe Connected (rule: PipeEvent)',
  '19': 'WmiEventFilter activity detected (rule: WmiEvent)',
  '20': 'WmiEventConsumer activity detected (rule: WmiEvent)',
  '21': 'WmiEventConsumerToFilter activity detected (rule: WmiEvent)',
  '22': 'Dns query (rule: DnsQuery)',
  '23': 'File Delete archived (rule: FileDelete)',
  '24': 'Clipboard changed (rule: ClipboardChange)',
  '25': 'Process Tampering (rule: ProcessTampering)',
  '26': 'File Delete logged (rule: FileDeleteDetected)',
  '27': 'File Block Executable (rule: FileBlockExecutable)',
  '28': 'File Block Shredding (rule: FileBlockShredding)',
  '29': 'File Executable Detected (rule: FileExecutableDetected)',
  '255': 'Error report',
};

const created = hasId(1);
const loaded = hasId(6, 7);
const user = filled(own('User', 'SourceUser'));
const hashes = own('Hashes', 'Hash');
const image = own('Image', 'SourceImage');
const registryObject = own('TargetObject');
const target = coalesce(own('TargetFilename'), given(loaded, own('ImageLoaded')), own('PipeName'));
const details = registryDetails;
const isNumber = capture(details, String.raw`^((?:D|Q)WORD) \(`);
const number = capture(details, String.raw`^DWORD \((0x[0-9a-f]+)\)`);

/** Sysmon writes registry data as `DWORD (0x00000001)`; documents hold the number in decimal. */
const registryStrings = given(
  isOneOf(details, ['Binary Data', '(Empty)', '-', '']),
  { kind: 'missing' },
  coalesce(call('view.join', [integer(number), text('')]), capture(details, String.raw`^QWORD \((.*)\)$`), details),
);

const address = (name: string): Expr => call('view.ip', [own(name)]);

/** The ECS fields of Sysmon's events, as Elastic's Windows integration and Winlogbeat write them. */
export function sysmonEcs(logType: string): View {
  return eventLogView(logType, [
    ...eventLogFields([
      'logs-windows.sysmon_operational-default',
      'winlogbeat-8.0.0',
      'logs-windows.forwarded-default',
    ]),
    ['event.module', constant('sysmon')],
    ['event.dataset', constant('windows.sysmon_operational')],
    ['data_stream.dataset', { expr: text('windows.sysmon_operational'), type: 'constant_keyword' }],
    ['event.category', fieldOf(labels(CATEGORIES))],
    ['event.type', fieldOf(labels(TYPES))],
    ['event.action', fieldOf(mapped(own('EventID'), ACTIONS))],
    ...processFields('process', image, own('CommandLine')),
    ...processFields('process.parent', own('ParentImage'), own('ParentCommandLine')),
    ...hashFields('process.hash', given(created, hashes)),
    ...hashFields('file.hash', given(hasId(6, 7, 11, 15, 23, 26, 27, 28, 29), hashes)),
    ...hashFields('dll.hash', given(loaded, hashes)),
    ...fileFields('file', target),
    ...fields('keyword', {
      'process.entity_id': own('ProcessGuid', 'SourceProcessGUID', 'SourceProcessGuid'),
      'process.parent.entity_id': own('ParentProcessGuid'),
      'process.working_directory': own('CurrentDirectory'),
      'process.pe.original_file_name': given(created, filled(own('OriginalFileName'))),
      'process.pe.company': given(created, filled(own('Company'))),
      'process.pe.description': given(created, filled(own('Description'))),
      'process.pe.file_version': given(created, filled(own('FileVersion'))),
      'process.pe.product': given(created, filled(own('Product'))),
      'process.pe.imphash': given(created, call('text.lower', [pair(hashes, 'IMPHASH')])),
      'file.pe.original_file_name': given(hasId(7), filled(own('OriginalFileName'))),
      'file.pe.company': given(hasId(7), filled(own('Company'))),
      'file.pe.imphash': given(loaded, call('text.lower', [pair(hashes, 'IMPHASH')])),
      'file.code_signature.subject_name': given(loaded, filled(own('Signature'))),
      'file.code_signature.status': given(loaded, filled(own('SignatureStatus'))),
      'dll.path': given(loaded, own('ImageLoaded')),
      'dll.name': given(loaded, capture(own('ImageLoaded'), String.raw`([^\\]*)$`)),
      'dll.pe.original_file_name': given(hasId(7), filled(own('OriginalFileName'))),
      'dll.pe.imphash': given(loaded, call('text.lower', [pair(hashes, 'IMPHASH')])),
      'dll.code_signature.subject_name': given(loaded, filled(own('Signature'))),
      'dll.code_signature.status': given(loaded, filled(own('SignatureStatus'))),
      'user.name': accountName(user),
      'user.domain': accountDomain(user),
      'user.id': own('Security_UserID'),
      'registry.path': registryObject,
      'registry.hive': capture(registryObject, String.raw`^([^\\]+)\\`),
      'registry.key': capture(registryObject, String.raw`^[^\\]+\\(.+)$`),
      'registry.value': given(hasId(13, 14, 12), capture(registryObject, String.raw`([^\\]+)$`)),
      'registry.data.type': choose([
        [isOneOf(isNumber, ['DWORD'], true), text('SZ_DWORD')],
        [isOneOf(isNumber, ['QWORD'], true), text('SZ_QWORD')],
        [isOneOf(details, ['Binary Data']), text('REG_BINARY')],
        [{ kind: 'exists', subject: details, counts: 'value' }, text('SZ')],
      ]),
      'registry.data.strings': registryStrings,
      'network.transport': given(hasId(3), own('Protocol')),
      'network.protocol': choose([
        [hasId(22), text('dns')],
        [hasId(3), filled(own('DestinationPortName'))],
      ]),
      'network.direction': choose([
        [and([hasId(3), isOutgoing]), text('egress')],
        [and([hasId(3), isIncoming]), text('ingress')],
      ]),
      'network.type': choose([
        [isOneOf(own('SourceIsIpv6'), ['true'], true), text('ipv6')],
        [isOneOf(own('SourceIsIpv6'), ['false'], true), text('ipv4')],
      ]),
      'source.domain': filled(own('SourceHostname')),
      'destination.domain': filled(own('DestinationHostname')),
      'dns.question.name': own('QueryName'),
      'sysmon.dns.status': mapped(queryStatus, DNS_STATUS, own('QueryStatus')),
      'dns.resolved_ip': call('view.captures', [
        own('QueryResults'),
        text(String.raw`(?:^|;)\s*(?:::ffff:)?((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]*:[0-9a-f:]+)(?:;|$)`),
      ]),
      'rule.name': unless(own('RuleName'), '', '-'),
    }),
    ...fields('long', {
      'process.pid': own('ProcessId', 'SourceProcessId'),
      'process.parent.pid': own('ParentProcessId'),
      'process.thread.id': own('SourceThreadId'),
      'source.port': own('SourcePort'),
      'destination.port': own('DestinationPort'),
    }),
    ...fields('ip', { 'source.ip': address('SourceIp'), 'destination.ip': address('DestinationIp') }),
    ...fields('boolean', {
      'file.code_signature.signed': given(loaded, own('Signed')),
      'dll.code_signature.exists': given(loaded, own('Signed')),
    }),
  ]);
}

/** Sysmon for Linux: the same events in its own data set; command lines are not split into arguments. */
export function linuxSysmonEcs(logType: string): View {
  const view = sysmonEcs(logType);
  const path = (prefix: string, item: Expr) =>
    fields('keyword', { [`${prefix}.name`]: call('text.after-last', [item, text('/')]) });
  const dropped = new Set(['process.args', 'process.args_count', 'process.parent.args', 'process.parent.args_count']);
  const replaced: readonly (readonly [string, ViewField])[] = [
    ...path('process', image),
    ...path('process.parent', own('ParentImage')),
    ...fields('keyword', {
      'file.path': target,
      'file.name': call('text.after-last', [target, text('/')]),
      'file.directory': call('text.before-last', [target, text('/')]),
    }),
    ['host.os.type', constant('linux')],
    ['host.os.family', constant('linux')],
    ['user.name', fieldOf(user)],
    ['event.module', constant('sysmon_linux')],
    ['event.dataset', constant('sysmon_linux.log')],
    ['data_stream.dataset', { expr: text('sysmon_linux.log'), type: 'constant_keyword' }],
    ['_index', fieldOf(text('logs-sysmon_linux.log-default'))],
  ];
  return { ...view, fields: new Map([...[...view.fields].filter(([name]) => !dropped.has(name)), ...replaced]) };
}
