import { text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View } from '../../../ir/view.ts';
import { kustoTable } from '../kusto-view.ts';
import {
  afterLast,
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
import { createdProcess, deviceTable, initiatingProcess } from './device-tables.ts';
import { createdProcessId, hasId, securityProcessId } from './sigma.ts';
import { eventTable } from './sysmon-kusto.ts';

const SEPARATOR = '\\';

/** Windows writes `-` where an event has no such account. */
const filled = (name: string): Expr => unless(own(name), '-', '');
const account = (role: string): Expr =>
  coalesce(concat(filled(`${role}DomainName`), text(SEPARATOR), filled(`${role}UserName`)), filled(`${role}UserName`));

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

/** What the table calls events, for those that rules name. */
const ACTIVITIES = {
  '1102': '1102 - The audit log was cleared.',
  '4624': '4624 - An account was successfully logged on.',
  '4625': '4625 - An account failed to log on.',
  '4634': '4634 - An account was logged off.',
  '4648': '4648 - A logon was attempted using explicit credentials.',
  '4672': '4672 - Special privileges assigned to new logon.',
  '4688': '4688 - A new process has been created.',
  '4689': '4689 - A process has exited.',
  '4697': '4697 - A service was installed in the system.',
  '4698': '4698 - A scheduled task was created.',
  '4719': '4719 - System audit policy was changed.',
  '4720': '4720 - A user account was created.',
  '4726': '4726 - A user account was deleted.',
  '4728': '4728 - A member was added to a security-enabled global group.',
  '4732': '4732 - A member was added to a security-enabled local group.',
  '4756': '4756 - A member was added to a security-enabled universal group.',
  '4768': '4768 - A Kerberos authentication ticket (TGT) was requested.',
  '4769': '4769 - A Kerberos service ticket was requested.',
  '4776': '4776 - The domain controller attempted to validate the credentials for an account.',
};

/** Columns that have the name of the event's own data. */
function named(names: readonly string[]): Record<string, Expr> {
  return Object.fromEntries(names.map((name) => [name, own(name)]));
}

/** The table SecurityEvent: columns that are computed here, all others are the event's own data. */
function securityEvent(logType: string): View {
  return kustoTable(
    logType,
    'SecurityEvent',
    null,
    [
      ...columns('datetime', { TimeGenerated: own('TimeCreated') }),
      ...columns('int', {
        EventID: own('EventID'),
        ...named(['Task', 'Version', 'LogonType', 'KeyLength', 'ErrorCode', 'ServiceStartType', 'AuditsDiscarded']),
        ...named(['AuthenticationLevel', 'AuthenticationService']),
        SystemProcessId: own('Execution_ProcessID'),
      }),
      ...columns('guid', named(['SubcategoryGuid', 'TargetLogonGuid', 'LogonGuid', 'InterfaceUuid'])),
      ...columns('string', {
        Account: coalesce(given(hasId(4624, 4625), account('Target')), account('Subject'), account('Target')),
        AccountName: coalesce(
          given(hasId(4624, 4625), filled('TargetUserName')),
          filled('SubjectUserName'),
          filled('TargetUserName'),
        ),
        AccountDomain: coalesce(
          given(hasId(4624, 4625), filled('TargetDomainName')),
          filled('SubjectDomainName'),
          filled('TargetDomainName'),
        ),
        AccountType: given(
          {
            kind: 'match',
            subject: coalesce(given(hasId(4624, 4625), filled('TargetUserName')), filled('SubjectUserName')),
            pattern: { kind: 'suffix', text: '$' },
            collation: 'exact',
            quantifier: 'any',
            onMissing: 'false',
          },
          text('Machine'),
          text('User'),
        ),
        SubjectAccount: account('Subject'),
        TargetAccount: account('Target'),
        Activity: mapped(own('EventID'), ACTIVITIES),
        Channel: own('Channel'),
        Computer: own('Computer'),
        EventSourceName: own('Provider_Name'),
        EventRecordId: own('EventRecordID'),
        Level: own('Level'),
        LogonTypeName: mapped(
          own('LogonType'),
          Object.fromEntries(Object.entries(LOGON_TYPES).map(([id, name]) => [id, `${id} - ${name}`])),
        ),
        NewProcessId: createdProcessId,
        ProcessId: securityProcessId,
        Process: afterLast(own('NewProcessName', 'ProcessName'), SEPARATOR),
        SystemUserId: own('Security_UserID'),
        SourceSystem: text('OpsManager'),
        Type: text('SecurityEvent'),
      }),
    ],
    (name) => own(name),
  );
}

export function securityKusto(logType: string): readonly View[] {
  const about = (when: Expr, action: Expr) => ({
    when,
    action,
    time: own('TimeCreated'),
    device: own('Computer'),
    report: own('EventRecordID'),
  });
  return [
    securityEvent(logType),
    deviceTable(
      logType,
      'DeviceProcessEvents',
      about(hasId(4688), text('ProcessCreated')),
      createdProcess(
        {
          path: own('NewProcessName'),
          commandLine: own('CommandLine'),
          id: integer(createdProcessId),
          accountName: coalesce(filled('TargetUserName'), own('SubjectUserName')),
          accountDomain: coalesce(filled('TargetDomainName'), own('SubjectDomainName')),
        },
        SEPARATOR,
      ),
      initiatingProcess(
        {
          path: own('ParentProcessName'),
          id: integer(securityProcessId),
          accountName: own('SubjectUserName'),
          accountDomain: own('SubjectDomainName'),
          accountSid: own('SubjectUserSid'),
        },
        SEPARATOR,
      ),
      columns('datetime', { ProcessCreationTime: own('TimeCreated') }),
    ),
    deviceTable(
      logType,
      'DeviceLogonEvents',
      about(hasId(4624, 4625), choose([[hasId(4624), text('LogonSuccess')]], text('LogonFailed'))),
      initiatingProcess({ path: unless(own('ProcessName'), '-'), id: integer(securityProcessId) }, SEPARATOR),
      columns('string', {
        AccountName: filled('TargetUserName'),
        AccountDomain: filled('TargetDomainName'),
        AccountSid: own('TargetUserSid'),
        LogonType: mapped(own('LogonType'), LOGON_TYPES),
        Protocol: own('AuthenticationPackageName'),
        RemoteIP: filled('IpAddress'),
        RemoteDeviceName: filled('WorkstationName'),
        FailureReason: given(isOneOf(own('EventID'), ['4625']), own('FailureReason')),
      }),
      columns('int', { RemotePort: own('IpPort') }),
      columns('long', { LogonId: own('TargetLogonId') }),
    ),
    eventTable(logType),
  ];
}
