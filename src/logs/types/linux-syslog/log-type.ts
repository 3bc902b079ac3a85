import type { JsonObject } from '../../../base/json.ts';
import { match, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import { kindAt } from '../../kind-at.ts';
import type { LogType } from '../../log-type.ts';
import { documentShape, recogniseDocument } from '../documents.ts';
import { kustoTable } from '../kusto-view.ts';
import { direct } from '../shapes.ts';
import {
  agentFields,
  capture,
  columns,
  constant,
  fieldOf,
  fields,
  given,
  integer,
  isOneOf,
  labels,
  own,
} from '../view-terms.ts';

const NAME = 'linux.syslog';

const DEVICES = ['cisco', 'huawei', 'junos', 'cef', 'leef', 'panos', 'logid'];

/** What the syslog decoder makes of a line, in whatever form it was. */
function isSyslog(event: JsonObject): boolean {
  if (kindAt(event, 'message') !== 'text') return false;
  if (kindAt(event, 'journal') === 'map') return true;
  if (kindAt(event, 'timestamp') !== 'text') return false;
  if (kindAt(event, 'appname') === 'text' && kindAt(event, 'hostname') === 'text') return true;
  // Devices log by syslog too, and are known by their own marks.
  if (DEVICES.some((key) => kindAt(event, key) !== undefined)) return false;
  // RFC 5424 may leave out both.
  return kindAt(event, 'facility') === 'text' && kindAt(event, 'severity') === 'text';
}

const program = own('appname');
const message = own('message');
const from = (...programs: readonly string[]): Expr => isOneOf(program, programs, true);

/** Files name no facility; then the programs that write to it tell. */
const authentication = or([
  isOneOf(own('facility'), ['auth', 'authpriv']),
  from(
    'sshd',
    'sudo',
    'su',
    'login',
    'systemd-logind',
    'passwd',
    'useradd',
    'userdel',
    'usermod',
    'groupadd',
    'groupdel',
    'chage',
    'polkitd',
    'pkexec',
    'gdm',
    'gdm-password',
    'gdm3',
    'lightdm',
    'sddm',
    'unix_chkpwd',
    'sshd-session',
  ),
  // Whatever program asks PAM, PAM's own words tell.
  match(message, { kind: 'contains', text: 'pam_unix(' }),
]);

/** Sigma's services of Linux logs that come by syslog. */
const sigma: View = {
  schema: 'sigma',
  logType: NAME,
  when: null,
  fields: new Map<string, ViewField>([
    ['logsource.product', constant('linux')],
    [
      'logsource.service',
      fieldOf(
        labels([
          ['syslog', null],
          ['auth', authentication],
          ['sshd', from('sshd', 'sshd-session')],
          ['sudo', from('sudo')],
          ['cron', from('cron', 'crond', 'crontab', 'anacron')],
          ['vsftpd', from('vsftpd')],
          ['clamav', from('clamd', 'clamav', 'clamscan', 'freshclam')],
          ['guacamole', from('guacd', 'guacamole')],
        ]),
      ),
    ],
    ['USER', fieldOf(given(from('sudo'), capture(message, String.raw`\bUSER=([^ ;]+)`)))],
  ]),
  families: [],
  otherwise: 'raw',
};

/** Elastic's System integration: `system.auth` and `system.syslog`, without what is read out of the message. */
const dataset: Expr = given(authentication, text('system.auth'), text('system.syslog'));
const ecs: View = {
  schema: 'ecs',
  logType: NAME,
  when: null,
  fields: new Map<string, ViewField>([
    ...agentFields({ module: 'system', dataset: 'system.syslog', indices: ['filebeat-8.0.0'] }),
    ['event.dataset', fieldOf(dataset)],
    ['data_stream.dataset', fieldOf(dataset)],
    [
      '_index',
      fieldOf({
        kind: 'list',
        items: [
          text('filebeat-8.0.0'),
          given(authentication, text('logs-system.auth-default'), text('logs-system.syslog-default')),
        ],
      }),
    ],
    ['@timestamp', fieldOf(own('timestamp'), 'date')],
    ['message', fieldOf(message, 'match_only_text')],
    ['host.os.type', constant('linux')],
    ...fields('keyword', {
      'host.name': own('hostname'),
      'host.hostname': own('hostname'),
      'process.name': program,
      'log.syslog.facility.name': own('facility'),
      'log.syslog.severity.name': own('severity'),
    }),
    ...fields('long', { 'process.pid': integer(own('pid')) }),
  ]),
  families: [],
  otherwise: 'missing',
};

const kusto: View = kustoTable(NAME, 'Syslog', null, [
  ...columns('datetime', { TimeGenerated: own('timestamp'), EventTime: own('timestamp') }),
  ...columns('int', { ProcessID: own('pid') }),
  ...columns('string', {
    Computer: own('hostname'),
    HostName: own('hostname'),
    Facility: own('facility'),
    SeverityLevel: own('severity'),
    ProcessName: program,
    SyslogMessage: message,
    SourceSystem: text('Linux'),
    Type: text('Syslog'),
  }),
]);

export const linuxSyslog: LogType = {
  name: NAME,
  declared: true,
  description: 'Syslog lines',
  shapes: [
    direct(isSyslog),
    documentShape(NAME, ecs, {
      moved: { appname: ['process.name'], hostname: ['host.hostname', 'host.name'], timestamp: ['@timestamp'] },
    }),
  ],
  family: recogniseDocument,
  time: own('timestamp'),
  views: [ecs, sigma, kusto],
};
