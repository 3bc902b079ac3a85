import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { rewrite } from '../../../ir/traverse.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import { choose, coalesce, fieldOf, isOneOf, own } from '../view-terms.ts';
import { CHANNELS } from './channels.ts';
import { eventLogSigma, securitySigma, sysmonSigma } from './sigma.ts';

type Columns = ReadonlyMap<string, readonly string[]>;

/** Columns of the table WindowsEvent; what else an event has is JSON in its column `EventData`. */
const WINDOWS_EVENT: Columns = new Map([
  ['EventID', ['EventID']],
  ['Channel', ['Channel']],
  ['Provider_Name', ['Provider']],
  ['Computer', ['Computer']],
  ['Level', ['EventLevel']],
  ['Task', ['Task']],
  ['EventRecordID', ['EventRecordId']],
  ['Security_UserID', ['SystemUserId']],
]);

/** Columns of the older table Event, whose `EventData` is XML. */
const EVENT: Columns = new Map([
  ['EventID', ['EventID']],
  ['Channel', ['EventLog']],
  ['Provider_Name', ['Source']],
  ['Computer', ['Computer']],
  ['Level', ['EventLevel']],
  ['Task', ['EventCategory']],
  ['Message', ['RenderedDescription']],
]);

function datum(name: string, columns: Columns): Expr {
  const column = columns.get(name);
  return column === undefined
    ? call('view.event-datum', [own('EventData', 'ParameterXml'), text(name)])
    : own(...column);
}

/** A view's expression with the event's own fields read out of the row. */
function fromRow(expr: Expr, columns: Columns): Expr {
  return rewrite(expr, (node) => {
    if (node.kind !== 'raw') return node;
    const data = node.paths.map((path) => datum(path.join('.'), columns));
    const [only] = data;
    return data.length === 1 && only !== undefined ? only : coalesce(...data);
  });
}

/** Sigma's fields of WindowsEvent rows, which hold the events of any channel: each row by the view of its channel. */
export function windowsEventSigma(logType: string): View {
  return rowsSigma(logType, WINDOWS_EVENT);
}

/** The same of rows of Event. */
export function eventRowSigma(logType: string): View {
  return rowsSigma(logType, EVENT);
}

function rowsSigma(logType: string, columns: Columns): View {
  const isChannel = (service: string): Expr => isOneOf(datum('Channel', columns), CHANNELS[service] ?? [], true);
  const sysmon = sysmonSigma(logType, 'windows').fields;
  const security = securitySigma(logType).fields;
  const others = eventLogSigma(logType).fields;
  const names = new Set([...sysmon.keys(), ...security.keys(), ...others.keys()]);
  const pick = (view: ReadonlyMap<string, ViewField>, name: string): Expr => {
    const found = view.get(name);
    return found === undefined ? datum(name, columns) : fromRow(found.expr, columns);
  };
  return {
    schema: 'sigma',
    logType,
    when: null,
    fields: new Map<string, ViewField>([
      ...[...columns.keys()].map((name) => [name, fieldOf(datum(name, columns))] as const),
      ...[...names].map(
        (name) =>
          [
            name,
            fieldOf(
              choose(
                [
                  [isChannel('sysmon'), pick(sysmon, name)],
                  [isChannel('security'), pick(security, name)],
                ],
                pick(others, name),
              ),
            ),
          ] as const,
      ),
    ]),
    families: [{ prefix: '', field: (name) => fieldOf(datum(name, columns)) }],
    otherwise: 'raw',
  };
}
