import { strip } from '../../../base/strip.ts';
import { csvCells } from './devices.ts';
import { type LineForm, present } from './line-form.ts';

/** The debug log of Windows' DNS server: `3/2/2026 10:00:00 AM 0D3C PACKET  000… UDP Rcv 10.0.0.5 7f3a   Q [0001   D   NOERROR] A      (4)pool(2)eu(0)`. */
const WINDOWS_DNS =
  /^(\S+ \S+(?: [AP]M)?) +([0-9A-F]{3,5}) PACKET +([0-9A-F]+) (UDP|TCP) (Rcv|Snd) (\S+) +([0-9a-f]{4}) (R| ) ([QNU?]) \[[0-9A-Fx]+ [A-Z ]{0,20}\b([A-Z]+)\] (\S+) +((?:\(\d+\)[^(]*)+)/;

/** A name as the packet has it, each label behind its length. */
function dottedName(labels: string): string {
  return strip(labels.replace(/\(\d+\)/g, '.'), '.');
}

export const windowsDnsDebug: LineForm = (line) => {
  const found = WINDOWS_DNS.exec(line);
  if (found === null) return undefined;
  const [, time, thread, , protocol, direction, client, id, answer, opcode, code, type, name = ''] = found;
  return {
    ...present({
      local_time: time,
      thread,
      transport: protocol?.toLowerCase(),
      direction,
      client,
      id,
      opcode,
      rcode: code,
    }),
    ...present({ record_type: type, kind: answer === 'R' ? 'response' : 'query' }),
    dns_server: 'windows',
    query: dottedName(name),
  };
};

/** BIND's query log: `client @0x… 192.0.2.1#5000 (name): query: name IN A +E(0)K (10.0.0.1)`. */
const BIND =
  /(?:client (?:@0x[0-9a-f]+ )?)([0-9A-Fa-f.:]{2,45})#(\d{1,5})(?: \([^)]{0,300}\))?: (?:view \S{1,300}: )?query: (\S+) ([A-Z]+) ([A-Z0-9]+) (\S*)(?: \(([^)]{0,300})\))?/;
const BIND_TIME = /^(\d{1,2}-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3}|\d{4}-\d\d-\d\dT\S+)/;

export const bindQuery: LineForm = (line) => {
  const found = line.includes('query: ') ? BIND.exec(line) : null;
  if (found === null) return undefined;
  const [, client, port, name = '', dnsClass, type, flags, server] = found;
  return {
    ...present({
      local_time: BIND_TIME.exec(line)?.[1],
      client,
      client_port: port,
      record_type: type,
      dns_class: dnsClass,
    }),
    ...present({ flags, server }),
    dns_server: 'bind',
    query: name.replace(/\.$/, ''),
  };
};

/** dnsmasq: `dnsmasq[123]: query[A] name from 10.0.0.5`, `reply name is 192.0.2.1`. */
const DNSMASQ = /dnsmasq(?:\[\d{1,10}\])?: (?:\d{1,10} (?:[^\s/]+\/\d{1,5} )?)?/;
const DNSMASQ_SAYS = /^(?:(query)\[([A-Z0-9]+)\] (\S+) from (\S+)|(reply|cached|config|\/\S+) (\S+) is (.+))$/;

export const dnsmasq: LineForm = (line) => {
  const tag = DNSMASQ.exec(line);
  const found = tag === null ? null : DNSMASQ_SAYS.exec(line.slice(tag.index + tag[0].length));
  if (found === null) return undefined;
  const [, , type, name, client, , answered, answer] = found;
  return {
    ...present({ record_type: type, client, answer, kind: type === undefined ? 'response' : 'query' }),
    dns_server: 'dnsmasq',
    query: (name ?? answered ?? '').replace(/\.$/, ''),
  };
};

/** Umbrella's DNS log, which has no header: time, identity, identities, internal and external address, action, type, answer, domain, categories. */
const UMBRELLA =
  /^"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d","[^"]*","[^"]*","[0-9A-Fa-f.:]*","[0-9A-Fa-f.:]*","(?:Allowed|Blocked|Proxied)","\d+ \([A-Z0-9]+\)",/;

export const umbrellaDns: LineForm = (line) => {
  if (!UMBRELLA.test(line)) return undefined;
  const [time, identity, identities, internal, external, action, type, code, domain = '', categories] = csvCells(line);
  return {
    ...present({
      utc_time: time?.replace(' ', 'T').concat('Z'),
      identity,
      identities,
      client: internal,
      external_ip: external,
    }),
    ...present({ action, record_type: /\(([A-Z0-9]+)\)/.exec(type ?? '')?.[1], rcode: code, categories }),
    dns_server: 'umbrella',
    query: domain.replace(/\.$/, ''),
  };
};

/** Query logs of Route 53's public zones: version, time, zone, name, type, answer, protocol, edge, resolver, client's network. */
const ROUTE53 =
  /^1\.\d (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) (Z[0-9A-Z]+) (\S+) ([A-Z0-9]+) ([A-Z]+) (UDP|TCP) ([A-Z0-9-]+) ([0-9A-Fa-f.:]+) (\S+)$/;

export const route53Query: LineForm = (line) => {
  const found = ROUTE53.exec(line);
  if (found === null) return undefined;
  const [, time, zone, name = '', type, code, protocol, edge, resolver, network] = found;
  return {
    ...present({ utc_time: time, zone, record_type: type, rcode: code, transport: protocol?.toLowerCase(), edge }),
    ...present({ client: resolver, client_network: network }),
    dns_server: 'route53',
    query: name.replace(/\.$/, ''),
  };
};
