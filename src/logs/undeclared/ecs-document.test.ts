import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { compilePipeline, rowOf } from '../../engines/memory/index.ts';
import { field, match } from '../../ir/construct.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { bind } from '../../passes/bind.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { bindingOf } from '../binding.ts';
import { byEcsDocument } from './ecs-document.ts';
import { undeclaredType } from './undeclared-type.ts';

const way = (event: JsonObject): string | undefined => byEcsDocument(event)?.id;
const ANY = 'ecs document';
const NAMED = 'ecs document of an index';

describe('ECS documents', () => {
  test.each<readonly [string, JsonObject, string | undefined]>([
    ['field sets and a time', { '@timestamp': 't', event: { action: 'a' }, user: { name: 'u' } }, ANY],
    ['field sets alone', { process: { name: 'a' } }, ANY],
    ['names with dots', { '@timestamp': 't', 'process.name': 'a', 'event.action': 'b' }, ANY],
    ['base fields beside', { message: 'm', tags: ['t'], labels: { a: 'b' }, event: {} }, ANY],
    ['a version of ECS, whatever else', { ecs: { version: '8.0' }, okta: {}, x: 1 }, ANY],
    ['the same with a dot', { 'ecs.version': '8.0', x: 1 }, ANY],
    ['a data stream without its dataset', { data_stream: { type: 'logs' }, x: 1 }, ANY],
    ['a dataset', { event: { dataset: 'okta.system' }, x: 1 }, NAMED],
    ['a dataset with a dot', { 'event.dataset': 'okta.system' }, NAMED],
    ['a data stream', { data_stream: { dataset: 'okta.system' } }, NAMED],
    ['an index', { _index: 'logs-okta.system-default', x: 1 }, NAMED],
    ['nothing in a field set', { event: { action: 'a' }, error: null }, ANY],
    ['nothing in any', { event: null }, undefined],
    ['another name', { '@timestamp': 't', event: {}, okta: {} }, undefined],
    ['another name in other letters', { Event: {}, User: {} }, undefined],
    ['texts under the names of field sets', { host: 'h', process: 'sshd', message: 'm' }, undefined],
    ['a list under the name of a field set', { process: [{ name: 'a' }] }, undefined],
    ['a time and a message alone', { '@timestamp': 't', message: 'm' }, undefined],
    ['nothing', {}, undefined],
    ['a dataset that is no text', { event: { dataset: 7 }, x: 1 }, undefined],
    ['an index that is no text', { _index: 7, x: 1 }, undefined],
    ['ECS without its version', { ecs: 'x', a: 1 }, undefined],
  ])('%s', (_name, event, wanted) => {
    expect(way(event)).toBe(wanted);
  });
});

describe('the index of a document', () => {
  const admits = (event: JsonObject, pattern: string): boolean => {
    const taken = byEcsDocument(event);
    const type = undeclaredType('generic', 'nobody', taken === undefined ? [] : [taken]);
    const [shape] = type.shapes;
    if (shape === undefined) throw new Error('no shape');
    const parts = pattern
      .split(/(\*)/)
      .filter((part) => part !== '')
      .map((part) => (part === '*' ? { any: 'many' as const } : { text: part }));
    const plan: Plan = { kind: 'source', schema: 'ecs', scope: match(field('_index'), { kind: 'wildcard', parts }) };
    const run = compilePipeline(bind(plan, bindingOf(type, shape)), { now: fromEpochMs(0) });
    return run(rowOf(event)).length > 0;
  };

  test.each<readonly [JsonObject, string, boolean]>([
    [{ process: { name: 'a' } }, 'logs-okta*', true],
    [{ a: 1 }, 'logs-okta*', false],
    [{ _index: 'logs-okta.system-default' }, 'logs-okta*', true],
    [{ _index: 'logs-okta.system-default' }, 'logs-o365*', false],
    [{ _index: '.ds-logs-okta.system-default-2026.02.01-000001' }, 'logs-okta*', true],
    [{ _index: 'partial-.ds-logs-okta.system-default-2026.02.01-000001' }, 'logs-okta*', true],
    [{ _index: 'remote:logs-okta.system-default' }, 'logs-okta*', true],
    [{ data_stream: { dataset: 'okta.system' } }, 'logs-okta*', true],
    [{ data_stream: { dataset: 'okta.system' } }, 'filebeat-*', false],
    [{ data_stream: { type: 'metrics', dataset: 'a', namespace: 'b' } }, 'metrics-a-b', true],
    [{ 'data_stream.dataset': 'okta.system' }, 'logs-okta.system-default', true],
    [{ event: { dataset: 'okta.system' } }, 'logs-okta*', true],
    [{ event: { dataset: 'okta.system' } }, 'filebeat-*', true],
    [{ event: { dataset: 'okta.system' } }, 'auditbeat-*', false],
    [{ event: { dataset: 'process' }, agent: { type: 'auditbeat' } }, 'auditbeat-*', true],
    [{ event: { dataset: 'process' }, agent: { type: 'auditbeat' } }, 'filebeat-*', false],
    [{ event: { dataset: 'okta.system' } }, 'winlogbeat-*', false],
    [{ _index: 'x', data_stream: { dataset: 'okta.system' } }, 'logs-okta*', false],
  ])('%j and %s: %s', (event, pattern, wanted) => {
    expect(admits(event, pattern)).toBe(wanted);
  });
});
