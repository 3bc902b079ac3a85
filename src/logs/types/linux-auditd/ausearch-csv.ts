import { text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has } from '../record-tests.ts';
import { choose, isOneOf, lower, own } from '../view-terms.ts';

/** `ausearch --format csv` tells who did what to what; the records and their arguments are lost, and times are local. */
export const ausearchCsv: LogType = declare({
  name: 'linux.ausearch',
  description: 'Audit events as ausearch --format csv sums them up',
  recognises: (event) => has(event, 'EVENT_KIND', 'SUBJ_PRIME', 'ACTION'),
  time: 'utc_time',
  sigma: { product: 'linux', service: 'auditd', fields: { type: 'EVENT', exe: 'HOW', auid: 'SUBJ_PRIME' } },
  ecs: {
    module: 'auditd',
    dataset: 'auditd_manager.auditd',
    fields: {
      'event.action': 'ACTION',
      'event.outcome': choose([[isOneOf(lower(own('RESULT')), ['success']), text('success')]], text('failure')),
      'user.name': 'SUBJ_PRIME',
      'user.effective.name': 'SUBJ_SEC',
      'process.executable': 'HOW',
      'file.path': choose([[isOneOf(own('OBJ_KIND'), ['file']), own('OBJ_PRIME')]]),
      'host.os.type': text('linux'),
    },
  },
});
