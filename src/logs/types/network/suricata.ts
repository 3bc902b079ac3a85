import { call, text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, hasAny } from '../record-tests.ts';
import { capture, coalesce, given, isOneOf, labels, lower, mapped, own } from '../view-terms.ts';

const type = own('event_type');
const isType = (name: string) => isOneOf(type, [name]);
const url = own('http.url');

/** Suricata's EVE log. */
export const suricata: LogType = declare({
  name: 'suricata',
  description: 'Suricata EVE log',
  recognises: (event) =>
    has(event, 'event_type', 'src_ip') && hasAny(event, 'flow_id', 'dest_ip') && has(event, 'timestamp'),
  time: 'timestamp',
  names: ['src_port|source_port', 'dst_ip|dest_ip', 'dst_port|dest_port'],
  sigma: {
    product: 'suricata',
    service: type,
    category: labels([
      ['dns', isType('dns')],
      ['webserver', isType('http')],
      ['proxy', isType('http')],
    ]),
    fields: {
      query: own('dns.rrname', 'dns.queries.rrname', 'dns.query.rrname'),
      record_type: own('dns.rrtype', 'dns.queries.rrtype', 'dns.query.rrtype'),
      answer: own('dns.answers.rdata', 'dns.rdata'),
      'cs-method': 'http.http_method',
      'cs-host': 'http.hostname',
      'r-dns': 'http.hostname',
      'c-uri': url,
      'cs-uri': url,
      'cs-uri-stem': capture(url, '^([^?]*)'),
      'cs-uri-query': call('view.coalesce', [capture(url, String.raw`\?(.*)$`), url]),
      'cs-user-agent': 'http.http_user_agent',
      'c-useragent': 'http.http_user_agent',
      'sc-status': 'http.status',
      'cs-referer': 'http.http_refer',
      'c-ip': 'src_ip',
    },
  },
  ecs: {
    module: 'suricata',
    dataset: 'suricata.eve',
    fields: {
      'event.id': 'flow_id',
      'event.severity': 'alert.severity',
      'event.action': lower(own('alert.action')),
      'rule.name': 'alert.signature',
      'rule.id': 'alert.signature_id',
      'rule.category': 'alert.category',
      'source.ip': call('view.ip', [own('src_ip')]),
      'source.address': 'src_ip',
      'source.port': 'src_port',
      'destination.ip': call('view.ip', [own('dest_ip')]),
      'destination.address': 'dest_ip',
      'destination.port': 'dest_port',
      'network.transport': lower(own('proto')),
      'network.protocol': coalesce(
        own('app_proto'),
        given(isType('dns'), text('dns')),
        given(isType('http'), text('http')),
      ),
      'dns.question.name': own('dns.rrname', 'dns.queries.rrname', 'dns.query.rrname'),
      'dns.question.type': own('dns.rrtype', 'dns.queries.rrtype', 'dns.query.rrtype'),
      'http.request.method': 'http.http_method',
      'http.response.status_code': 'http.status',
      'http.request.referrer': 'http.http_refer',
      'url.original': url,
      'url.path': capture(url, '^([^?]*)'),
      'url.query': capture(url, String.raw`\?(.*)$`),
      'url.domain': 'http.hostname',
      'user_agent.original': 'http.http_user_agent',
      'tls.client.server_name': 'tls.sni',
      'suricata.eve.event_type': 'event_type',
    },
    families: [below('suricata.eve.', (rest) => own(rest))],
  },
  panther: mapped(type, {
    alert: 'Suricata.Alert',
    anomaly: 'Suricata.Anomaly',
    dhcp: 'Suricata.DHCP',
    dns: 'Suricata.DNS',
    fileinfo: 'Suricata.FileInfo',
    flow: 'Suricata.Flow',
    http: 'Suricata.HTTP',
    smb: 'Suricata.SMB',
    ssh: 'Suricata.SSH',
    tls: 'Suricata.TLS',
  }),
});
