import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has } from '../record-tests.ts';
import { afterLast, choose, coalesce, concat, given, labels, own } from '../view-terms.ts';

const isThere = (...names: readonly string[]): Expr => ({ kind: 'exists', subject: own(...names), counts: 'present' });

const isExec = isThere('event.exec');
const executed = own('event.exec.target.executable.path');
const actor = own('process.executable.path');
/** A file that came to be: by its folder and name where it is new, by its path where it was there. */
const written = (event: string): Expr =>
  coalesce(
    concat(
      own(`event.${event}.destination.new_path.dir.path`),
      text('/'),
      own(`event.${event}.destination.new_path.filename`),
    ),
    own(`event.${event}.destination.existing_file.path`),
    own(`event.${event}.target.path`),
  );
const file = coalesce(
  written('create'),
  written('rename'),
  written('write'),
  written('close'),
  own('event.unlink.target.path'),
);
const commandLine = call('view.join', [own('event.exec.args'), text(' ')]);

/** Events of macOS' Endpoint Security, as eslogger(1) prints them. */
export const macosEslogger: LogType = declare({
  name: 'macos.eslogger',
  description: 'macOS Endpoint Security events (eslogger)',
  recognises: (event) => has(event, 'schema_version', 'event_type', 'event', 'process.audit_token'),
  time: 'time',
  sigma: {
    product: 'macos',
    category: labels([
      ['process_creation', isExec],
      ['file_event', { kind: 'or', items: [isThere('event.create'), isThere('event.rename'), isThere('event.write')] }],
      ['file_delete', isThere('event.unlink')],
    ]),
    fields: {
      Image: choose([[isExec, executed]], actor),
      CommandLine: commandLine,
      ParentImage: given(isExec, actor),
      TargetFilename: given({ kind: 'not', item: isExec }, file),
      SourceFilename: own('event.rename.source.path'),
      ProcessId: own('event.exec.target.audit_token.pid', 'process.audit_token.pid'),
      ParentProcessId: own('process.ppid'),
      User: own('event.exec.target.audit_token.euid', 'process.audit_token.euid'),
      CurrentDirectory: own('event.exec.cwd.path'),
    },
  },
  ecs: {
    module: 'macos',
    dataset: 'macos.eslogger',
    fields: {
      'host.os.type': text('macos'),
      'event.category': choose([[isExec, text('process')]], text('file')),
      'event.type': choose(
        [
          [isExec, text('start')],
          [isThere('event.unlink'), text('deletion')],
        ],
        text('creation'),
      ),
      'process.executable': choose([[isExec, executed]], actor),
      'process.name': afterLast(choose([[isExec, executed]], actor), '/'),
      'process.args': own('event.exec.args'),
      'process.command_line': commandLine,
      'process.parent.executable': given(isExec, actor),
      'process.pid': own('event.exec.target.audit_token.pid', 'process.audit_token.pid'),
      'file.path': given({ kind: 'not', item: isExec }, file),
      'file.name': given({ kind: 'not', item: isExec }, afterLast(file, '/')),
    },
  },
});

/** The unified log as `log show --style ndjson` prints it. */
export const macosUnifiedLog: LogType = declare({
  name: 'macos.unifiedlog',
  description: 'macOS unified log (log show --style ndjson)',
  recognises: (event) => has(event, 'eventMessage', 'processImagePath', 'timestamp'),
  time: 'timestamp',
  sigma: { product: 'macos' },
  ecs: {
    module: 'macos',
    dataset: 'unifiedlogs.log',
    fields: {
      'host.os.type': text('macos'),
      message: 'eventMessage',
      'process.executable': 'processImagePath',
      'process.name': afterLast(own('processImagePath'), '/'),
      'process.pid': 'processID',
    },
  },
});
