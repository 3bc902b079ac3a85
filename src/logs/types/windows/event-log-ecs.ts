import { and, call, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View } from '../../../ir/view.ts';
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
} from '../view-terms.ts';
import {
  accountDomain,
  accountName,
  eventLogFields,
  eventLogView,
  fileFields,
  filled,
  processFields,
} from './ecs-common.ts';
import { hasId } from './sigma.ts';

const eventId = own('EventID');

/** `event.action` of the security channel by event id. */
const ACTIONS: Readonly<Record<string, string>> = {
  '1100': 'logging-service-shutdown',
  '1102': 'audit-log-cleared',
  '1104': 'logging-full',
  '4624': 'logged-in',
  '4625': 'logon-failed',
  '4634': 'logged-out',
  '4647': 'logged-out',
  '4648': 'logged-in-explicit',
  '4657': 'registry-value-modified',
  '4672': 'logged-in-special',
  '4688': 'created-process',
  '4689': 'exited-process',
  '4697': 'service-installed',
  '4698': 'scheduled-task-created',
  '4699': 'scheduled-task-deleted',
  '4700': 'scheduled-task-enabled',
  '4701': 'scheduled-task-disabled',
  '4702': 'scheduled-task-updated',
  '4719': 'changed-audit-config',
  '4720': 'added-user-account',
  '4722': 'enabled-user-account',
  '4723': 'changed-password',
  '4724': 'reset-password',
  '4725': 'disabled-user-account',
  '4726': 'deleted-user-account',
  '4727': 'added-group-account',
  '4728': 'added-member-to-group',
  '4729': 'removed-member-from-group',
  '4730': 'deleted-group-account',
  '4731': 'added-group-account',
  '4732': 'added-member-to-group',
  '4733': 'removed-member-from-group',
  '4734': 'deleted-group-account',
  '4735': 'modified-group-account',
  '4737': 'modified-group-account',
  '4738': 'modified-user-account',
  '4740': 'locked-out-user-account',
  '4741': 'added-computer-account',
  '4742': 'changed-computer-account',
  '4743': 'deleted-computer-account',
  '4754': 'added-group-account',
  '4755': 'modified-group-account',
  '4756': 'added-member-to-group',
  '4757': 'removed-member-from-group',
  '4758': 'deleted-group-account',
  '4767': 'unlocked-user-account',
  '4768': 'kerberos-authentication-ticket-requested',
  '4769': 'kerberos-service-ticket-requested',
  '4770': 'kerberos-service-ticket-renewed',
  '4771': 'kerberos-preauth-failed',
  '4776': 'credential-validated',
  '4778': 'session-reconnected',
  '4779': 'session-disconnected',
  '4781': 'renamed-user-account',
};

const created = hasId(4688);
const logon = hasId(4624, 4625);
const accountChange = hasId(4720, 4722, 4723, 4724, 4725, 4726, 4738, 4740, 4767, 4781);
const groupChange = hasId(4727, 4728, 4729, 4730, 4731, 4732, 4733, 4734, 4735, 4737, 4754, 4755, 4756, 4757, 4758);

const CATEGORIES: readonly (readonly [string, Expr])[] = [
  ['process', hasId(4688, 4689)],
  ['authentication', hasId(4624, 4625, 4634, 4647, 4648, 4672, 4768, 4769, 4770, 4771, 4776)],
  ['session', hasId(4778, 4779)],
  ['iam', or([accountChange, groupChange, hasId(4698, 4699, 4700, 4701, 4702, 4719, 4741, 4742, 4743)])],
  ['configuration', hasId(4657, 4697, 4698, 4699, 4700, 4701, 4702, 4719)],
  ['registry', hasId(4657)],
];
const TYPES: readonly (readonly [string, Expr])[] = [
  ['start', hasId(4624, 4625, 4648, 4688, 4768, 4769, 4770, 4771, 4776, 4778)],
  ['end', hasId(4634, 4647, 4689, 4779)],
  ['admin', hasId(1102, 4672, 4698, 4699, 4700, 4701, 4702, 4719, 4741, 4742, 4743)],
  ['user', accountChange],
  ['group', groupChange],
  ['creation', hasId(4698, 4720, 4727, 4731, 4741, 4754)],
  ['deletion', hasId(4699, 4726, 4730, 4734, 4743, 4758)],
  [
    'change',
    hasId(
      1102,
      4657,
      4697,
      4700,
      4701,
      4702,
      4719,
      4722,
      4723,
      4724,
      4725,
      4728,
      4729,
      4732,
      4733,
      4735,
      4737,
      4738,
      4740,
      4742,
      4755,
      4756,
      4757,
      4767,
      4781,
    ),
  ],
];

const LOGON_TYPES = {
  '2': 'Interactive',
  '3': 'Network',
  '4': 'Batch',
  '5': 'Service',
  '7': 'Unlock',
  '8': 'NetworkCleartext',
  '9': 'NewCredentials',
  '10': 'RemoteInteractive',
  '11': 'CachedInteractive',
};

/** The audit keywords, in hexadecimal or as the signed numbers that some collectors make of them. */
const SUCCEEDED = ['0x8020000000000000', '-9214364837600034816', 'Audit Success', 'AUDIT_SUCCESS'];
const FAILED = ['0x8010000000000000', '-9218868437227405312', 'Audit Failure', 'AUDIT_FAILURE'];
const auditResult = (values: readonly string[]): Expr => ({
  kind: 'or',
  items: [isOneOf(own('Keywords'), values, true), isOneOf(own('EventType'), values, true)],
});

/** Whose event it is: of a logon the account that logs on, else the one that acts. */
const acting = (name: string): Expr =>
  given(logon, filled(own(`Target${name}`)), filled(coalesce(own(`Subject${name}`), own(`Target${name}`))));

export function securityEcs(logType: string): View {
  const executable = coalesce(given(created, own('NewProcessName')), own('ProcessName'), own('Application'));
  return eventLogView(logType, [
    ...eventLogFields(['logs-system.security-default', 'winlogbeat-8.0.0', 'logs-windows.forwarded-default']),
    ['event.module', constant('system')],
    ['event.dataset', constant('system.security')],
    ['data_stream.dataset', { expr: text('system.security'), type: 'constant_keyword' }],
    ['event.category', fieldOf(labels(CATEGORIES))],
    ['event.type', fieldOf(labels(TYPES))],
    ['event.action', fieldOf(mapped(eventId, ACTIONS))],
    [
      'event.outcome',
      fieldOf(
        choose([
          [auditResult(SUCCEEDED), text('success')],
          [auditResult(FAILED), text('failure')],
          [hasId(4625, 4771), text('failure')],
        ]),
      ),
    ],
    ...processFields('process', executable, own('CommandLine')),
    ...processFields('process.parent', own('ParentProcessName'), undefined),
    ...fields('long', {
      'process.pid': integer(given(created, own('NewProcessId'), own('ProcessId', 'ProcessID'))),
      'process.parent.pid': integer(given(created, own('ProcessId'))),
      'source.port': given(isOneOf(own('IpPort'), ['-', '']), { kind: 'missing' }, own('IpPort')),
    }),
    ['source.ip', fieldOf(call('view.ip', [own('IpAddress', 'ClientAddress', 'SourceAddress')]), 'ip')],
    ...fields('keyword', {
      'user.name': acting('UserName'),
      'user.domain': acting('DomainName'),
      'user.id': given(
        logon,
        filled(own('TargetUserSid')),
        filled(coalesce(own('SubjectUserSid'), own('TargetUserSid'))),
      ),
      'user.target.name': given(accountChange, filled(own('TargetUserName'))),
      'user.target.domain': given(accountChange, filled(own('TargetDomainName'))),
      'user.target.id': given(accountChange, filled(own('TargetSid'))),
      'group.name': given(groupChange, filled(own('TargetUserName'))),
      'group.domain': given(groupChange, filled(own('TargetDomainName'))),
      'group.id': given(groupChange, filled(own('TargetSid'))),
      'source.domain': filled(own('WorkstationName')),
      'winlog.logon.type': mapped(own('LogonType'), LOGON_TYPES),
      'winlog.logon.id': given(logon, own('TargetLogonId'), own('SubjectLogonId', 'TargetLogonId')),
    }),
  ]);
}

const powershell = isOneOf(
  own('Channel'),
  ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'],
  true,
);
const classic = isOneOf(own('Channel'), ['Windows PowerShell'], true);
const scriptBlock = and([powershell, hasId(4103, 4104, 4105, 4106)]);
const path = given(powershell, filled(own('Path')));
const dataset = choose(
  [
    [powershell, text('windows.powershell_operational')],
    [classic, text('windows.powershell')],
    [isOneOf(own('Channel'), ['System'], true), text('system.system')],
    [isOneOf(own('Channel'), ['Application'], true), text('system.application')],
  ],
  text('windows.forwarded'),
);

/** Channels other than Sysmon's and the security log. Only PowerShell's have fields beyond the event's own data. */
export function eventLogEcs(logType: string): View {
  const common = eventLogFields([]);
  const user = filled(own('User'));
  return eventLogView(logType, [
    ...common.filter(([name]) => name !== '_index'),
    [
      '_index',
      fieldOf({
        kind: 'list',
        items: [
          text('winlogbeat-8.0.0'),
          text('logs-windows.forwarded-default'),
          given(powershell, text('logs-windows.powershell_operational-default')),
          given(classic, text('logs-windows.powershell-default')),
          given(isOneOf(own('Channel'), ['System'], true), text('logs-system.system-default')),
          given(isOneOf(own('Channel'), ['Application'], true), text('logs-system.application-default')),
        ],
      }),
    ],
    ['event.dataset', fieldOf(dataset)],
    ['data_stream.dataset', fieldOf(dataset)],
    ['event.category', fieldOf(labels([['process', { kind: 'or', items: [scriptBlock, classic] }]]))],
    ['event.type', fieldOf(labels([['info', { kind: 'or', items: [scriptBlock, classic] }]]))],
    ['powershell.file.script_block_text', fieldOf(given(powershell, own('ScriptBlockText')), 'text')],
    ...fields('keyword', {
      'powershell.file.script_block_id': given(powershell, own('ScriptBlockId')),
      'powershell.sequence': given(powershell, own('MessageNumber')),
      'powershell.total': given(powershell, own('MessageTotal')),
      'user.id': own('Security_UserID'),
      'user.name': accountName(user),
      'user.domain': accountDomain(user),
    }),
    ...fileFields('file', path),
    ['process.pid', fieldOf(own('Execution_ProcessID'), 'long')],
    ['process.command_line', fieldOf(detail('HostApplication'), 'wildcard')],
    ...fields('keyword', {
      'process.title': detail('HostName'),
      'powershell.engine.version': detail('EngineVersion'),
      'powershell.engine.new_state': detail('NewEngineState'),
      'powershell.command.name': detail('CommandName'),
      'powershell.command.type': detail('CommandType'),
    }),
  ]);
}

/** One of the details that the older PowerShell log writes a line each in its last unnamed datum. */
function detail(name: string): Expr {
  const all = call('view.join', [own('Data'), text('\n')]);
  return given(classic, filled(capture(all, String.raw`(?:^|[\r\n])\s*${name}=([^\r\n]*)`)));
}
