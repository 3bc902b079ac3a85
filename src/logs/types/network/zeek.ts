import type { JsonObject } from '../../../base/json.ts';
import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare, streams } from '../declaration.ts';
import { has, hasAny } from '../record-tests.ts';
import { choose, given, isOneOf, labels, mapped, own } from '../view-terms.ts';

/** Zeek's logs have `_path` where the writer names it; without, only records whose `ts` and uid go with a log's own keys are taken. */
function isZeek(event: JsonObject): boolean {
  return (
    has(event, 'ts') &&
    hasAny(event, 'uid', 'fuid', 'fingerprint', '_path') &&
    hasAny(event, 'id.orig_h', 'id_orig_h', 'certificate.serial', 'fuid', '_path', 'certificate.version')
  );
}

const isThere = (...names: readonly string[]): Expr => ({ kind: 'exists', subject: own(...names), counts: 'present' });
const all = (...items: readonly Expr[]): Expr => ({ kind: 'and', items });
const any = (...items: readonly Expr[]): Expr => ({ kind: 'or', items });

/** Which log a record without `_path` is of, by the keys that only it has (docs.zeek.org, script reference of each log). */
const PATH: Expr = choose(
  [
    [isThere('_path'), own('_path')],
    [all(isThere('event.dataset'), isOneOf(own('event.dataset'), ['zeek.connection'])), text('conn')],
    [isThere('event.dataset'), call('text.after-last', [own('event.dataset'), text('.')])],
    [all(isThere('query'), any(isThere('qtype_name'), isThere('rcode_name'), isThere('trans_id'))), text('dns')],
    [all(isThere('method'), isThere('uri')), text('http')],
    [all(isThere('uri'), any(isThere('status_code'), isThere('trans_depth'))), text('http')],
    [
      all(isThere('action'), isThere('name'), {
        kind: 'match',
        subject: own('action'),
        pattern: { kind: 'prefix', text: 'SMB::' },
        collation: 'exact',
        quantifier: 'any',
        onMissing: 'false',
      }),
      text('smb_files'),
    ],
    [all(isThere('endpoint'), isThere('operation')), text('dce_rpc')],
    [all(isThere('request_type'), any(isThere('cipher'), isThere('service'))), text('kerberos')],
    [isThere('certificate.serial'), text('x509')],
    [any(isThere('security_protocol'), all(isThere('cookie'), isThere('result'))), text('rdp')],
    [all(isThere('server_name'), isThere('cipher')), text('ssl')],
    [all(isThere('fuid'), isThere('mime_type')), text('files')],
    [any(isThere('conn_state'), isThere('history')), text('conn')],
  ],
  text('unknown'),
);
const isLog = (name: string): Expr => isOneOf(PATH, [name]);

const source = own('id.orig_h', 'id_orig_h');
const destination = own('id.resp_h', 'id_resp_h');
/** The logs that Elastic's integration has a data stream for. */
const DATASETS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'capture_loss dce_rpc dhcp dnp3 dns dpd files ftp http intel irc kerberos known_certs known_hosts known_services modbus mysql notice ntlm ntp ocsp pe radius rdp rfb signature sip smb_cmd smb_files smb_mapping smtp snmp socks software ssh ssl stats syslog traceroute tunnel weird x509'
      .split(' ')
      .map((log) => [log, `zeek.${log}`]),
  ),
  conn: 'zeek.connection',
};

/** All logs of Zeek: in its own text form, in JSON, and as Elastic's documents. */
export const zeek: LogType = declare({
  name: 'zeek',
  description: 'Zeek network logs',
  recognises: isZeek,
  time: 'ts',
  names: [
    'id.orig_h|id_orig_h|source.ip',
    'id.orig_p|id_orig_p|source.port',
    'id.resp_h|id_resp_h|destination.ip',
    'id.resp_p|id_resp_p|destination.port',
  ],
  sigma: {
    product: 'zeek',
    service: PATH,
    category: labels([
      ['dns', isLog('dns')],
      ['proxy', isLog('http')],
      ['webserver', isLog('http')],
      ['firewall', isLog('conn')],
    ]),
    fields: {
      query: 'query|dns.question.name',
      answer: own('answers'),
      record_type: own('qtype_name'),
      src_ip: source,
      dst_ip: destination,
      src_port: own('id.orig_p', 'id_orig_p'),
      dst_port: own('id.resp_p', 'id_resp_p'),
      'c-uri': 'uri',
      'cs-uri': 'uri',
      'c-uri-query': 'uri',
      'cs-uri-query': 'uri',
      'c-uri-stem': 'uri',
      'cs-uri-stem': call('view.capture', [own('uri'), text('^([^?]*)'), { kind: 'literal', type: 'int', value: '1' }]),
      'c-useragent': 'user_agent',
      'cs-user-agent': 'user_agent',
      'cs-host': 'host',
      'r-dns': 'host',
      'cs-method': 'method',
      'sc-status': 'status_code',
      'cs-referer': 'referrer',
      'cs-bytes': 'request_body_len',
      'sc-bytes': 'response_body_len',
      'cs-cookie': 'cookie',
      'c-ip': source,
    },
  },
  ecs: {
    module: 'zeek',
    dataset: 'zeek.connection',
    documents: {
      moved: {
        query: ['dns.question.name', 'zeek.dns.query'],
        qtype_name: ['dns.question.type', 'zeek.dns.qtype_name'],
        answers: ['dns.answers.data', 'zeek.dns.answers'],
        ...Object.fromEntries(
          'uri method host user_agent status_code referrer'.split(' ').map((name) => [name, [`zeek.http.${name}`]]),
        ),
        name: ['file.name', 'zeek.smb_files.name'],
        path: ['zeek.smb_files.path'],
        action: ['zeek.smb_files.action', 'event.action'],
        endpoint: ['zeek.dce_rpc.endpoint'],
        operation: ['zeek.dce_rpc.operation'],
        named_pipe: ['zeek.dce_rpc.named_pipe'],
        request_type: ['zeek.kerberos.request_type'],
        cipher: ['zeek.kerberos.cipher', 'zeek.ssl.cipher'],
      },
    },
    fields: {
      ...streams(PATH, DATASETS),
      'event.id': 'uid',
      'event.action': choose([
        [isLog('smb_files'), own('action')],
        [isLog('dce_rpc'), own('operation')],
        [isLog('kerberos'), own('request_type')],
        [isLog('http'), own('method')],
      ]),
      'source.ip': call('view.ip', [source]),
      'source.address': source,
      'source.port': 'id.orig_p|id_orig_p',
      'destination.ip': call('view.ip', [destination]),
      'destination.address': destination,
      'destination.port': 'id.resp_p|id_resp_p',
      'network.transport': 'proto',
      'network.protocol': given(
        isLog('conn'),
        own('service'),
        choose([
          [isLog('http'), text('http')],
          [isLog('dns'), text('dns')],
          [isLog('ssl'), text('tls')],
        ]),
      ),
      'dns.question.name': 'query',
      'dns.question.type': 'qtype_name',
      'dns.response_code': 'rcode_name',
      'dns.answers.data': given(isLog('dns'), own('answers')),
      'http.request.method': 'method',
      'http.response.status_code': 'status_code',
      'http.request.referrer': 'referrer',
      'url.original': given(isLog('http'), own('uri')),
      'url.domain': given(isLog('http'), own('host')),
      'user_agent.original': 'user_agent',
      'file.name': given(isLog('smb_files'), own('name')),
      'file.path': given(isLog('smb_files'), own('path')),
      'file.size': given(isLog('smb_files'), own('size')),
      'tls.client.server_name': given(isLog('ssl'), own('server_name')),
      'tls.cipher': given(isLog('ssl'), own('cipher')),
      'zeek.session_id': 'uid',
    },
    families: [
      below('zeek.connection.', (rest) => given(isLog('conn'), own(rest))),
      {
        prefix: 'zeek.',
        field: (rest) => {
          const [log = '', ...path] = rest.split('.');
          return { expr: given(isLog(log), own(path.join('.'))), type: 'keyword' };
        },
      },
    ],
  },
  panther: mapped(PATH, {
    conn: 'Zeek.Conn',
    dhcp: 'Zeek.DHCP',
    dns: 'Zeek.DNS',
    files: 'Zeek.Files',
    http: 'Zeek.HTTP',
    notice: 'Zeek.Notice',
    ntp: 'Zeek.NTP',
    ocsp: 'Zeek.OCSP',
    sip: 'Zeek.SIP',
    software: 'Zeek.Software',
    ssh: 'Zeek.SSH',
    ssl: 'Zeek.SSL',
    tunnel: 'Zeek.Tunnel',
    weird: 'Zeek.Weird',
    x509: 'Zeek.X509',
  }),
  event: (record) =>
    record['id'] === undefined && 'id.orig_h' in record ? { ...record, id: connectionOf(record) } : record,
});

/** The ends of a connection, which Panther has in a map. */
function connectionOf(record: JsonObject): JsonObject {
  return Object.fromEntries(
    ['orig_h', 'orig_p', 'resp_h', 'resp_p'].flatMap((name) => {
      const value = record[`id.${name}`];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
