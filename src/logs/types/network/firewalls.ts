import { call, list, text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has } from '../record-tests.ts';
import { given, isOneOf, mapped, own } from '../view-terms.ts';

/** The data streams of Elastic's packages for these firewalls. */
const DATASETS = {
  pfsense: 'pfsense.log',
  sonicwall: 'sonicwall_firewall.log',
  sophos: 'sophos.xg',
  checkpoint: 'checkpoint.firewall',
};
const named = (of: (dataset: string) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(DATASETS).map(([name, set]) => [name, of(set)]));
const dataset = mapped(own('firewall'), DATASETS);
const isStopped = isOneOf(
  own('action'),
  ['block', 'blocked', 'deny', 'denied', 'drop', 'reject', 'drop request'],
  true,
);
const ip = (name: string) => call('view.ip', [own(name)]);

/** Packets and connections as firewalls log them, which the decoder makes of lines (`src/logs/decode/lines/firewalls.ts`). */
export const firewallTraffic: LogType = declare({
  name: 'firewall.traffic',
  description: 'Traffic logs of pfSense, SonicOS, Sophos Firewall and Check Point',
  recognises: (event) => has(event, 'firewall', 'src_ip', 'dst_ip', 'message'),
  time: 'timestamp',
  sigma: {
    category: 'firewall',
    fields: { blocked: given(isStopped, text('true'), text('false')) },
  },
  ecs: {
    module: 'firewall',
    dataset: 'firewall.traffic',
    indices: ['filebeat-8.0.0'],
    fields: {
      'event.module': mapped(
        own('firewall'),
        named((set) => set.replace(/\..*/, '')),
      ),
      'event.dataset': dataset,
      'data_stream.dataset': dataset,
      _index: list([
        text('filebeat-8.0.0'),
        mapped(
          own('firewall'),
          named((set) => `logs-${set}-default`),
        ),
      ]),
      'event.action': 'action',
      'event.outcome': given(isStopped, text('failure'), text('success')),
      message: 'message',
      'source.ip': ip('src_ip'),
      'source.port': 'src_port',
      'destination.ip': ip('dst_ip'),
      'destination.port': 'dst_port',
      'network.transport': 'proto',
      'network.direction': mapped(own('direction'), { in: 'inbound', out: 'outbound' }),
      'rule.id': 'rule',
      'observer.hostname': 'hostname',
    },
  },
  tables: {
    CommonSecurityLog: {
      DeviceVendor: mapped(own('firewall'), {
        sonicwall: 'SonicWall',
        sophos: 'Sophos',
        checkpoint: 'Check Point',
        pfsense: 'Netgate',
      }),
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
