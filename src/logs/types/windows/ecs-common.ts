import { call, list, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { EVERYTHING, type View, type ViewField } from '../../../ir/view.ts';
import {
  afterLast,
  beforeLast,
  capture,
  coalesce,
  constant,
  fieldOf,
  fields,
  own,
  pair,
  unless,
} from '../view-terms.ts';

/** What Winlogbeat and Elastic Agent write for every event of the Windows event log. */

/** Documents leave out what Windows fills in for nothing. */
export function filled(item: Expr): Expr {
  return unless(item, '', '-', '(null)');
}

function baseName(path: Expr): Expr {
  return afterLast(path, '\\');
}

function folder(path: Expr): Expr {
  return beforeLast(path, '\\');
}

/** `DOMAIN\user` in its two parts. */
export function accountName(user: Expr): Expr {
  return afterLast(user, '\\');
}

export function accountDomain(user: Expr): Expr {
  return beforeLast(user, '\\');
}

/** The fields of a file that a path names. */
export function fileFields(prefix: string, path: Expr): readonly (readonly [string, ViewField])[] {
  return fields('keyword', {
    [`${prefix}.path`]: path,
    [`${prefix}.name`]: baseName(path),
    [`${prefix}.directory`]: folder(path),
    [`${prefix}.extension`]: capture(path, String.raw`\.([^.\\/]+)$`),
  });
}

/** The fields of a process that its executable and command line give. */
export function processFields(
  prefix: string,
  executable: Expr,
  commandLine: Expr | undefined,
): readonly (readonly [string, ViewField])[] {
  const names = fields('keyword', {
    [`${prefix}.executable`]: executable,
    [`${prefix}.name`]: baseName(executable),
  });
  if (commandLine === undefined) return names;
  const args = call('view.windows-args', [commandLine]);
  return [
    ...names,
    [`${prefix}.command_line`, fieldOf(commandLine, 'wildcard')],
    [`${prefix}.args`, fieldOf(args)],
    [`${prefix}.args_count`, fieldOf(call('view.count', [args]), 'long')],
  ];
}

/** The hashes of `SHA1=…,MD5=…`, in lower case, as Winlogbeat writes them. */
export function hashFields(prefix: string, hashes: Expr): readonly (readonly [string, ViewField])[] {
  return fields(
    'keyword',
    Object.fromEntries(
      ['md5', 'sha1', 'sha256', 'sha512'].map((name) => [
        `${prefix}.${name}`,
        call('text.lower', [pair(hashes, name.toUpperCase())]),
      ]),
    ),
  );
}

export function eventLogFields(indices: readonly string[]): readonly (readonly [string, ViewField])[] {
  return [
    ['@timestamp', fieldOf(own('TimeCreated'), 'date')],
    ['_index', fieldOf(list(indices.map((index) => text(index))))],
    ['data_stream.type', { expr: text('logs'), type: 'constant_keyword' }],
    ['data_stream.namespace', { expr: text('default'), type: 'constant_keyword' }],
    ['event.kind', constant('event')],
    ['host.os.type', constant('windows')],
    ['host.os.family', constant('windows')],
    ['message', fieldOf(own('Message'), 'match_only_text')],
    ...fields('keyword', {
      'event.code': own('EventID'),
      'event.provider': own('Provider_Name'),
      'host.name': own('Computer'),
      'host.hostname': own('Computer'),
      'winlog.channel': own('Channel'),
      'winlog.computer_name': own('Computer'),
      'winlog.event_id': own('EventID'),
      'winlog.provider_name': own('Provider_Name'),
      'winlog.provider_guid': own('Provider_Guid'),
      'winlog.record_id': own('EventRecordID'),
      'winlog.task': own('Task'),
      'winlog.opcode': own('Opcode'),
      'winlog.keywords': own('Keywords'),
      'winlog.user.identifier': own('Security_UserID'),
    }),
    ['winlog.process.pid', fieldOf(own('Execution_ProcessID'), 'long')],
  ];
}

/** Winlogbeat numbers unnamed data: `param1`, `param2`, … */
function datum(name: string): Expr {
  const place = /^param(\d{1,3})$/.exec(name)?.[1];
  if (place === undefined) return own(name);
  const at = String(Number(place) - 1);
  return coalesce(own(name), call('view.item', [own('Data'), { kind: 'literal', type: 'int', value: at }]));
}

export function eventLogView(logType: string, fieldEntries: Iterable<readonly [string, ViewField]>): View {
  return {
    schema: 'ecs',
    logType,
    when: null,
    fields: new Map(fieldEntries),
    families: [
      { prefix: 'winlog.event_data.', field: (rest) => fieldOf(datum(rest)), members: { of: EVERYTHING } },
      { prefix: 'winlog.user_data.', field: (rest) => fieldOf(own(rest)), members: { of: EVERYTHING } },
    ],
    otherwise: 'missing',
  };
}
