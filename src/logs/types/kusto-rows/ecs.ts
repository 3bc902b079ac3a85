import { text } from '../../../ir/construct.ts';
import { EVERYTHING, type View } from '../../../ir/view.ts';
import { agentFields, capture, fieldOf, fields, given, isOneOf, own } from '../view-terms.ts';
import { processFields } from '../windows/ecs-common.ts';

/** Elastic's Microsoft Defender XDR integration: process events only. */
export function rowEcs(logType: string, table: string): readonly View[] {
  if (table !== 'DeviceProcessEvents') return [];
  const path = own('FolderPath');
  const parent = own('InitiatingProcessFolderPath');
  const name = (item: typeof path) => capture(item, String.raw`([^\\/]*)$`);
  const unix = capture(path, '^(/)');
  return [
    {
      schema: 'ecs',
      logType,
      when: null,
      fields: new Map([
        ...agentFields({
          module: 'm365_defender',
          dataset: 'm365_defender.event',
          indices: ['logs-m365_defender.event-default'],
        }),
        ['@timestamp', fieldOf(own('Timestamp', 'TimeGenerated'), 'date')],
        ...processFields('process', path, own('ProcessCommandLine')),
        ...processFields('process.parent', parent, own('InitiatingProcessCommandLine')),
        ...fields('keyword', {
          'event.category': text('process'),
          'event.type': given(isOneOf(own('ActionType'), ['ProcessCreated']), text('start')),
          'event.action': own('ActionType'),
          'host.name': own('DeviceName'),
          'host.id': own('DeviceId'),
          'host.os.type': given(isOneOf(unix, ['/']), text('linux'), text('windows')),
          'process.name': name(path),
          'process.parent.name': name(parent),
          'process.hash.md5': own('MD5'),
          'process.hash.sha1': own('SHA1'),
          'process.hash.sha256': own('SHA256'),
          'process.pe.original_file_name': own('ProcessVersionInfoOriginalFileName'),
          'user.name': own('AccountName'),
          'user.domain': own('AccountDomain'),
          'user.id': own('AccountSid'),
        }),
        ...fields('long', {
          'process.pid': own('ProcessId'),
          'process.parent.pid': own('InitiatingProcessId'),
        }),
      ]),
      families: [{ prefix: 'm365_defender.event.', field: (rest) => fieldOf(own(rest)), members: { of: EVERYTHING } }],
      otherwise: 'missing',
    },
  ];
}
