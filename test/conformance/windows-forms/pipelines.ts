import type { Json, JsonObject } from '../../../src/base/json.ts';
import { asWinlogbeat, inWinlogbeat } from './collectors.ts';
import { objectIn, partsOf, withData } from './event.ts';

/**
 * What Elastic's ingest pipelines (elastic/integrations, `windows` and `system`) make of Winlogbeat's documents: told again from
 * the pipelines' files, as far as data leave `winlog.event_data`. Nothing here is the product's.
 */
type Data = Map<string, string>;
/** Fields by their dotted names. */
type Fields = Map<string, Json>;

export function asPiped(record: JsonObject): JsonObject {
  const { channel, eventId } = partsOf(record);
  const document = asWinlogbeat(record);
  const winlog = objectIn(document['winlog']);
  const before = Object.entries(objectIn(winlog['event_data'])) as [string, string][];
  const data: Data = new Map(before);
  const fields: Fields = new Map();
  const lists = pipelineOf(channel)?.(eventId, data, fields);
  const { event_data: _, ...rest } = winlog;
  const left = { ...Object.fromEntries(data), ...lists };
  const moved = { ...document, winlog: { ...rest, ...(Object.keys(left).length > 0 && { event_data: left }) } };
  const piped: JsonObject = { ...moved, agent: { type: 'filebeat', version: '8.11.0' } };
  return [...fields].reduce((whole, [name, value]) => withField(whole, name.split('.'), value), piped);
}

type Pipeline = (eventId: string, data: Data, fields: Fields) => JsonObject | undefined;

function pipelineOf(channel: string): Pipeline | undefined {
  switch (channel) {
    case 'Microsoft-Windows-Sysmon/Operational':
      return sysmon;
    case 'Security':
      return security;
    case 'Microsoft-Windows-PowerShell/Operational':
      return powershell;
    case 'Windows PowerShell':
      return classicPowershell;
    default:
      return undefined;
  }
}

function withField(record: JsonObject, [first = '', ...rest]: readonly string[], value: Json): JsonObject {
  return { ...record, [first]: rest.length === 0 ? value : withField(objectIn(record[first]), rest, value) };
}

function move(data: Data, fields: Fields, moves: Readonly<Record<string, string>>): void {
  for (const [name, target] of Object.entries(moves)) {
    const value = data.get(name);
    // `rename` fails where the target is there, and the datum then stays.
    if (value === undefined || fields.has(target)) continue;
    fields.set(target, value);
    data.delete(name);
  }
}

const number = (fields: Fields, name: string): void => {
  const value = fields.get(name);
  if (typeof value === 'string') fields.set(name, Number(value));
};

const SYSMON_EMPTY = new Set(['', '-', '{00000000-0000-0000-0000-000000000000}']);
const FILE_HASHES = new Set(['6', '7', '15']);
const PROCESS_HASHES = new Set(['1', '23', '24', '25', '26']);

const sysmon: Pipeline = (id, data, fields) => {
  for (const [name, value] of [...data]) if (SYSMON_EMPTY.has(value)) data.delete(name);
  const time = data.get('UtcTime');
  if (time !== undefined) fields.set('@timestamp', `${time.replace(' ', 'T')}Z`);
  if (id === '255') move(data, fields, { ID: 'error.code' });
  if (id === '25') move(data, fields, { Type: 'message' });
  hashes(id, data.get('Hash') ?? data.get('Hashes') ?? '', fields);
  if (id === '7') move(data, fields, { OriginalFileName: 'file.pe.original_file_name' });
  move(data, fields, SYSMON_MOVES);
  for (const each of ['process.pid', 'process.parent.pid', 'process.thread.id', 'source.port', 'destination.port'])
    number(fields, each);
  if (id !== '22') move(data, fields, { DestinationPortName: 'network.protocol' });
  if (id !== '22') move(data, fields, { SourcePortName: 'network.protocol' });
  const direction = { true: 'egress', false: 'ingress' }[data.get('Initiated') ?? ''];
  if (direction !== undefined) fields.set('network.direction', direction);
  const type = { true: 'ipv6', false: 'ipv4' }[data.get('SourceIsIpv6') ?? ''];
  if (type !== undefined) fields.set('network.type', type);
  queries(data, fields);
  user(data.get('User'), fields);
  registry(id, data, fields);
  for (const [name, target] of [
    ['Archived', 'sysmon.file.archived'],
    ['IsExecutable', 'sysmon.file.is_executable'],
  ] as const) {
    const value = data.get(name);
    if (value !== undefined) fields.set(target, value === 'true');
  }
  for (const name of SYSMON_REMOVED) data.delete(name);
  move(data, new Map(), { TargetProcessGuid: 'gone' });
  return undefined;
};

const SYSMON_MOVES = {
  RuleName: 'rule.name',
  ProcessGuid: 'process.entity_id',
  ProcessId: 'process.pid',
  Image: 'process.executable',
  SourceProcessGuid: 'process.entity_id',
  SourceProcessGUID: 'process.entity_id',
  SourceProcessId: 'process.pid',
  SourceThreadId: 'process.thread.id',
  SourceImage: 'process.executable',
  Destination: 'process.executable',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'process.working_directory',
  ParentProcessGuid: 'process.parent.entity_id',
  ParentProcessId: 'process.parent.pid',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line',
  OriginalFileName: 'process.pe.original_file_name',
  TargetFilename: 'file.path',
  Device: 'file.path',
  PipeName: 'file.name',
  ImageLoaded: 'file.path',
  Protocol: 'network.transport',
  SourceIp: 'source.ip',
  SourceHostname: 'source.domain',
  SourcePort: 'source.port',
  DestinationIp: 'destination.ip',
  DestinationHostname: 'destination.domain',
  DestinationPort: 'destination.port',
  QueryName: 'dns.question.name',
};
const SYSMON_REMOVED =
  'ProcessId ParentProcessId SourceProcessId SourceThreadId SourceIp SourcePort SourcePortName DestinationIp DestinationPort DestinationPortName RuleName User Initiated SourceIsIpv6 DestinationIsIpv6 QueryStatus Archived IsExecutable QueryResults UtcTime Hash Hashes TargetObject Details'.split(
    ' ',
  );

function hashes(id: string, text: string, fields: Fields): void {
  const where = FILE_HASHES.has(id) ? 'file' : PROCESS_HASHES.has(id) ? 'process' : undefined;
  if (where === undefined) return;
  for (const pair of text.split(',')) {
    const [name = '', value = ''] = pair.toLowerCase().split('=');
    if (/^0*$/.test(value)) continue;
    fields.set(name === 'imphash' ? `${where}.pe.imphash` : `${where}.hash.${name}`, value);
  }
}

/** The names that the pipeline gives numbers of record types and of states, as far as the samples have them. */
const RECORD_TYPES: Readonly<Record<string, string>> = { '1': 'A', '5': 'CNAME', '28': 'AAAA' };
const DNS_STATES: Readonly<Record<string, string>> = { '0': 'SUCCESS', '9003': 'DNS_ERROR_RCODE_NAME_ERROR' };

function queries(data: Data, fields: Fields): void {
  const status = data.get('QueryStatus');
  if (status !== undefined) fields.set('sysmon.dns.status', DNS_STATES[status] ?? status);
  const answers: Json[] = [];
  const addresses: string[] = [];
  for (const answer of (data.get('QueryResults') ?? '').split(';')) {
    const [, type, name] = /^type:\s+(\S+)(?:\s+(\S+))?/.exec(answer) ?? [];
    if (type !== undefined) {
      answers.push({ type: RECORD_TYPES[type] ?? type, ...(name !== undefined && { data: name }) });
    } else if (answer !== '') addresses.push(answer.replace('::ffff:', ''));
  }
  for (const address of addresses) answers.push({ data: address, type: address.includes(':') ? 'AAAA' : 'A' });
  if (answers.length > 0) fields.set('dns.answers', answers);
  if (addresses.length > 0) fields.set('dns.resolved_ip', addresses);
}

function user(text: string | undefined, fields: Fields): void {
  const parts = (text ?? '').split('\\');
  const [domain = '', name = ''] = parts;
  if (parts.length !== 2) return;
  fields.set('user.domain', domain);
  fields.set('user.name', name);
}

function registry(id: string, data: Data, fields: Fields): void {
  const path = data.get('TargetObject');
  if (path === undefined || !['12', '13', '14'].includes(id)) return;
  fields.set('registry.path', path);
  const details = data.get('Details');
  if (details === undefined) return;
  const [, high, low] = /^QWORD \(0x([0-9A-F]{8})-0x([0-9A-F]{8})\)$/i.exec(details) ?? [];
  const [, single] = /^DWORD \(0x([0-9A-F]{8})\)$/i.exec(details) ?? [];
  const [type, text] =
    high !== undefined && low !== undefined
      ? ['SZ_QWORD', String(Number.parseInt(high, 16) * 256 + Number.parseInt(low, 16))]
      : single !== undefined
        ? ['SZ_DWORD', String(Number.parseInt(single, 16))]
        : [details === 'Binary Data' ? 'REG_BINARY' : 'REG_SZ', details];
  fields.set('registry.data', { type, strings: [text] });
}

const SECURITY_MOVED_IDS = new Set(
  '1100 1102 1104 1105 1108 4624 4648 4625 4670 4673 4674 4689 4697 4719 4720 4722 4723 4724 4725 4726 4727 4728 4729 4730 4731 4732 4733 4734 4735 4737 4738 4740 4741 4742 4743 4744 4745 4746 4747 4748 4749 4750 4751 4752 4753 4754 4755 4756 4757 4758 4759 4760 4761 4762 4763 4764 4767 4768 4769 4770 4771 4798 4799 4817 4904 4905 4907 4912 5140 5145'.split(
    ' ',
  ),
);
const PRIVILEGE_IDS = new Set(['4672', '4673', '4674', '4741', '4742', '4743']);

const security: Pipeline = (id, data, fields) => {
  const lists: Record<string, Json> = {};
  if (SECURITY_MOVED_IDS.has(id)) {
    if (data.get('IpAddress') !== '-') move(data, fields, { IpAddress: 'source.ip' });
    if (data.get('IpPort') !== '-') move(data, fields, { IpPort: 'source.port' });
    move(data, fields, {
      ProcessId: 'process.pid',
      ProcessName: 'process.executable',
      WorkstationName: 'source.domain',
    });
  }
  if (id === '4688') {
    move(data, fields, {
      NewProcessId: 'process.pid',
      NewProcessName: 'process.executable',
      ParentProcessName: 'process.parent.executable',
    });
    if (data.has('CommandLine')) fields.set('process.command_line', data.get('CommandLine') ?? '');
    if (data.has('ProcessId')) fields.set('process.parent.pid', Number(data.get('ProcessId')));
  }
  number(fields, 'process.pid');
  number(fields, 'source.port');
  const privileges = data.get('PrivilegeList');
  if (privileges !== undefined && PRIVILEGE_IDS.has(id)) lists['PrivilegeList'] = privileges.split(/\s+/);
  const control = data.get('UserAccountControl');
  if (control !== undefined && control !== '-' && !['', '-', undefined].includes(data.get('NewUacValue'))) {
    const flags = control.split('%%').flatMap((flag) => (flag.trim() === '' ? [] : [flag.trim()]));
    lists['UserAccountControl'] = flags;
  }
  for (const name of Object.keys(lists)) data.delete(name);
  return lists;
};

const powershell: Pipeline = (id, data, fields) => {
  if (id === '4103') split(data, data.get('ContextInfo') ?? '', /\n/);
  for (const [name, value] of [...data]) {
    if (!/\s/.test(name)) continue;
    data.delete(name);
    data.set(name.replaceAll(/\s/g, ''), value);
  }
  user(data.get('User'), fields);
  if (id === '4103' && data.has('Payload')) fields.set(DETAILS, details(data.get('Payload') ?? ''));
  move(data, fields, {
    HostID: 'process.entity_id',
    HostApplication: 'process.command_line',
    HostName: 'process.title',
    SequenceNumber: 'event.sequence',
    MessageNumber: 'powershell.sequence',
    MessageTotal: 'powershell.total',
    ShellID: 'powershell.id',
    EngineVersion: 'powershell.engine.version',
    PipelineID: 'powershell.pipeline_id',
    RunspaceID: 'powershell.runspace_id',
    HostVersion: 'powershell.process.executable_version',
    CommandLine: 'powershell.command.value',
    CommandPath: 'powershell.command.path',
    CommandName: 'powershell.command.name',
    CommandType: 'powershell.command.type',
    ScriptBlockId: 'powershell.file.script_block_id',
    ScriptBlockText: 'powershell.file.script_block_text',
    Path: 'file.path',
    ScriptName: 'file.path',
  });
  for (const name of ['User', 'ConnectedUser', 'ContextInfo', 'Severity', 'Payload']) data.delete(name);
  return undefined;
};

const classicPowershell: Pipeline = (id, data, fields) => {
  const text = data.get(id === '800' ? 'param2' : 'param3') ?? '';
  split(data, text, /\n\t/);
  user(data.get('UserId'), fields);
  if (id === '800') fields.set(DETAILS, details(data.get('param3') ?? ''));
  move(data, fields, {
    SequenceNumber: 'event.sequence',
    HostId: 'process.entity_id',
    HostApplication: 'process.command_line',
    HostName: 'process.title',
    NewEngineState: 'powershell.engine.new_state',
    PreviousEngineState: 'powershell.engine.previous_state',
    NewProviderState: 'powershell.provider.new_state',
    ProviderName: 'powershell.provider.name',
    EngineVersion: 'powershell.engine.version',
    PipelineId: 'powershell.pipeline_id',
    RunspaceId: 'powershell.runspace_id',
    HostVersion: 'powershell.process.executable_version',
    CommandLine: 'powershell.command.value',
    CommandPath: 'powershell.command.path',
    CommandName: 'powershell.command.name',
    CommandType: 'powershell.command.type',
    ScriptName: 'file.path',
  });
  for (const name of ['param1', 'param2', 'param3', 'DetailTotal', 'DetailSequence', 'UserId']) data.delete(name);
  return undefined;
};

const DETAILS = 'powershell.command.invocation_details';

function split(data: Data, text: string, separator: RegExp): void {
  for (const part of text.split(separator)) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(at + 1).trim() !== '') data.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
}

function details(text: string): Json[] {
  return text.split('\n').map((raw): Json => {
    const [, type, command, value] = /^([^:(]+)\(([^)]+)\):\s*(.+)?$/.exec(raw) ?? [];
    if (type === undefined || command === undefined) return { value: raw };
    const [, name, bound] = /name=(.+);\s*value=(.+)$/.exec(value ?? '') ?? [];
    if (type !== 'ParameterBinding' || name === undefined || bound === undefined)
      return { type, related_command: command, value: value ?? null };
    return { type, related_command: command, name, value: bound };
  });
}

/** What of an event the pipelines leave somewhere. */
export function inPiped(record: JsonObject): JsonObject {
  const { channel, eventId, named, unnamed } = partsOf(record);
  if (channel !== 'Microsoft-Windows-Sysmon/Operational') return inWinlogbeat(record);
  const kept = named.filter(
    ([name, value]) =>
      !SYSMON_EMPTY.has(value) && !(name === 'Hashes' && !FILE_HASHES.has(eventId) && !PROCESS_HASHES.has(eventId)),
  );
  return withData(record, kept, unnamed);
}
