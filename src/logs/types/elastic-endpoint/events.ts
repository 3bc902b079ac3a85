import type { JsonObject } from '../../../base/json.ts';
import { and, list, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View } from '../../../ir/view.ts';
import type { LogType } from '../../log-type.ts';
import { recogniseDocument } from '../documents.ts';
import { everySpelling } from '../shapes.ts';
import { choose, coalesce, concat, fieldOf, fields, isOneOf, labels, mapped, own } from '../view-terms.ts';

const NAME = 'elastic.endpoint';

const isCategory = (name: string): Expr => isOneOf(own('event.category'), [name]);
const isType = (...names: readonly string[]): Expr => isOneOf(own('event.type'), names);
const isAction = (...names: readonly string[]): Expr => isOneOf(own('event.action'), names);
const os = own('host.os.type');
const hashes = (...of: readonly string[]): Expr =>
  list([
    concat(text('MD5='), own(...of.map((one) => `${one}.hash.md5`))),
    concat(text('SHA1='), own(...of.map((one) => `${one}.hash.sha1`))),
    concat(text('SHA256='), own(...of.map((one) => `${one}.hash.sha256`))),
    concat(text('IMPHASH='), own(...of.map((one) => `${one}.pe.imphash`))),
  ]);

/** What events of Elastic Defend are to Sigma's rules: the mapping of pySigma's ECS pipelines, read backwards. */
const sigma: View = {
  schema: 'sigma',
  logType: NAME,
  when: null,
  fields: new Map([
    ['logsource.product', fieldOf(os)],
    [
      'logsource.category',
      fieldOf(
        labels([
          ['process_creation', and([isCategory('process'), isType('start'), isAction('exec', 'start', 'fork')])],
          ['process_termination', and([isCategory('process'), isType('end')])],
          ['file_event', and([isCategory('file'), or([isType('creation'), isAction('creation')])])],
          ['file_change', and([isCategory('file'), isType('change')])],
          ['file_delete', and([isCategory('file'), isType('deletion')])],
          ['file_rename', and([isCategory('file'), isAction('rename')])],
          ['registry_event', isCategory('registry')],
          ['registry_set', and([isCategory('registry'), isAction('modification')])],
          ['registry_add', and([isCategory('registry'), isType('creation')])],
          ['registry_delete', and([isCategory('registry'), isType('deletion')])],
          ['image_load', isCategory('library')],
          ['driver_load', isCategory('driver')],
          ['network_connection', and([isCategory('network'), isAction('connection_attempted', 'connection_accepted')])],
          ['dns_query', and([isCategory('network'), isAction('lookup_requested', 'lookup_result')])],
        ]),
      ),
    ],
    ...fields('keyword', {
      Image: own('process.executable'),
      CommandLine: own('process.command_line'),
      CurrentDirectory: own('process.working_directory'),
      OriginalFileName: own('process.pe.original_file_name', 'dll.pe.original_file_name'),
      Company: own('process.pe.company'),
      Description: own('process.pe.description'),
      Product: own('process.pe.product'),
      ProcessId: own('process.pid'),
      ProcessGuid: own('process.entity_id'),
      ParentImage: own('process.parent.executable'),
      ParentCommandLine: own('process.parent.command_line'),
      ParentProcessId: own('process.parent.pid'),
      IntegrityLevel: own('process.Ext.token.integrity_level_name'),
      User: coalesce(concat(own('user.domain'), text('\\'), own('user.name')), own('user.name')),
      Hashes: hashes('process', 'dll', 'file'),
      md5: own('process.hash.md5', 'dll.hash.md5', 'file.hash.md5'),
      sha1: own('process.hash.sha1', 'dll.hash.sha1', 'file.hash.sha1'),
      sha256: own('process.hash.sha256', 'dll.hash.sha256', 'file.hash.sha256'),
      Imphash: own('process.pe.imphash', 'dll.pe.imphash'),
      TargetFilename: own('file.path'),
      SourceFilename: own('file.Ext.original.path'),
      ImageLoaded: own('dll.path', 'file.path'),
      Signed: own('dll.code_signature.trusted'),
      Signature: own('dll.code_signature.subject_name'),
      TargetObject: own('registry.path'),
      Details: own('registry.data.strings'),
      QueryName: own('dns.question.name'),
      SourceIp: own('source.ip'),
      SourcePort: own('source.port'),
      DestinationIp: own('destination.ip'),
      DestinationPort: own('destination.port'),
      DestinationHostname: own('destination.domain'),
      Protocol: own('network.transport'),
      Initiated: choose([
        [isOneOf(own('network.direction'), ['egress', 'outgoing']), text('true')],
        [isOneOf(own('network.direction'), ['ingress', 'incoming']), text('false')],
      ]),
      Computer: own('host.name'),
    }),
  ]),
  families: [],
  otherwise: 'raw',
};

const INDICES = Object.fromEntries(
  ['process', 'file', 'network', 'registry', 'library', 'security', 'api', 'alerts'].map((kind) => [
    `endpoint.events.${kind}`,
    `logs-endpoint.events.${kind}-default`,
  ]),
);
const stream = coalesce(own('data_stream.dataset'), own('event.dataset'));
const ecs: View = {
  schema: 'ecs',
  logType: NAME,
  when: null,
  fields: new Map([
    ['_index', fieldOf(mapped(stream, INDICES))],
    ['data_stream.type', { expr: text('logs'), type: 'constant_keyword' }],
    ['data_stream.namespace', { expr: text('default'), type: 'constant_keyword' }],
    ['data_stream.dataset', fieldOf(stream)],
    ['event.dataset', fieldOf(stream)],
    ['@timestamp', fieldOf(own('@timestamp'), 'date')],
  ]),
  families: [],
  otherwise: 'missing',
};

/** Events of Elastic Defend, which are documents from the start. */
export const elasticEndpoint: LogType = {
  name: NAME,
  declared: true,
  description: 'Elastic Defend events',
  shapes: [
    {
      name: 'document',
      recognises: (event: JsonObject) => recogniseDocument(event)?.logType === NAME,
      locate: (path) => everySpelling(path),
      document: { schema: 'ecs', locate: everySpelling },
    },
  ],
  family: recogniseDocument,
  time: own('@timestamp'),
  views: [ecs, sigma],
};
