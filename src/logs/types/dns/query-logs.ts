import { call } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has } from '../record-tests.ts';
import { own } from '../view-terms.ts';

/** Query logs of name servers: Windows' debug log, BIND, dnsmasq, Umbrella. */
export const dnsQueries: LogType = declare({
  name: 'dns.queries',
  description: 'Query logs of name servers: Windows DNS debug log, BIND, dnsmasq, Cisco Umbrella',
  recognises: (event) => has(event, 'dns_server', 'query'),
  time: 'utc_time',
  sigma: { category: 'dns' },
  ecs: {
    module: 'dns',
    dataset: 'dns.queries',
    fields: {
      'dns.question.name': 'query',
      'dns.question.type': 'record_type',
      'dns.response_code': 'rcode',
      'dns.answers.data': 'answer',
      'source.ip': call('view.ip', [own('client')]),
      'network.transport': 'transport',
      'event.action': 'action',
    },
  },
});
