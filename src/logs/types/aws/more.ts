import type { Json } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, hasAny } from '../record-tests.ts';
import { camelCase } from '../spelling.ts';
import { capture, coalesce, integer, lower, mapped, own } from '../view-terms.ts';

/** Logs of AWS beside CloudTrail. */

const ip = (...names: readonly string[]) => call('view.ip', [own(...names)]);

export const awsGuardDuty: LogType = declare({
  name: 'aws.guardduty',
  description: 'Amazon GuardDuty findings',
  recognises: (event) =>
    (has(event, 'schemaVersion', 'accountId', 'severity', 'title') && hasAny(event, 'service', 'resource')) ||
    (has(event, 'SchemaVersion', 'AccountId', 'Severity', 'Title') && hasAny(event, 'Service', 'Resource')),
  time: 'updatedAt|UpdatedAt',
  names: [
    'type|Type',
    'severity|Severity',
    'title|Title',
    'accountId|AccountId',
    'region|Region',
    'id|Id',
    'description|Description',
  ],
  sigma: { product: 'aws', service: 'guardduty' },
  ecs: {
    module: 'aws',
    dataset: 'aws.guardduty',
    documents: { below: 'aws.guardduty' },
    fields: {
      'event.kind': text('alert'),
      'event.action': 'service.action.actionType|Service.Action.ActionType',
      'event.id': '@id',
      'event.severity': '@severity',
      'rule.name': '@type',
      message: '@description',
      'cloud.account.id': '@accountId',
      'cloud.region': '@region',
      'aws.guardduty.title': '@title',
      'aws.guardduty.type': '@type',
    },
    families: [below('aws.guardduty.', (rest) => own(camelCase(rest)))],
  },
  panther: 'AWS.GuardDuty',
  tables: {
    AWSGuardDuty: {
      ActivityType: '@type',
      Title: '@title',
      Severity: '@severity',
      Description: '@description',
      AccountId: '@accountId',
      Region: '@region',
      Id: '@id',
      ResourceDetails: 'resource|Resource',
      ServiceDetails: 'service|Service',
    },
  },
});

export const awsVpcFlow: LogType = declare({
  name: 'aws.vpcflow',
  description: 'Amazon VPC flow logs',
  recognises: (event) =>
    has(event, 'srcaddr', 'dstaddr', 'interface-id') ||
    // Of an interval without data it says nothing more.
    has(event, 'interface-id', 'log-status', 'start', 'end') ||
    (has(event, 'srcaddr', 'dstaddr', 'protocol') && has(event, 'start', 'end')),
  time: 'start',
  names: ['src_ip|srcaddr', 'dst_ip|dstaddr', 'src_port|srcport', 'dst_port|dstport'],
  sigma: { category: 'firewall', fields: { action: lower(own('action')) } },
  ecs: {
    module: 'aws',
    dataset: 'aws.vpcflow',
    documents: {},
    fields: {
      'event.action': lower(own('action')),
      'source.ip': ip('srcaddr'),
      'source.port': 'srcport',
      'destination.ip': ip('dstaddr'),
      'destination.port': 'dstport',
      'network.iana_number': 'protocol',
      'network.transport': mapped(own('protocol'), { '6': 'tcp', '17': 'udp', '1': 'icmp' }),
      'network.bytes': 'bytes',
      'network.packets': 'packets',
      'cloud.account.id': 'account-id',
      'aws.vpcflow.action': 'action',
      'aws.vpcflow.interface_id': 'interface-id',
      'aws.vpcflow.log_status': 'log-status',
    },
    families: [below('aws.vpcflow.', (rest) => own(rest.replaceAll('_', '-')))],
  },
  panther: 'AWS.VPCFlow',
  event: (record) => ({
    ...record,
    ...Object.fromEntries(
      Object.entries(FLOW_NAMES).flatMap(([from, to]) =>
        record[from] === undefined ? [] : [[to, flowValue(from, record[from])] as const],
      ),
    ),
  }),
  tables: {
    AWSVPCFlow: {
      SrcAddr: 'srcaddr',
      DstAddr: 'dstaddr',
      SrcPort: 'srcport',
      DstPort: 'dstport',
      Protocol: 'protocol',
      Action: 'action',
      Packets: 'packets',
      Bytes: 'bytes',
      InterfaceId: 'interface-id',
      AccountId: 'account-id',
      LogStatus: 'log-status',
      FlowDirection: 'flow-direction',
    },
  },
});

const FLOW_NAMES: Readonly<Record<string, string>> = {
  srcaddr: 'srcAddr',
  dstaddr: 'dstAddr',
  srcport: 'srcPort',
  dstport: 'dstPort',
  'interface-id': 'interfaceId',
  'account-id': 'accountId',
  'vpc-id': 'vpcId',
  'subnet-id': 'subNetId',
  'flow-direction': 'flowDirection',
  'log-status': 'status',
  protocol: 'protocol',
  packets: 'packets',
  bytes: 'bytes',
  version: 'version',
};
const FLOW_NUMBERS = new Set(['srcport', 'dstport', 'protocol', 'packets', 'bytes', 'version']);

/** Numbers in Panther's schema, which lines hold as texts. */
function flowValue(name: string, value: Json): Json {
  return FLOW_NUMBERS.has(name) && typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

export const awsAlb: LogType = declare({
  name: 'aws.alb',
  description: 'Access logs of AWS Application Load Balancers',
  recognises: (event) => has(event, 'elb', 'clientIp', 'elbStatusCode') || has(event, 'elb', 'clientIp', 'requestUrl'),
  time: 'timestamp',
  names: [
    'c-ip|clientIp',
    'cs-method|requestHttpMethod',
    'sc-status|elbStatusCode',
    'cs-user-agent|userAgent|c-useragent',
    'cs-host|domainName',
  ],
  sigma: {
    category: 'webserver',
    fields: {
      'cs-uri-stem': capture(own('requestUrl'), '^https?://[^/]+(/[^?]*)'),
      'cs-uri-query': call('view.coalesce', [
        capture(own('requestUrl'), String.raw`^https?://[^/]+(/[^?]*\?.*)$`),
        capture(own('requestUrl'), '^https?://[^/]+(/.*)$'),
      ]),
    },
  },
  ecs: {
    module: 'aws',
    dataset: 'aws.elb_logs',
    fields: {
      'source.ip': ip('clientIp'),
      'source.port': 'clientPort',
      'http.request.method': 'requestHttpMethod',
      'http.response.status_code': 'elbStatusCode',
      'user_agent.original': 'userAgent',
      'url.original': 'requestUrl',
      'url.domain': 'domainName',
    },
    families: [below('aws.elb.', (rest) => own(camelCase(rest)))],
  },
  panther: 'AWS.ALB',
});

export const awsS3Access: LogType = declare({
  name: 'aws.s3access',
  description: 'Amazon S3 server access logs',
  recognises: (event) => has(event, 'bucketowner', 'bucket', 'operation'),
  time: 'time',
  ecs: {
    module: 'aws',
    dataset: 'aws.s3access',
    documents: {},
    fields: {
      'event.action': 'operation',
      'event.code': 'errorcode',
      'client.ip': ip('remoteip'),
      'client.address': 'remoteip',
      'client.user.id': 'requester',
      'http.response.status_code': 'httpstatus',
      'http.request.method': capture(own('requesturi'), '^([A-Z]+) '),
      'url.original': capture(own('requesturi'), '^[A-Z]+ ([^ ]+)'),
      'user_agent.original': 'useragent',
      'aws.s3access.bucket': 'bucket',
      'aws.s3access.operation': 'operation',
      'aws.s3access.key': 'key',
      'aws.s3access.remote_ip': 'remoteip',
      'aws.s3access.error_code': 'errorcode',
      'aws.s3access.http_status': 'httpstatus',
      'aws.s3access.requester': 'requester',
    },
  },
  panther: 'AWS.S3ServerAccess',
});

export const awsWaf: LogType = declare({
  name: 'aws.waf',
  description: 'AWS WAF web ACL traffic',
  recognises: (event) => has(event, 'webaclId', 'terminatingRuleId', 'httpRequest'),
  time: 'timestamp',
  names: ['c-ip|httpRequest.clientIp', 'cs-method|httpRequest.httpMethod', 'cs-uri-stem|httpRequest.uri'],
  sigma: { product: 'aws', service: 'waf' },
  ecs: {
    module: 'aws',
    dataset: 'aws.waf',
    documents: {},
    fields: {
      'event.action': 'action',
      'source.ip': ip('httpRequest.clientIp'),
      'url.path': 'httpRequest.uri',
      'url.query': 'httpRequest.args',
      'http.request.method': 'httpRequest.httpMethod',
      'rule.id': 'terminatingRuleId',
      'aws.waf.arn': 'webaclId',
    },
    families: [below('aws.waf.', (rest) => own(camelCase(rest)))],
  },
  panther: 'AWS.WAFWebACL',
  tables: {
    AWSWAF: {
      Action: 'action',
      ClientIp: 'httpRequest.clientIp',
      Uri: 'httpRequest.uri',
      HttpMethod: 'httpRequest.httpMethod',
      HttpRequest: 'httpRequest',
      TerminatingRuleId: 'terminatingRuleId',
      TerminatingRuleType: 'terminatingRuleType',
      WebAclId: 'webaclId',
      HttpSourceName: 'httpSourceName',
      HttpSourceId: 'httpSourceId',
      Country: 'httpRequest.country',
    },
  },
});

export const awsResolver: LogType = declare({
  name: 'aws.vpcdns',
  description: 'Amazon Route 53 Resolver query logs',
  recognises: (event) => has(event, 'query_name', 'query_type', 'rcode', 'srcaddr'),
  time: 'query_timestamp',
  sigma: {
    category: 'dns',
    fields: {
      query: capture(own('query_name'), String.raw`^(.*?)\.?$`),
      record_type: 'query_type',
      answer: own('answers.Rdata', 'answers.rdata'),
    },
  },
  ecs: {
    module: 'aws',
    dataset: 'aws.route53_resolver_logs',
    fields: {
      'dns.question.name': capture(own('query_name'), String.raw`^(.*?)\.?$`),
      'dns.question.type': 'query_type',
      'dns.response_code': 'rcode',
      'source.ip': ip('srcaddr'),
      'source.port': integer(own('srcport')),
    },
  },
  panther: 'AWS.VPCDns',
});

export const awsSecurityHub: LogType = declare({
  name: 'aws.securityhub',
  description: 'AWS Security Hub findings (ASFF)',
  recognises: (event) => has(event, 'SchemaVersion', 'ProductArn', 'GeneratorId'),
  time: 'UpdatedAt',
  ecs: {
    module: 'aws',
    dataset: 'aws.securityhub_findings',
    fields: {
      'event.kind': text('alert'),
      'event.id': 'Id',
      message: 'Description',
      'rule.name': 'Title',
      'cloud.account.id': 'AwsAccountId',
      'cloud.region': 'Region',
    },
  },
  panther: 'AWS.SecurityFindingFormat',
});

/** The path is a field of its own, which a job may leave out beside the whole. */
const path = coalesce(own('ClientRequestPath'), capture(own('ClientRequestURI'), '^([^?#]*)'));

export const cloudflareHttp: LogType = declare({
  name: 'cloudflare.http',
  description: 'Cloudflare HTTP requests (Logpush)',
  recognises: (event) => has(event, 'EdgeStartTimestamp', 'ClientRequestMethod'),
  time: 'EdgeStartTimestamp',
  names: [
    'cs-method|ClientRequestMethod',
    'sc-status|EdgeResponseStatus',
    'c-ip|ClientIP',
    'cs-user-agent|c-useragent|ClientRequestUserAgent',
    'cs-referer|ClientRequestReferer',
    'cs-host|ClientRequestHost',
  ],
  sigma: {
    category: 'webserver',
    fields: {
      'cs-uri-stem': path,
      'cs-uri-query': list([capture(own('ClientRequestURI'), String.raw`^[^?]*\?(.*)$`), own('ClientRequestURI')]),
    },
  },
  ecs: {
    module: 'cloudflare_logpush',
    dataset: 'cloudflare_logpush.http_request',
    fields: {
      'http.request.method': 'ClientRequestMethod',
      'http.response.status_code': 'EdgeResponseStatus',
      'source.ip': ip('ClientIP'),
      'url.path': path,
      'url.original': 'ClientRequestURI',
      'url.domain': 'ClientRequestHost',
      'user_agent.original': 'ClientRequestUserAgent',
    },
  },
  panther: 'Cloudflare.HttpRequest',
});

export const cloudflareFirewall: LogType = declare({
  name: 'cloudflare.firewall',
  description: 'Cloudflare firewall events (Logpush)',
  recognises: (event) => has(event, 'Datetime', 'RuleID', 'Action', 'ClientRequestPath'),
  time: 'Datetime',
  ecs: {
    module: 'cloudflare_logpush',
    dataset: 'cloudflare_logpush.firewall_event',
    fields: {
      'event.action': 'Action',
      'rule.id': 'RuleID',
      'source.ip': ip('ClientIP'),
      'url.path': 'ClientRequestPath',
      'user_agent.original': 'ClientRequestUserAgent',
    },
  },
  panther: 'Cloudflare.Firewall',
});
