import { describe, expect, test } from 'vitest';
import { ecsSchema } from './ecs.ts';

describe('ecsSchema', () => {
  test.each([
    ['event.action', 'keyword'],
    ['source.ip', 'ip'],
    ['destination.port', 'long'],
    ['message', 'match_only_text'],
    ['process.command_line', 'wildcard'],
    ['process.command_line.text', 'match_only_text'],
    ['process.name.caseless', 'keyword'],
    ['@timestamp', 'date'],
    ['threat.enrichments', 'nested'],
    ['data_stream.dataset', 'constant_keyword'],
    ['_index', 'keyword'],
    ['azure.activitylogs.operation_name', 'keyword'],
    ['azure.activitylogs.properties.requestbody.id', 'flattened'],
    ['azure.activitylogs.identity.claims.http://schemas_xmlsoap_org/name', 'keyword'],
    ['aws.cloudtrail.flattened.request_parameters.key', 'flattened'],
    ['winlog.event_data.TargetUserName', 'keyword'],
    ['auditd.data.syscall', 'keyword'],
    ['auditd.data.sport', 'long'],
    ['okta.event_type', undefined],
    ['event.acton', undefined],
  ])('%s is %s', (field, type) => {
    expect(ecsSchema.typeOf(field)).toBe(type);
  });

  test('script blocks are analysed in their own way', () => {
    expect(ecsSchema.analyzerOf?.('powershell.file.script_block_text')).toBe('script');
    expect(ecsSchema.analyzerOf?.('message')).toBeUndefined();
  });

  test('other ways to search a field lead to the field', () => {
    expect(ecsSchema.multiFieldOf?.('process.name.text')).toEqual({ field: 'process.name', ignoreCase: false });
    expect(ecsSchema.multiFieldOf?.('process.name.caseless')).toEqual({ field: 'process.name', ignoreCase: true });
    expect(ecsSchema.multiFieldOf?.('process.name')).toBeUndefined();
  });

  test.each([
    ['event.acton', true],
    ['aws.cloudtrail.eror_code', true],
    ['process.Ext.token', false],
    ['okta.event_type', false],
    ['winlog.event_data.Anything', false],
    ['azure.activitylogs.identity.claims.x', false],
  ])('the names around %s are all known: %s', (field, complete) => {
    expect(ecsSchema.isComplete?.(field)).toBe(complete);
  });
});
