import type { JsonObject } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { kindAt } from '../../kind-at.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare, type Terms } from '../declaration.ts';
import { has, hasAny, kindOf } from '../record-tests.ts';
import { coalesce, concat, given, isOneOf, labels, lower, own } from '../view-terms.ts';

/** Logs of network devices, as the decoder makes them of lines (`src/logs/decode/lines`). */

const isThere = (subject: Expr): Expr => ({ kind: 'exists', subject, counts: 'value' });
const ip = (...names: readonly string[]): Expr => call('view.ip', [own(...names)]);

/** Times of devices mostly have neither a year nor a zone; those that have are read. */
const DEVICE_TIME = 'timestamp';

function isCisco(event: JsonObject): boolean {
  return kindAt(event, 'cisco') === 'map' && has(event, 'cisco.mnemonic', 'message');
}

const asa = isOneOf(own('cisco.facility'), ['ASA', 'FTD', 'PIX', 'FWSM']);
const ftd = isOneOf(own('cisco.facility'), ['FTD']);
const byDevice = (inAsa: string, inFtd: string, inIos: string) =>
  given(asa, given(ftd, text(inFtd), text(inAsa)), text(inIos));
const dataset = byDevice('cisco_asa.log', 'cisco_ftd.log', 'cisco_ios.log');

export const ciscoDevice: LogType = declare({
  name: 'cisco.device',
  description: 'Cisco IOS, NX-OS, ASA and FTD system messages',
  recognises: isCisco,
  time: DEVICE_TIME,
  sigma: {
    product: given({ kind: 'not', item: asa }, text('cisco')),
    // Nothing in a message says which of these a device was set up to write it for.
    service: given({ kind: 'not', item: asa }, list(['aaa', 'bgp', 'ldp', 'syslog'].map((one) => text(one)))),
    category: labels([['firewall', { kind: 'and', items: [asa, isThere(own('src_ip'))] }]]),
    fields: {
      blocked: given(isThere(own('action')), given(isOneOf(own('action'), ['deny']), text('true'), text('false'))),
    },
  },
  ecs: {
    module: 'cisco_asa',
    dataset: 'cisco_asa.log',
    indices: ['filebeat-8.0.0'],
    fields: {
      'event.module': byDevice('cisco_asa', 'cisco_ftd', 'cisco_ios'),
      'event.dataset': dataset,
      'data_stream.dataset': dataset,
      _index: list([
        text('filebeat-8.0.0'),
        byDevice('logs-cisco_asa.log-default', 'logs-cisco_ftd.log-default', 'logs-cisco_ios.log-default'),
      ]),
      'event.code': 'cisco.mnemonic',
      'event.severity': 'cisco.severity',
      'event.action': given(
        asa,
        given(
          isThere(own('src_ip')),
          given(isOneOf(own('action'), ['accept', 'teardown']), text('flow-creation'), text('firewall-rule')),
        ),
      ),
      'event.outcome': given(
        isThere(own('src_ip')),
        given(isOneOf(own('action'), ['deny']), text('failure'), text('success')),
      ),
      message: 'message',
      'host.hostname': 'hostname',
      'observer.hostname': 'hostname',
      'source.ip': ip('src_ip'),
      'source.port': 'src_port',
      'destination.ip': ip('dst_ip'),
      'destination.port': 'dst_port',
      'network.transport': 'proto',
    },
  },
  tables: {
    CommonSecurityLog: {
      DeviceVendor: text('Cisco'),
      DeviceProduct: given(asa, own('cisco.facility'), text('IOS')),
      DeviceEventClassID: 'cisco.mnemonic',
      Message: 'message',
      SourceIP: 'src_ip',
      SourcePort: 'src_port',
      DestinationIP: 'dst_ip',
      DestinationPort: 'dst_port',
      DeviceAction: 'action',
      Protocol: 'proto',
      Computer: 'hostname',
    },
  },
});

export const huaweiDevice: LogType = declare({
  name: 'huawei.device',
  description: 'Huawei VRP log messages',
  recognises: (event) => kindAt(event, 'huawei') === 'map' && has(event, 'huawei.mnemonic'),
  time: DEVICE_TIME,
  sigma: { product: 'huawei', service: lower(own('huawei.module')) },
  ecs: {
    module: 'huawei',
    dataset: 'huawei.log',
    fields: { message: 'message', 'event.code': 'huawei.mnemonic', 'host.hostname': 'hostname' },
  },
});

export const juniperDevice: LogType = declare({
  name: 'juniper.device',
  description: 'Junos system log messages',
  recognises: (event) => kindAt(event, 'junos') === 'map' && has(event, 'junos.process'),
  time: DEVICE_TIME,
  names: [
    'src_ip|junos.source-address',
    'dst_ip|junos.destination-address',
    'src_port|junos.source-port',
    'dst_port|junos.destination-port',
  ],
  sigma: {
    product: 'juniper',
    service: labels([['bgp', isOneOf(own('junos.process'), ['rpd'])]]),
    category: labels([['firewall', isThere(own('junos.source-address'))]]),
  },
  ecs: {
    module: 'juniper_srx',
    dataset: 'juniper_srx.log',
    fields: {
      message: 'message',
      'process.name': 'junos.process',
      'event.action': 'junos.tag',
      'host.hostname': 'hostname',
      'source.ip': ip('junos.source-address'),
      'destination.ip': ip('junos.destination-address'),
    },
    families: [below('juniper.srx.', (rest) => own(`junos.${rest.replaceAll('_', '-')}`))],
  },
});

const fortiType = own('type');

export const fortinet: LogType = declare({
  name: 'fortinet.fortigate',
  description: 'Fortinet FortiOS logs',
  recognises: (event) => has(event, 'logid', 'type', 'subtype') && hasAny(event, 'devid', 'devname'),
  time: coalesce(concat(own('date'), text('T'), own('time'), own('tz')), own('eventtime')),
  names: ['src_ip|srcip', 'dst_ip|dstip', 'src_port|srcport', 'dst_port|dstport'],
  sigma: {
    product: labels([
      ['fortigate', null],
      ['fortios', null],
    ]),
    service: list([fortiType, text('sslvpnd')]),
    category: labels([['firewall', { kind: 'and', items: [isOneOf(fortiType, ['traffic']), isThere(own('srcip'))] }]]),
  },
  ecs: {
    module: 'fortinet',
    dataset: 'fortinet_fortigate.log',
    fields: {
      'event.action': 'action',
      'event.code': 'logid',
      'event.outcome': given(
        isOneOf(own('action', 'status'), ['deny', 'blocked', 'failed', 'failure'], true),
        text('failure'),
        text('success'),
      ),
      message: own('msg', 'logdesc'),
      'observer.name': 'devname',
      'observer.serial_number': 'devid',
      'source.ip': ip('srcip'),
      'source.port': 'srcport',
      'destination.ip': ip('dstip'),
      'destination.port': 'dstport',
      'user.name': own('user', 'srcuser'),
      'source.user.name': own('user', 'srcuser'),
      'rule.id': 'policyid',
      'url.domain': 'hostname',
      'log.level': 'level',
    },
    families: [below('fortinet.firewall.', (rest) => own(rest))],
  },
  panther: 'Fortinet.FortiGate',
  tables: {
    CommonSecurityLog: {
      DeviceVendor: text('Fortinet'),
      DeviceProduct: text('Fortigate'),
      DeviceEventClassID: 'logid',
      Activity: concat(fortiType, text(':'), own('subtype')),
      SourceIP: 'srcip',
      SourcePort: 'srcport',
      DestinationIP: 'dstip',
      DestinationPort: 'dstport',
      DeviceAction: 'action',
      SourceUserName: 'user',
      LogSeverity: 'level',
      Message: 'msg',
    },
  },
});

const panosType = own('panos');

export const paloAlto: LogType = declare({
  name: 'paloalto.panos',
  description: 'Palo Alto Networks PAN-OS logs',
  recognises: (event) => has(event, 'panos', 'receive_time', 'type'),
  time: 'utc_time',
  names: ['src_ip|src', 'dst_ip|dst', 'src_port|sport', 'dst_port|dport'],
  sigma: {
    product: 'paloalto',
    service: lower(panosType),
    category: labels([
      ['firewall', isOneOf(panosType, ['TRAFFIC'])],
      ['appliance', null],
    ]),
  },
  ecs: {
    module: 'panw',
    dataset: 'panw.panos',
    fields: {
      'event.action': 'action',
      'source.ip': ip('src', 'public_ip'),
      'source.port': 'sport',
      'destination.ip': ip('dst'),
      'destination.port': 'dport',
      'network.transport': 'proto',
      'network.application': 'app',
      'rule.name': 'rule',
      'user.name': 'srcuser',
      'panw.panos.type': 'type',
      'panw.panos.sub_type': 'subtype',
    },
  },
  tables: {
    CommonSecurityLog: {
      DeviceVendor: text('Palo Alto Networks'),
      DeviceProduct: text('PAN-OS'),
      Activity: 'type',
      SourceIP: 'src',
      SourcePort: 'sport',
      DestinationIP: 'dst',
      DestinationPort: 'dport',
      DeviceAction: 'action',
      Protocol: 'proto',
      ApplicationProtocol: 'app',
      SourceUserName: 'srcuser',
    },
  },
});

/** Keys of CEF's extension and the columns of CommonSecurityLog that they are (learn.microsoft.com, "CEF and CommonSecurityLog field mapping"). */
const CEF_COLUMNS: Readonly<Record<string, string>> = {
  src: 'SourceIP',
  spt: 'SourcePort',
  dst: 'DestinationIP',
  dpt: 'DestinationPort',
  act: 'DeviceAction',
  proto: 'Protocol',
  suser: 'SourceUserName',
  duser: 'DestinationUserName',
  shost: 'SourceHostName',
  dhost: 'DestinationHostName',
  request: 'RequestURL',
  requestMethod: 'RequestMethod',
  requestClientApplication: 'RequestClientApplication',
  msg: 'Message',
  app: 'ApplicationProtocol',
  fname: 'FileName',
  filePath: 'FilePath',
  fileHash: 'FileHash',
  dvchost: 'DeviceName',
  dvc: 'DeviceAddress',
  cat: 'DeviceEventCategory',
  outcome: 'EventOutcome',
  sproc: 'SourceProcessName',
  dproc: 'DestinationProcessName',
  externalId: 'ExternalID',
  reason: 'Reason',
  smac: 'SourceMACAddress',
  dmac: 'DestinationMACAddress',
  in: 'ReceivedBytes',
  out: 'SentBytes',
};
const CUSTOM: Terms = Object.fromEntries(
  [1, 2, 3, 4, 5, 6].flatMap((number) => [
    [`DeviceCustomString${number}`, `extension.cs${number}`],
    [`DeviceCustomString${number}Label`, `extension.cs${number}Label`],
  ]),
);

function isCommonSecurityRow(event: JsonObject): boolean {
  return has(event, 'TimeGenerated', 'DeviceVendor', 'DeviceProduct');
}

const extension = (key: string): Expr => own(`extension.${key}`, CEF_COLUMNS[key] ?? key);
const cefAction = lower(extension('act'));

export const cef: LogType = declare({
  name: 'cef',
  description: 'Common Event Format (ArcSight), and rows of CommonSecurityLog',
  recognises: (event) =>
    (has(event, 'cef', 'device_vendor', 'extension') && kindOf(event, 'extension') === 'map') ||
    isCommonSecurityRow(event),
  time: coalesce(own('TimeGenerated'), own('extension.rt'), own('extension.end'), own('timestamp')),
  sigma: {
    category: labels([
      [
        'firewall',
        { kind: 'and', items: [isThere(extension('src')), isThere(extension('dst')), isThere(extension('act'))] },
      ],
    ]),
    fields: {
      src_ip: extension('src'),
      src_port: extension('spt'),
      dst_ip: extension('dst'),
      dst_port: extension('dpt'),
      action: cefAction,
      blocked: given(
        isThere(extension('act')),
        given(
          isOneOf(cefAction, ['deny', 'drop', 'block', 'blocked', 'reject', 'denied']),
          text('true'),
          text('false'),
        ),
      ),
    },
  },
  ecs: {
    module: 'cef',
    dataset: 'cef.log',
    fields: {
      'event.code': own('device_event_class_id', 'DeviceEventClassID'),
      'event.action': coalesce(extension('act'), own('name', 'Activity')),
      'event.severity': own('cef_severity', 'LogSeverity'),
      message: coalesce(extension('msg'), own('name', 'Activity')),
      'observer.vendor': own('device_vendor', 'DeviceVendor'),
      'observer.product': own('device_product', 'DeviceProduct'),
      'source.ip': call('view.ip', [extension('src')]),
      'source.port': extension('spt'),
      'destination.ip': call('view.ip', [extension('dst')]),
      'destination.port': extension('dpt'),
      'source.user.name': extension('suser'),
      'destination.user.name': extension('duser'),
      'network.transport': lower(extension('proto')),
      'url.original': extension('request'),
      'cef.device.vendor': own('device_vendor', 'DeviceVendor'),
      'cef.device.product': own('device_product', 'DeviceProduct'),
      'cef.device.version': own('device_version', 'DeviceVersion'),
      'cef.device.event_class_id': own('device_event_class_id', 'DeviceEventClassID'),
      'cef.name': own('name', 'Activity'),
      'cef.severity': own('cef_severity', 'LogSeverity'),
    },
    families: [below('cef.extensions.', (rest) => own(`extension.${rest}`))],
  },
  tables: {
    CommonSecurityLog: {
      DeviceVendor: own('device_vendor', 'DeviceVendor'),
      DeviceProduct: own('device_product', 'DeviceProduct'),
      DeviceVersion: own('device_version', 'DeviceVersion'),
      DeviceEventClassID: own('device_event_class_id', 'DeviceEventClassID'),
      Activity: own('name', 'Activity'),
      LogSeverity: own('cef_severity', 'LogSeverity'),
      Computer: own('hostname', 'Computer'),
      ...Object.fromEntries(Object.entries(CEF_COLUMNS).map(([key, column]) => [column, extension(key)])),
      ...CUSTOM,
    },
  },
});

const attribute = (...names: readonly string[]): Expr => own(...names.map((name) => `attributes.${name}`));

export const leef: LogType = declare({
  name: 'leef',
  description: 'Log Event Extended Format (QRadar)',
  recognises: (event) => has(event, 'leef', 'device_vendor', 'attributes'),
  time: coalesce(attribute('devTime'), own('timestamp')),
  sigma: {
    category: labels([
      [
        'firewall',
        {
          kind: 'and',
          items: [isThere(attribute('src')), isThere(attribute('dst')), isThere(attribute('action', 'act'))],
        },
      ],
    ]),
    fields: {
      src_ip: attribute('src'),
      src_port: attribute('srcPort'),
      dst_ip: attribute('dst'),
      dst_port: attribute('dstPort'),
      action: lower(attribute('action', 'act')),
    },
  },
  ecs: {
    module: 'leef',
    dataset: 'leef.log',
    fields: {
      'event.code': 'event_id',
      'event.action': attribute('action', 'act'),
      'observer.vendor': 'device_vendor',
      'observer.product': 'device_product',
      'source.ip': call('view.ip', [attribute('src')]),
      'source.port': attribute('srcPort'),
      'destination.ip': call('view.ip', [attribute('dst')]),
      'destination.port': attribute('dstPort'),
      'user.name': attribute('usrName'),
      'network.transport': lower(attribute('proto')),
    },
  },
});
