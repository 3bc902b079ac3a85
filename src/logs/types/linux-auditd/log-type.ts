import type { JsonObject } from '../../../base/json.ts';
import { and, call, list, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { EVERYTHING, type View, type ViewField } from '../../../ir/view.ts';
import type { LogType } from '../../log-type.ts';
import { documentShape, recogniseDocument } from '../documents.ts';
import { spelledOut } from '../shapes.ts';
import {
  afterLast,
  agentFields,
  choose,
  coalesce,
  columns,
  constant,
  fieldOf,
  fields,
  given,
  integer,
  isOneOf,
  labels,
  mapped,
  own,
} from '../view-terms.ts';
import { createdProcess, deviceTable, initiatingProcess } from '../windows/device-tables.ts';
import { auditSyscallName } from './syscalls.ts';

const NAME = 'linux.auditd';

/** Record types that single records in JSON are known by; a joined event is known by its `records`. */
const RECORD_TYPES = new Set([
  'SYSCALL',
  'EXECVE',
  'PATH',
  'CWD',
  'PROCTITLE',
  'SOCKADDR',
  'CONFIG_CHANGE',
  'SERVICE_START',
  'SERVICE_STOP',
  'AVC',
]);

function isAudit(event: JsonObject): boolean {
  const type = event['type'];
  if (type === undefined) return false;
  if (Array.isArray(event['records']) && 'serial' in event) return true;
  if (typeof type !== 'string') return false;
  if (RECORD_TYPES.has(type))
    return 'msg' in event || 'pid' in event || 'a0' in event || 'name' in event || 'cwd' in event;
  return /^(?:USER|CRED|ADD|DEL|ANOM|LOGIN|DAEMON|GRP)(?:_[A-Z]+)*$/.test(type) && 'pid' in event;
}

/** What only documents of Auditbeat and Auditd Manager have: one type for the whole event, and the arguments as a list. */
const SHIPPED = { type: 'shipped message type', args: 'shipped arguments' } as const;
const shippedType = own(SHIPPED.type);
const isShipped: Expr = { kind: 'exists', subject: shippedType, counts: 'value' };
const hasArguments: Expr = { kind: 'exists', subject: own(SHIPPED.args), counts: 'value' };
/** A system call with arguments is a program's start: its event had an EXECVE record. */
const type = choose(
  [
    [
      isShipped,
      list([
        call('text.upper', [shippedType]),
        given(and([isOneOf(shippedType, ['syscall'], true), hasArguments]), text('EXECVE')),
        given({ kind: 'exists', subject: own('name'), counts: 'value' }, text('PATH')),
      ]),
    ],
  ],
  own('type'),
);
const hasType = (...names: readonly string[]): Expr => isOneOf(type, names);
/** So many arguments of a system call does a SYSCALL record have. */
const REGISTERS = 4;
/** A program's argument, and the register of that name that its system call was given. */
const withRegister = (name: string): readonly [when: Expr, then: Expr] => [
  { kind: 'exists', subject: own(`registers.${name}`), counts: 'value' },
  list([own(name), own(`registers.${name}`)]),
];
const succeeded: Expr = { kind: 'not', item: isOneOf(own('success'), ['no']) };
/** A program was started: the arguments are recorded only where the call got that far. */
const executed = and([hasType('EXECVE'), succeeded]);
const commandLine = coalesce(call('view.join', [own('argv'), text(' ')]), own('proctitle'));
const syscall = coalesce(own('SYSCALL'), auditSyscallName(own('arch'), own('syscall')));
const connected = and([
  hasType('SOCKADDR'),
  isOneOf(syscall, ['connect']),
  { kind: 'exists', subject: own('saddr_ip'), counts: 'value' },
]);

/** The name where the log is enriched; without it only root is known. */
function userName(enriched: string, id: string): Expr {
  return coalesce(own(enriched), mapped(own(id), { '0': 'root' }));
}

const sigma: View = {
  schema: 'sigma',
  logType: NAME,
  when: null,
  fields: new Map<string, ViewField>([
    ['logsource.product', constant('linux')],
    ['logsource.service', constant('auditd')],
    [
      'logsource.category',
      fieldOf(
        labels([
          ['process_creation', executed],
          ['network_connection', connected],
        ]),
      ),
    ],
    ['type', fieldOf(type)],
    ...Array.from({ length: 10 }, (_, at): readonly [string, ViewField] => [
      `a${at}`,
      fieldOf(
        choose(
          [
            [hasArguments, call('view.item', [own(SHIPPED.args), { kind: 'literal', type: 'int', value: String(at) }])],
            ...(at < REGISTERS ? [withRegister(`a${at}`)] : []),
          ],
          own(`a${at}`),
        ),
      ),
    ]),
    ['SYSCALL', fieldOf(syscall)],
    ['Image', fieldOf(own('exe'))],
    ['CommandLine', fieldOf(commandLine)],
    ['CurrentDirectory', fieldOf(own('cwd'))],
    ['ProcessId', fieldOf(own('pid'))],
    ['ParentProcessId', fieldOf(own('ppid'))],
    ['User', fieldOf(coalesce(userName('UID', 'uid'), own('uid')))],
    ['DestinationIp', fieldOf(given(connected, own('saddr_ip')))],
    ['DestinationPort', fieldOf(given(connected, own('saddr_port')))],
    ['Initiated', fieldOf(given(connected, text('true')))],
  ]),
  families: [],
  otherwise: 'raw',
  // Rules are about one record: the PATH that a condition is about is one of an event's.
  parts: {
    over: own('paths', 'auditd.paths'),
    fields: new Set([
      'name',
      'nametype',
      'item',
      'inode',
      'dev',
      'mode',
      'ouid',
      'ogid',
      'rdev',
      'objtype',
      'OUID',
      'OGID',
    ]),
  },
};

/** `event.action` by record type, as Auditbeat names what happened; a system call's is decided before these. */
const ACTIONS: Readonly<Record<string, string>> = {
  USER_LOGIN: 'logged-in',
  USER_LOGOUT: 'logged-out',
  USER_AUTH: 'authenticated',
  USER_ACCT: 'was-authorized',
  USER_CMD: 'ran-command',
  USER_START: 'started-session',
  USER_END: 'ended-session',
  USER_ERR: 'error',
  USER_CHAUTHTOK: 'changed-password',
  CRED_ACQ: 'acquired-credentials',
  CRED_DISP: 'disposed-credentials',
  CRED_REFR: 'refreshed-credentials',
  ADD_USER: 'added-user-account',
  DEL_USER: 'deleted-user-account',
  ADD_GROUP: 'added-group-account-to',
  DEL_GROUP: 'deleted-group-account-from',
  SERVICE_START: 'started-service',
  SERVICE_STOP: 'stopped-service',
  CONFIG_CHANGE: 'changed-audit-configuration',
};

const authentication = hasType('USER_LOGIN', 'USER_AUTH', 'USER_ACCT', 'CRED_ACQ');
const account = hasType('ADD_USER', 'DEL_USER', 'ADD_GROUP', 'DEL_GROUP', 'USER_CHAUTHTOK');
const result = coalesce(own('res'), own('success'));
const execution = hasType('EXECVE');

/** Auditbeat and the Auditd Manager integration. */
const ecs: View = {
  schema: 'ecs',
  logType: NAME,
  when: null,
  fields: new Map<string, ViewField>([
    ...agentFields({
      module: 'auditd',
      dataset: 'auditd_manager.auditd',
      indices: ['logs-auditd_manager.auditd-default', 'auditbeat-8.0.0'],
    }),
    ['host.os.type', constant('linux')],
    ['host.os.family', constant('linux')],
    ['@timestamp', fieldOf(own('timestamp'), 'date')],
    ...fields('keyword', {
      'event.category': labels([
        ['process', or([execution, hasType('USER_CMD', 'SERVICE_START', 'SERVICE_STOP')])],
        ['network', connected],
        ['authentication', authentication],
        ['session', hasType('USER_START', 'USER_END')],
        ['iam', account],
        ['configuration', hasType('CONFIG_CHANGE')],
      ]),
      'event.type': labels([
        ['start', or([execution, connected, authentication, hasType('USER_START', 'USER_CMD', 'SERVICE_START')])],
        ['end', hasType('USER_END', 'SERVICE_STOP')],
        ['connection', connected],
        ['user', account],
        ['creation', hasType('ADD_USER', 'ADD_GROUP')],
        ['deletion', hasType('DEL_USER', 'DEL_GROUP')],
        ['change', hasType('USER_CHAUTHTOK', 'CONFIG_CHANGE')],
      ]),
      'event.action': choose(
        [
          [execution, text('executed')],
          [connected, text('connected-to')],
        ],
        mapped(type, ACTIONS),
      ),
      'event.outcome': choose([
        [isOneOf(result, ['yes', 'success', '1']), text('success')],
        [isOneOf(result, ['no', 'failed', '0']), text('failure')],
      ]),
      'host.name': own('node'),
      'process.executable': own('exe'),
      'process.name': coalesce(own('comm'), afterLast(own('exe'), '/')),
      'process.args': coalesce(own('argv'), own('proctitle')),
      'process.title': own('proctitle'),
      'process.working_directory': own('cwd'),
      'process.tty': own('tty'),
      'user.id': own('uid'),
      'user.name': userName('UID', 'uid'),
      'user.audit.id': own('auid'),
      'user.audit.name': userName('AUID', 'auid'),
      'user.effective.id': own('euid'),
      'user.effective.name': userName('EUID', 'euid'),
      'user.saved.id': own('suid'),
      'user.filesystem.id': own('fsuid'),
      'user.group.id': own('gid'),
      'group.id': own('gid'),
      'file.path': given(hasType('PATH'), own('name')),
      'destination.path': own('saddr_path'),
      'network.direction': given(connected, text('egress')),
      tags: own('key'),
      'auditd.session': own('ses'),
      'auditd.result': choose([
        [isOneOf(result, ['yes', 'success', '1']), text('success')],
        [isOneOf(result, ['no', 'failed', '0']), text('fail')],
      ]),
      'auditd.message_type': call('text.lower', [call('view.first', [type])]),
      'auditd.data.syscall': syscall,
      'auditd.data.socket.family': own('saddr_fam'),
    }),
    ['process.command_line', fieldOf(commandLine, 'wildcard')],
    ['process.args_count', fieldOf(call('view.count', [own('argv')]), 'long')],
    ...fields('long', {
      'process.pid': own('pid'),
      'process.parent.pid': own('ppid'),
      'process.exit_code': given(hasType('SYSCALL'), own('exit')),
      'event.sequence': own('serial'),
      'destination.port': given(connected, own('saddr_port')),
    }),
    ['destination.ip', fieldOf(given(connected, call('view.ip', [own('saddr_ip')])), 'ip')],
    ['source.ip', fieldOf(call('view.ip', [own('addr')]), 'ip')],
  ]),
  families: [{ prefix: 'auditd.data.', field: (rest) => fieldOf(own(rest)), members: { of: EVERYTHING } }],
  otherwise: 'missing',
};

const created = {
  path: own('exe'),
  commandLine,
  id: integer(own('pid')),
  accountName: coalesce(userName('UID', 'uid'), own('uid')),
};

/** Audit records say nothing of the parent but its id. */
const processEvents = deviceTable(
  NAME,
  'DeviceProcessEvents',
  {
    when: executed,
    time: own('timestamp'),
    device: own('node'),
    report: own('serial'),
    action: text('ProcessCreated'),
  },
  createdProcess(created, '/'),
  initiatingProcess(
    { path: undefined, id: integer(own('ppid')), accountName: coalesce(userName('AUID', 'auid'), own('auid')) },
    '/',
  ),
  columns('datetime', { ProcessCreationTime: own('timestamp') }),
);

const networkEvents = deviceTable(
  NAME,
  'DeviceNetworkEvents',
  {
    when: connected,
    time: own('timestamp'),
    device: own('node'),
    report: own('serial'),
    action: given(succeeded, text('ConnectionSuccess'), text('ConnectionFailed')),
  },
  initiatingProcess({ ...created, commandLine: own('proctitle') }, '/'),
  columns('string', { RemoteIP: own('saddr_ip') }),
  columns('int', { RemotePort: own('saddr_port') }),
);

export const linuxAuditd: LogType = {
  name: NAME,
  declared: true,
  description: 'Linux audit log, the records of one event joined',
  shapes: [
    {
      name: 'json',
      recognises: isAudit,
      locate: (path) => (path.join('.').startsWith('shipped ') ? [] : spelledOut(path)),
    },
    documentShape(NAME, ecs, {
      below: 'auditd.data',
      moved: {
        [SHIPPED.type]: ['auditd.message_type'],
        [SHIPPED.args]: ['process.args'],
        argv: ['process.args'],
        name: ['file.path', 'auditd.paths.name'],
        nametype: ['auditd.paths.nametype'],
        SYSCALL: ['auditd.data.syscall'],
        comm: ['process.name'],
        UID: ['user.name'],
        auid: ['user.audit.id', 'auditd.user.audit.id'],
        success: ['auditd.data.success'],
        timestamp: ['@timestamp'],
        serial: ['auditd.sequence', 'event.sequence'],
        node: ['host.name'],
      },
    }),
  ],
  family: recogniseDocument,
  time: own('timestamp'),
  views: [ecs, sigma, processEvents, networkEvents],
};
