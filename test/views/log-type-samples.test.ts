import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import { logTypes, recognise } from '../../src/logs/registry.ts';
import { show } from './view-values.ts';

/** A record of each log type, in its forms, with what some views give for it. */
interface Sample {
  readonly type: string;
  readonly text: string | JsonObject;
  readonly sigma?: Readonly<Record<string, Json>>;
  readonly ecs?: Readonly<Record<string, Json>>;
}

const at = '2026-03-02T10:00:00Z';
const signIn = { createdDateTime: at, userPrincipalName: 'bob@example.org', appId: 'a', status: { errorCode: 50053 } };
const entry = {
  protoPayload: { '@type': 'x.AuditLog', serviceName: 'storage.googleapis.com', methodName: 'm' },
  timestamp: at,
};
const okta = {
  eventType: 'user.x',
  published: at,
  uuid: 'u',
  actor: { alternateId: 'bob' },
  debugContext: { debugData: { requestUri: '/a' } },
};
const kube = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: 'a',
  stage: 'ResponseComplete',
  verb: 'create',
  objectRef: { resource: 'pods' },
};

const SAMPLES: readonly Sample[] = [
  {
    type: 'azure.signin',
    text: signIn,
    sigma: { ResultType: 50053, Status: 'Failure', Username: 'bob@example.org' },
    ecs: { 'user.name': 'bob' },
  },
  {
    type: 'azure.signin',
    text: { time: at, category: 'SignInLogs', resultType: '0', properties: { ...signIn, status: { errorCode: 0 } } },
    sigma: { resultType: '0', Status: 'Success' },
  },
  {
    type: 'azure.signin',
    text: { TimeGenerated: at, Type: 'SigninLogs', ResultType: '0', DeviceDetail: '{"isCompliant":false}' },
    sigma: { 'DeviceDetail.isCompliant': false },
  },
  {
    type: 'azure.signin',
    text: {
      '@timestamp': at,
      event: { dataset: 'azure.signinlogs' },
      azure: { signinlogs: { properties: { app_id: 'a' } } },
    },
    ecs: { 'event.dataset': 'azure.signinlogs' },
  },
  {
    type: 'azure.audit',
    text: { activityDisplayName: 'Add x', activityDateTime: at, loggedByService: 'Core Directory', category: 'Policy' },
    sigma: { operationName: 'Add x', Category: 'Policy' },
  },
  {
    type: 'azure.risk',
    text: { riskEventType: 'anonymizedIPAddress', detectionTimingType: 'realtime', activityDateTime: at },
    sigma: { 'properties.riskEventType': 'anonymizedIPAddress' },
  },
  {
    type: 'azure.pim',
    text: {
      alertDefinitionId: 'a',
      incidentCount: 1,
      alertIncidents: [{ '@odata.type': '#microsoft.graph.someAlertIncident' }],
    },
    sigma: { riskEventType: ['someAlertIncident'] },
  },
  {
    type: 'm365.audit',
    text: {
      CreationTime: '2026-03-02T10:00:00',
      Operation: 'New-InboxRule',
      RecordType: 1,
      Workload: 'Exchange',
      Parameters: [{ Name: 'ForwardTo', Value: 'x' }],
    },
    sigma: { eventSource: 'Exchange' },
    ecs: { 'event.action': 'New-InboxRule', 'o365.audit.Parameters.ForwardTo': 'x' },
  },
  {
    type: 'gcp.audit',
    text: entry,
    sigma: { 'gcp.audit.method_name': 'm', 'data.protoPayload.methodName': 'm' },
    ecs: { 'service.name': 'storage.googleapis.com' },
  },
  {
    type: 'google.workspace',
    text: { id: { applicationName: 'admin', time: at }, name: 'X', type: 'Y', parameters: { SETTING_NAME: 's' } },
    sigma: { eventService: 'admin.googleapis.com', setting_name: 's' },
    ecs: { 'event.dataset': 'google_workspace.admin' },
  },
  {
    type: 'okta.system',
    text: okta,
    sigma: { eventtype: 'user.x' },
    ecs: { 'okta.debug_context.debug_data.request_uri': '/a' },
  },
  {
    type: 'kubernetes.audit',
    text: kube,
    sigma: { resource: 'pods', verb: 'create' },
    ecs: { 'kubernetes.audit.verb': 'create' },
  },
  {
    type: 'kubernetes.audit',
    text: { category: 'kube-audit', properties: { log: JSON.stringify(kube) }, time: at },
    sigma: { resource: 'pods' },
  },
  {
    type: 'github.audit',
    text: { '@timestamp': 1772445600000, action: 'org.x', actor: 'bob', org: 'o' },
    ecs: { 'github.org': 'o', 'github.category': 'org' },
  },
  { type: 'gitlab.audit', text: { entity_type: 'Project', entity_path: 'a/b', author_id: 1 } },
  { type: 'bitbucket.audit', text: { auditType: { action: 'a', category: 'c' } } },
  {
    type: 'duo.auth',
    text: { event_type: 'authentication', result: 'success', factor: 'push', user: { name: 'bob' } },
    ecs: { 'event.outcome': 'success' },
  },
  { type: 'duo.admin', text: { action: 'a', username: 'bob', isotimestamp: at, object: 'o' } },
  { type: 'onelogin.events', text: { event_type_id: 5, user_id: 1 } },
  { type: 'slack.audit', text: { action: 'a', actor: { type: 'user' }, context: { ua: 'x' } } },
  { type: 'zoom.operation', text: { operation_detail: 'd', category_type: 'c', operator: 'o' } },
  { type: 'auth0.logs', text: { log_id: '1', data: { type: 't', date: at, ip: '192.0.2.1' } } },
  { type: 'opencanary', text: { logtype: 1, logdata: {}, node_id: 'n' } },
  { type: 'aws.guardduty', text: { schemaVersion: '2.0', accountId: '1', severity: 5, title: 't', service: {} } },
  { type: 'aws.waf', text: { webaclId: 'w', terminatingRuleId: 'r', httpRequest: { clientIp: '192.0.2.1' } } },
  {
    type: 'aws.vpcdns',
    text: { query_name: 'a.example.', query_type: 'A', rcode: 'NOERROR', srcaddr: '10.0.0.1' },
    sigma: { query: 'a.example' },
  },
  { type: 'aws.securityhub', text: { SchemaVersion: '2018-10-08', ProductArn: 'p', GeneratorId: 'g' } },
  {
    type: 'aws.vpcflow',
    text: '2 123456789012 eni-0a 10.0.0.5 192.0.2.1 5000 443 6 10 840 1772445600 1772445660 ACCEPT OK',
    sigma: { dst_ip: '192.0.2.1', action: 'accept' },
  },
  {
    type: 'cloudflare.http',
    text: { EdgeStartTimestamp: at, ClientRequestMethod: 'GET', ClientRequestURI: '/a?b' },
    sigma: { 'cs-method': 'GET' },
  },
  { type: 'cloudflare.firewall', text: { Datetime: at, RuleID: 'r', Action: 'block', ClientRequestPath: '/' } },
  {
    type: 'zeek',
    text: { ts: 1.5, uid: 'C', 'id.orig_h': '10.0.0.1', query: 'a.example', qtype_name: 'A' },
    sigma: { 'logsource.service': 'dns', record_type: 'A' },
    ecs: { 'event.dataset': 'zeek.dns' },
  },
  {
    type: 'suricata',
    text: { timestamp: at, flow_id: 1, event_type: 'dns', src_ip: '10.0.0.1', dns: { rrname: 'a.example' } },
    sigma: { query: 'a.example' },
  },
  {
    type: 'dns.queries',
    text: 'Mar  2 10:00:00 h dnsmasq[5]: query[A] a.example from 10.0.0.5',
    sigma: { query: 'a.example' },
  },
  {
    type: 'web.access',
    text: '192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "GET /a/b?c=d HTTP/1.1" 404 5 "-" "x"',
    sigma: { 'cs-uri-stem': '/a/b', 'cs-uri-query': ['c=d', '/a/b?c=d'], 'sc-status': '404' },
    ecs: { 'event.outcome': 'failure' },
  },
  {
    type: 'web.access',
    text: '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status\n2026-03-02 10:00:00 GET /a - 192.0.2.1 200',
    sigma: { 'cs-uri-stem': '/a' },
    ecs: { 'event.dataset': 'iis.access' },
  },
  {
    type: 'web.error',
    text: '[Mon Mar 02 10:00:00.123456 2026] [core:notice] [pid 5:tid 6] x',
    sigma: { 'logsource.service': 'apache' },
  },
  {
    type: 'proxy.access',
    text: '1772445600.123     45 10.0.0.5 TCP_MISS/200 512 GET http://a.example/x.exe?b - HIER_DIRECT/192.0.2.1 -',
    sigma: { 'c-uri-extension': 'exe', 'cs-host': 'a.example', 'c-uri-query': 'b' },
  },
  { type: 'cisco.device', text: '%SYS-5-CONFIG_I: x', sigma: { 'logsource.product': 'cisco' } },
  {
    type: 'cisco.device',
    text: '%ASA-4-106023: Deny tcp src outside:192.0.2.1/5 dst inside:10.0.0.5/22 by access-group "o"',
    sigma: { 'logsource.category': ['firewall'], blocked: 'true', dst_port: '22' },
  },
  {
    type: 'huawei.device',
    text: 'Mar  2 2026 10:00:01 r %%01BGP/4/X_Y(l)[5]:x',
    sigma: { 'logsource.service': 'bgp' },
  },
  { type: 'juniper.device', text: '<29>Mar  2 10:00:00 r2 rpd[1]: x', sigma: { 'logsource.service': ['bgp'] } },
  {
    type: 'fortinet.fortigate',
    text: 'date=2026-03-02 time=10:00:00 devid="D" logid="1" type="traffic" subtype="forward" srcip=10.0.0.5',
    sigma: { src_ip: '10.0.0.5' },
  },
  {
    type: 'paloalto.panos',
    text: '1,2026/03/02 10:00:00,001,TRAFFIC,end,1,2026/03/02 10:00:00,10.0.0.5,192.0.2.1',
    sigma: { dst_ip: '192.0.2.1' },
  },
  {
    type: 'cef',
    text: 'CEF:0|V|P|1|id|n|3|src=192.0.2.1 dst=10.0.0.5 act=Drop',
    sigma: { 'logsource.category': ['firewall'], action: 'drop', blocked: 'true' },
  },
  { type: 'leef', text: 'LEEF:1.0|V|P|1|id|src=192.0.2.1', ecs: { 'source.ip': '192.0.2.1' } },
  {
    type: 'osquery',
    text: { name: 'pack_x_process_events', hostIdentifier: 'h', columns: { path: '/bin/a', cmdline: 'a -b' } },
    sigma: { Image: '/bin/a', 'logsource.product': 'linux' },
  },
  {
    type: 'macos.eslogger',
    text: {
      schema_version: 1,
      event_type: 9,
      process: { audit_token: {}, executable: { path: '/bin/zsh' } },
      event: { exec: { target: { executable: { path: '/bin/ls' } }, args: ['ls', '-l'] } },
    },
    sigma: { Image: '/bin/ls', CommandLine: 'ls -l', ParentImage: '/bin/zsh' },
  },
  { type: 'macos.unifiedlog', text: { eventMessage: 'x', processImagePath: '/bin/a', timestamp: at } },
  { type: 'mysql.general', text: `2026-03-02T10:00:00.000000Z\t    8 Query\tSELECT 1` },
  { type: 'linux.ausearch', text: { EVENT_KIND: 'k', SUBJ_PRIME: 'bob', ACTION: 'a' } },
  { type: 'linux.syslog', text: '<14>1 2026-03-02T10:00:00Z - - - - - x' },
  {
    type: 'linux.auditd',
    text: {
      '@timestamp': at,
      event: { module: 'auditd' },
      auditd: { message_type: 'syscall' },
      process: { args: ['a', '-b'], executable: '/bin/a' },
    },
    sigma: { a1: '-b', Image: '/bin/a', CommandLine: 'a -b', type: ['SYSCALL', 'EXECVE'] },
  },
  {
    type: 'elastic.endpoint',
    text: {
      '@timestamp': at,
      event: { dataset: 'endpoint.events.process', category: ['process'], type: ['start'], action: 'exec' },
      host: { os: { type: 'linux' } },
      process: { executable: '/bin/a' },
    },
    sigma: { Image: '/bin/a', 'logsource.product': 'linux', 'logsource.category': ['process_creation'] },
  },
  {
    type: 'rpc.firewall',
    text: { EventID: 3, Channel: 'RPCFW', Data: ['f', '1', 'i', 'p', 'e', 'a', 'uuid', '12'] },
    sigma: { InterfaceUuid: 'uuid', OpNum: '12' },
  },
];

function recordOf(text: string | JsonObject): JsonObject {
  const [first] = decodeText(typeof text === 'string' ? text : JSON.stringify(text), 'a.log').events;
  if (first === undefined) throw new Error(`no record: ${JSON.stringify(text)}`);
  return first.event;
}

test.each(SAMPLES)('$type $text', ({ type, text, sigma = {}, ecs = {} }) => {
  const record = recordOf(text);
  expect(recognise(record).type.name).toBe(type);
  for (const [schema, wanted] of [
    ['sigma', sigma],
    ['ecs', ecs],
  ] as const) {
    for (const [field, value] of Object.entries(wanted)) {
      expect([field, show(record, schema).get(field)]).toEqual([field, value]);
    }
  }
});

/** Types that say of themselves what they are; `sentinel.*` and `defender.*` are tables of their own. */
const declared = logTypes.filter(
  ({ declared: is, name }) => is && !name.startsWith('sentinel.') && !name.startsWith('defender.'),
);

test('no sample of one type is taken for another', () => {
  const wrong = SAMPLES.flatMap(({ type, text }) => {
    const record = recordOf(text);
    const takers = declared.filter(({ shapes }) => shapes.some((shape) => shape.recognises(record)));
    return takers.length === 1 && takers[0]?.name === type
      ? []
      : [`${type}: ${takers.map(({ name }) => name).join(', ')}`];
  });
  expect(wrong).toEqual([]);
});
