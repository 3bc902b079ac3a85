import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has } from '../record-tests.ts';

export const mysqlQueries: LogType = declare({
  name: 'mysql.general',
  description: 'MySQL general query log',
  recognises: (event) => has(event, 'query_time', 'connection_id', 'command'),
  time: 'query_time',
  sigma: { category: 'database' },
  ecs: { module: 'mysql', dataset: 'mysql.general', fields: { 'event.action': 'command', message: 'argument' } },
});
