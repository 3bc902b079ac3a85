import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import { PANTHER_ROWS } from './types/panther-records/records.ts';

/** A record of a log type in one of its forms, as it is written in a log, with what some views give for it. */
export interface TypeSample {
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

/** At least one of each declared type that is no table; those of tables are rows. */
export const TYPE_SAMPLES: readonly TypeSample[] = [
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
    type: 'firewall.traffic',
    text: 'Mar  2 10:00:00 pf filterlog[1]: 5,,,1000000103,em0,match,block,in,4,0x0,,64,1,0,DF,6,tcp,60,192.0.2.1,10.0.0.5,40000,22,0,S',
    sigma: { 'logsource.category': 'firewall', src_ip: '192.0.2.1', dst_port: '22', action: 'block', blocked: 'true' },
    ecs: { 'event.dataset': 'pfsense.log', 'destination.port': '22' },
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
  {
    type: 'azure.activity',
    text: {
      time: at,
      resourceId: '/SUBSCRIPTIONS/S',
      operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE',
      category: 'Administrative',
      resultType: 'Success',
    },
  },
  {
    type: 'aws.cloudtrail',
    text: {
      eventVersion: '1.08',
      eventTime: at,
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      awsRegion: 'us-east-1',
    },
    sigma: { eventName: 'GetObject' },
  },
  {
    type: 'windows.sysmon',
    text: { EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', Image: 'C:\\a.exe', CommandLine: 'a -b' },
    sigma: { Image: 'C:\\a.exe', 'logsource.category': ['process_creation'] },
  },
  {
    type: 'windows.security',
    text: { EventID: 4625, Channel: 'Security', LogonType: 3 },
    sigma: { LogonType: 3 },
  },
  {
    type: 'windows.eventlog',
    text: { EventID: 7045, Channel: 'System', Provider_Name: 'Service Control Manager', ServiceName: 's' },
    sigma: { ServiceName: 's' },
  },
  {
    type: 'linux.sysmon',
    text: { EventID: 1, Channel: 'Linux-Sysmon/Operational', Provider_Name: 'Linux-Sysmon', Image: '/bin/a' },
    sigma: { Image: '/bin/a', 'logsource.product': 'linux' },
  },
  {
    type: 'onepassword.events',
    text: { category: 'success', type: 'mfa_ok', target_user: { email: 'b' }, client: {} },
  },
  {
    type: 'aws.s3access',
    text: `${'a'.repeat(64)} bucket [02/Mar/2026:10:00:00 +0000] 192.0.2.1 arn:aws:iam::1:user/b 3E57 REST.GET.OBJECT key "GET /key HTTP/1.1" 200 - 10 10 5 4 "-" "agent" -`,
  },
  {
    type: 'aws.alb',
    text: 'https 2026-03-02T10:00:00.000000Z app/lb/1 192.0.2.1:5000 10.0.0.5:80 0.0 0.1 0.0 200 200 34 366 "GET https://a.example:443/x HTTP/1.1" "agent" C T arn:x "Root=1" "a.example" "-" 0 2026-03-02T10:00:00.000000Z "forward" "-" "-" "-" "-" "-" "-"',
  },
  {
    type: 'ocsf',
    text: {
      class_uid: 1007,
      category_uid: 1,
      activity_id: 1,
      time: 1772445600000,
      metadata: { version: '1.1.0', product: { name: 'S' } },
      device: { os: { type_id: 100 } },
      process: { cmd_line: 'a -b', file: { path: 'C:\\a.exe' }, user: { name: 'bob', domain: 'E' } },
      actor: { process: { cmd_line: 'c', file: { path: 'C:\\c.exe' } }, user: { name: 'x' } },
    },
    sigma: {
      'logsource.product': 'windows',
      'logsource.category': ['process_creation'],
      Image: 'C:\\a.exe',
      CommandLine: 'a -b',
      ParentImage: 'C:\\c.exe',
      User: 'E\\bob',
    },
    ecs: { 'process.name': 'a.exe', 'process.parent.command_line': 'c', 'event.type': ['start'] },
  },
  {
    type: 'ocsf',
    text: {
      class_uid: 4003,
      type_uid: 400301,
      time: 1772445600000,
      metadata: { version: '1.0.0', product: { name: 'Route 53' } },
      query: { hostname: 'a.example', type: 'A' },
      src_endpoint: { ip: '10.0.0.5' },
    },
    sigma: { 'logsource.category': ['dns_query', 'dns'], query: 'a.example', record_type: 'A' },
    ecs: { 'dns.question.name': 'a.example' },
  },
  {
    type: 'aws.cloudtrail',
    text: {
      class_uid: 6003,
      category_uid: 6,
      time: 1772445600000,
      metadata: { version: '1.0.0', product: { name: 'CloudTrail', version: '1.08' } },
      cloud: { region: 'us-east-1', account: { uid: '1' } },
      api: {
        operation: 'AttachUserPolicy',
        service: { name: 'iam.amazonaws.com' },
        response: { error: 'AccessDenied' },
      },
      actor: { user: { type: 'IAMUser', name: 'bob', uid: 'arn:aws:iam::1:user/bob' } },
      src_endpoint: { ip: '192.0.2.1' },
      unmapped: { 'requestParameters.policyArn': 'arn:x', 'userIdentity.sessionContext.x': 'y' },
    },
    sigma: {
      eventSource: 'iam.amazonaws.com',
      errorCode: 'AccessDenied',
      'userIdentity.arn': 'arn:aws:iam::1:user/bob',
      'requestParameters.policyArn': 'arn:x',
    },
  },
  {
    type: 'web.access',
    text: '2026-03-02T10:00:00.945958Z lb 192.0.2.1:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://a.example:80/x?f=../../etc/passwd HTTP/1.1" "curl/7.38.0" - -',
    sigma: { 'cs-method': 'GET', 'sc-status': '200', 'c-ip': '192.0.2.1', 'cs-uri-stem': '/x' },
  },
  {
    type: 'web.access',
    text: 'Mar  2 10:00:00 lb haproxy[14389]: 192.0.2.1:33317 [02/Mar/2026:10:00:00.123] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {a.example} {} "GET /x?f=1 HTTP/1.1"',
    sigma: { 'cs-method': 'GET', 'sc-status': '200', 'c-ip': '192.0.2.1', 'cs-uri-stem': '/x' },
  },
  {
    type: 'web.access',
    text: '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs-uri-query\n2026-03-02\t10:00:00\tLAX1\t392\t192.0.2.1\tGET\td1.cloudfront.net\t/index.html\t200\tcmd=whoami',
    sigma: { 'cs-method': 'GET', 'sc-status': '200', 'c-ip': '192.0.2.1', 'cs-uri-stem': '/index.html' },
  },
  {
    type: 'proxy.access',
    text: {
      sourcetype: 'zscalernss-web',
      event: {
        vendor: 'Zscaler',
        url: 'a.example/x.exe',
        ClientIP: '10.0.0.5',
        requestmethod: 'GET',
        useragent: 'curl',
      },
    },
    sigma: { 'cs-method': 'GET', 'c-useragent': 'curl', src_ip: '10.0.0.5', 'r-dns': 'a.example' },
  },
  {
    type: 'dns.queries',
    text: '1.0 2026-03-02T10:00:00.130Z Z123412341234 a.example A NOERROR UDP FRA6 192.0.2.1 -',
    sigma: { query: 'a.example', record_type: 'A' },
  },
  {
    type: 'aws.vpcflow',
    text: '2 123456789010 eni-1235b8ca - - - - - - - 1772445600 1772445660 - NODATA',
  },
  {
    type: 'macos.unifiedlog',
    text: '2026-03-02 10:00:00.123456+0100 0x1a2b     Default     0x0                  312    0    sudo: (libx) [com.apple.a:b] bob : TTY=ttys000',
    sigma: { eventMessage: 'bob : TTY=ttys000', subsystem: 'com.apple.a' },
    ecs: { 'process.name': 'sudo' },
  },
  {
    type: 'github.audit',
    text: 'action,actor,actor_ip,created_at,org,repo,actor_location.country_code\nrepo.destroy,bob,192.0.2.1,2026-03-02 10:00:00 UTC,o,o/r,CH',
    sigma: { action: 'repo.destroy' },
    ecs: { 'source.ip': '192.0.2.1' },
  },
  {
    type: 'linux.syslog',
    text: '<134>1 2026-03-02T10:00:00Z gw CheckPoint 1 - [action:"Accept"; src:"10.0.0.5"]',
  },
  ...PANTHER_ROWS.map(([type, , places]): TypeSample => ({ type, text: recordWith(places.split(' ')) })),
];

/** A record with a text at each of these places. */
function recordWith(places: readonly string[]): JsonObject {
  const record: Record<string, Json> = {};
  for (const place of places) {
    const [first = '', second] = place.split('.');
    const inner = record[first];
    record[first] = second === undefined ? 'x' : { ...(isJsonObject(inner) ? inner : {}), [second]: 'x' };
  }
  return record;
}
