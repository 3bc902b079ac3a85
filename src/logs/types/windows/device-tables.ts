import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import { kustoTable } from '../kusto-view.ts';
import { columns, lower, pair } from '../view-terms.ts';

/** What Defender's device tables have in common, whatever log their rows are made from. */

/** A process as the log knows it: what is missing stays empty in the row. */
export interface ProcessFacts {
  /** The full path of its executable. */
  readonly path: Expr | undefined;
  readonly commandLine?: Expr;
  readonly id?: Expr;
  readonly accountName?: Expr;
  readonly accountDomain?: Expr;
  readonly accountSid?: Expr;
  readonly folder?: Expr;
  readonly originalFileName?: Expr;
  readonly hashes?: Expr;
  readonly integrityLevel?: Expr;
}

type Columns = readonly (readonly [string, ViewField])[];

function strings(entries: Readonly<Record<string, Expr | undefined>>): Columns {
  return columns('string', defined(entries));
}

function defined(entries: Readonly<Record<string, Expr | undefined>>): Record<string, Expr> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, expr]) => (expr === undefined ? [] : [[name, expr]])),
  );
}

/** `FileName` is the last part of a path, `FolderPath` the whole of it. */
export function fileColumns(prefix: string, path: Expr, separator: '\\' | '/'): Columns {
  return strings({
    [`${prefix}FileName`]: call('text.after-last', [path, text(separator)]),
    [`${prefix}FolderPath`]: path,
  });
}

export function hashColumns(prefix: string, hashes: Expr): Columns {
  return strings(
    Object.fromEntries(['MD5', 'SHA1', 'SHA256'].map((name) => [`${prefix}${name}`, lower(pair(hashes, name))])),
  );
}

/** The process that caused the event. */
export function initiatingProcess(process: ProcessFacts, separator: '\\' | '/'): Columns {
  return [
    ...(process.path === undefined ? [] : fileColumns('InitiatingProcess', process.path, separator)),
    ...(process.hashes === undefined ? [] : hashColumns('InitiatingProcess', process.hashes)),
    ...strings({
      InitiatingProcessCommandLine: process.commandLine,
      InitiatingProcessAccountName: process.accountName,
      InitiatingProcessAccountDomain: process.accountDomain,
      InitiatingProcessAccountSid: process.accountSid,
      InitiatingProcessVersionInfoOriginalFileName: process.originalFileName,
      InitiatingProcessIntegrityLevel: process.integrityLevel,
    }),
    ...columns('long', defined({ InitiatingProcessId: process.id })),
  ];
}

/** The process that came to be: the subject of DeviceProcessEvents. */
export function createdProcess(process: ProcessFacts, separator: '\\' | '/'): Columns {
  return [
    ...(process.path === undefined ? [] : fileColumns('', process.path, separator)),
    ...(process.hashes === undefined ? [] : hashColumns('', process.hashes)),
    ...strings({
      ProcessCommandLine: process.commandLine,
      AccountName: process.accountName,
      AccountDomain: process.accountDomain,
      AccountSid: process.accountSid,
      ProcessVersionInfoOriginalFileName: process.originalFileName,
      ProcessIntegrityLevel: process.integrityLevel,
    }),
    ...columns('long', defined({ ProcessId: process.id })),
  ];
}

/** A view of one device table. The same tables have `Timestamp` in Defender and `TimeGenerated` in Sentinel. */
export function deviceTable(
  logType: string,
  table: string,
  about: {
    readonly when: Expr | null;
    readonly time: Expr;
    readonly device: Expr;
    readonly report: Expr;
    readonly action: Expr;
  },
  ...groups: readonly Columns[]
): View {
  return kustoTable(logType, table, about.when, [
    ...columns('datetime', { Timestamp: about.time, TimeGenerated: about.time }),
    ...strings({ DeviceName: about.device, ActionType: about.action, Type: text(table) }),
    ...columns('long', { ReportId: about.report }),
    ...groups.flat(),
  ]);
}
