import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has, hasAny } from '../record-tests.ts';
import {
  afterLast,
  capture,
  choose,
  coalesce,
  concat,
  given,
  isOneOf,
  labels,
  lower,
  mapped,
  own,
} from '../view-terms.ts';

/**
 * Events of the Open Cybersecurity Schema Framework (schema.ocsf.io): what happened is told by `class_uid` and `activity_id`, on
 * what system by `device.os.type_id`. CloudTrail's records in OCSF are read as CloudTrail's.
 */
const isClass = (uid: string, ...activities: readonly string[]): Expr => {
  const isOf = isOneOf(own('class_uid'), [uid]);
  return activities.length === 0 ? isOf : { kind: 'and', items: [isOf, isOneOf(own('activity_id'), activities)] };
};
const PROCESS = isClass('1007', '1');
const FILE = isClass('1001');
const MODULE = isClass('1005', '1');
const NETWORK = isClass('4001');
const DNS = isClass('4003');

const ip = (name: string): Expr => call('view.ip', [own(name)]);
/** `type_id` of `device.os`: Windows with its servers and clients, Linux, macOS. */
const product = mapped(own('device.os.type_id'), { '100': 'windows', '200': 'linux', '300': 'macos' });
const actor = own('actor.process.file.path', 'actor.process.path', 'actor.process.name');
const created = own('process.file.path', 'process.path', 'process.name');
const user = (place: string): Expr =>
  coalesce(concat(own(`${place}.domain`), text('\\'), own(`${place}.name`)), own(`${place}.name`));

export const ocsf: LogType = declare({
  name: 'ocsf',
  description: 'Events in OCSF: processes, files, modules, connections, name queries; others by their own fields',
  recognises: (event) =>
    has(event, 'class_uid', 'metadata.version') && hasAny(event, 'category_uid', 'type_uid', 'metadata.product'),
  time: 'time|time_dt',
  sigma: {
    product,
    category: labels([
      ['process_creation', PROCESS],
      ['process_termination', isClass('1007', '2')],
      ['file_event', isClass('1001', '1')],
      ['file_delete', isClass('1001', '4')],
      ['file_access', isClass('1001', '2')],
      ['file_rename', isClass('1001', '5')],
      ['image_load', MODULE],
      ['network_connection', NETWORK],
      ['firewall', NETWORK],
      ['dns_query', DNS],
      ['dns', DNS],
    ]),
    fields: {
      Image: choose([[PROCESS, created]], coalesce(actor, created)),
      CommandLine: choose([[PROCESS, own('process.cmd_line')]], own('actor.process.cmd_line', 'process.cmd_line')),
      ParentImage: given(PROCESS, coalesce(own('process.parent_process.file.path'), actor)),
      ParentCommandLine: given(PROCESS, own('process.parent_process.cmd_line', 'actor.process.cmd_line')),
      ProcessId: choose([[PROCESS, own('process.pid')]], own('actor.process.pid', 'process.pid')),
      ParentProcessId: given(PROCESS, own('process.parent_process.pid', 'actor.process.pid')),
      CurrentDirectory: own('process.working_directory'),
      IntegrityLevel: own('process.integrity'),
      User: choose([[PROCESS, coalesce(user('process.user'), user('actor.user'))]], user('actor.user')),
      TargetFilename: given(FILE, own('file.path')),
      ImageLoaded: given(MODULE, own('module.file.path')),
      Hashes: choose(
        [[PROCESS, own('process.file.hashes.value')]],
        own('file.hashes.value', 'module.file.hashes.value'),
      ),
      QueryName: 'query.hostname',
      query: capture(own('query.hostname'), String.raw`^(.*?)\.?$`),
      record_type: 'query.type',
      QueryResults: 'answers.rdata',
      answer: 'answers.rdata',
      SourceIp: 'src_endpoint.ip',
      src_ip: 'src_endpoint.ip',
      SourcePort: 'src_endpoint.port',
      src_port: 'src_endpoint.port',
      SourceHostname: 'src_endpoint.hostname',
      DestinationIp: 'dst_endpoint.ip',
      dst_ip: 'dst_endpoint.ip',
      DestinationPort: 'dst_endpoint.port',
      dst_port: 'dst_endpoint.port',
      DestinationHostname: 'dst_endpoint.hostname',
      Protocol: lower(own('connection_info.protocol_name')),
      // Which side began it: `direction_id` 1 is inbound, 2 outbound.
      Initiated: mapped(own('connection_info.direction_id'), { '1': 'false', '2': 'true' }),
      action: lower(own('disposition', 'action')),
      Computer: 'device.hostname',
    },
  },
  ecs: {
    module: 'ocsf',
    dataset: 'ocsf.event',
    indices: ['logs-amazon_security_lake.event-default', 'logs-ocsf.event-default', 'filebeat-8.0.0'],
    fields: {
      'host.os.type': product,
      'host.name': 'device.hostname',
      'event.category': labels([
        ['process', isClass('1007')],
        ['file', FILE],
        ['library', MODULE],
        ['network', NETWORK],
        ['network', DNS],
      ]),
      'event.type': labels([
        ['start', PROCESS],
        ['end', isClass('1007', '2')],
        ['creation', isClass('1001', '1')],
        ['deletion', isClass('1001', '4')],
        ['connection', NETWORK],
      ]),
      'process.executable': choose([[PROCESS, created]], coalesce(actor, created)),
      'process.name': coalesce(
        choose([[PROCESS, own('process.name')]], own('actor.process.name', 'process.name')),
        afterLast(choose([[PROCESS, created]], coalesce(actor, created)), '\\'),
      ),
      'process.command_line': choose([[PROCESS, own('process.cmd_line')]], own('actor.process.cmd_line')),
      'process.pid': choose([[PROCESS, own('process.pid')]], own('actor.process.pid')),
      'process.parent.executable': given(PROCESS, coalesce(own('process.parent_process.file.path'), actor)),
      'process.parent.name': given(PROCESS, own('process.parent_process.name', 'actor.process.name')),
      'process.parent.command_line': given(PROCESS, own('process.parent_process.cmd_line', 'actor.process.cmd_line')),
      'user.name': choose(
        [[PROCESS, own('process.user.name', 'actor.user.name')]],
        own('actor.user.name', 'user.name'),
      ),
      'file.path': given(FILE, own('file.path')),
      'file.name': given(FILE, own('file.name')),
      'dns.question.name': 'query.hostname',
      'source.ip': ip('src_endpoint.ip'),
      'source.port': 'src_endpoint.port',
      'destination.ip': ip('dst_endpoint.ip'),
      'destination.port': 'dst_endpoint.port',
      'destination.domain': 'dst_endpoint.hostname',
      'network.transport': lower(own('connection_info.protocol_name')),
    },
  },
  panther: choose([
    [NETWORK, text('OCSF.NetworkActivity')],
    [DNS, text('OCSF.DnsActivity')],
  ]),
});
