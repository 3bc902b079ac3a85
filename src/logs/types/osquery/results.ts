import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, kindOf } from '../record-tests.ts';
import { afterLast, choose, given, isOneOf, labels, own } from '../view-terms.ts';

const column = (...names: readonly string[]): Expr => own(...names.map((name) => `columns.${name}`));

/** Queries of packs have the pack's name before their own. */
const isTable = (...names: readonly string[]): Expr => ({
  kind: 'or',
  items: names.map((name) => ({
    kind: 'match',
    subject: own('name'),
    pattern: { kind: 'suffix', text: name },
    collation: 'exact',
    quantifier: 'any',
    onMissing: 'false',
  })),
});

const isProcess = isTable('process_events', 'bpf_process_events', 'es_process_events');
const isFile = isTable('file_events', 'es_process_file_events');
const isSocket = isTable('socket_events', 'bpf_socket_events');
/** Tables of macOS' Endpoint Security; the other event tables are on both systems, and nothing in a row tells which. */
const isMac = isTable('es_process_events', 'es_process_file_events');
const path = column('path');
const start = (pattern: string): Expr => ({
  kind: 'match',
  subject: path,
  pattern: { kind: 'prefix', text: pattern },
  collation: 'ignore-case',
  quantifier: 'any',
  onMissing: 'false',
});
const platform = own('decorations.platform', 'decorations.os_platform');
const product = choose(
  [
    [
      {
        kind: 'or',
        items: [
          isMac,
          isOneOf(platform, ['darwin', 'macos'], true),
          start('/Applications/'),
          start('/System/'),
          start('/Users/'),
        ],
      },
      text('macos'),
    ],
    [{ kind: 'or', items: [isOneOf(platform, ['windows'], true), start('C:\\')] }, text('windows')],
  ],
  text('linux'),
);
const isWritten = isOneOf(column('action'), ['CREATED', 'MOVED_TO', 'UPDATED', 'create', 'rename', 'write'], true);

/** Results of osquery's queries of events, one row a record. */
export const osquery: LogType = declare({
  name: 'osquery',
  description: 'osquery results: rows of event tables',
  recognises: (event) =>
    has(event, 'name', 'columns') &&
    kindOf(event, 'columns') === 'map' &&
    (has(event, 'hostIdentifier') || has(event, 'unixTime')),
  time: 'unixTime|calendarTime',
  sigma: {
    product,
    category: labels([
      ['process_creation', isProcess],
      ['file_event', { kind: 'and', items: [isFile, isWritten] }],
      ['file_delete', { kind: 'and', items: [isFile, isOneOf(column('action'), ['DELETED'])] }],
      ['network_connection', isSocket],
    ]),
    fields: {
      Image: path,
      CommandLine: column('cmdline'),
      CurrentDirectory: column('cwd'),
      ProcessId: column('pid'),
      ParentProcessId: column('parent'),
      User: column('username', 'uid'),
      TargetFilename: given(isFile, column('target_path', 'dest_filename', 'filename')),
      DestinationIp: given(isSocket, column('remote_address')),
      DestinationPort: given(isSocket, column('remote_port')),
      SourceIp: given(isSocket, column('local_address')),
      SourcePort: given(isSocket, column('local_port')),
      Initiated: given({ kind: 'and', items: [isSocket, isOneOf(column('action'), ['connect'])] }, text('true')),
    },
  },
  ecs: {
    module: 'osquery',
    dataset: 'osquery_manager.result',
    fields: {
      'event.action': given(isProcess, text('exec'), column('action')),
      'host.name': 'hostIdentifier',
      'host.os.type': product,
      'process.executable': path,
      'process.name': afterLast(path, '/'),
      'process.command_line': column('cmdline'),
      'process.pid': column('pid'),
      'process.parent.pid': column('parent'),
      'process.working_directory': column('cwd'),
      'user.id': column('uid'),
      'user.name': column('username'),
      'file.path': given(isFile, column('target_path', 'dest_filename', 'filename')),
      'destination.ip': given(isSocket, call('view.ip', [column('remote_address')])),
      'destination.port': given(isSocket, column('remote_port')),
      'source.ip': given(isSocket, call('view.ip', [column('local_address')])),
      'rule.name': 'name',
    },
    families: [below('osquery.result.', (rest) => own(rest)), below('osquery.', (rest) => column(rest))],
  },
  panther: given(isOneOf(own('action'), ['snapshot']), text('Osquery.Snapshot'), text('Osquery.Differential')),
  tables: {
    DeviceProcessEvents: {
      Timestamp: own('unixTime'),
      FolderPath: given(isProcess, path),
      FileName: given(isProcess, afterLast(path, '/')),
      ProcessCommandLine: given(isProcess, column('cmdline')),
      ProcessId: column('pid'),
      InitiatingProcessId: column('parent'),
      AccountName: column('username'),
      DeviceName: 'hostIdentifier',
      ActionType: text('ProcessCreated'),
    },
  },
});
