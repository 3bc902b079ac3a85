import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { rewrite } from '../../../ir/traverse.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import { choose, coalesce, fieldOf, isOneOf, own } from '../view-terms.ts';
import { CHANNELS } from './channels.ts';
import { eventLogSigma, securitySigma, sysmonSigma } from './sigma.ts';

/** Columns of the table WindowsEvent; what else an event has is JSON in its column `EventData`. */
const COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['EventID', ['EventID']],
  ['Channel', ['Channel']],
  ['Provider_Name', ['Provider']],
  ['Computer', ['Computer']],
  ['Level', ['EventLevel']],
  ['Task', ['Task']],
  ['EventRecordID', ['EventRecordId']],
  ['Security_UserID', ['SystemUserId']],
]);

function datum(name: string): Expr {
  const column = COLUMNS.get(name);
  return column === undefined ? call('view.json-path', [own('EventData'), text(name)]) : own(...column);
}

/** A view's expression with the event's own fields read out of the row. */
function fromRow(expr: Expr): Expr {
  return rewrite(expr, (node) => {
    if (node.kind !== 'raw') return node;
    const data = node.paths.map((path) => datum(path.join('.')));
    const [only] = data;
    return data.length === 1 && only !== undefined ? only : coalesce(...data);
  });
}

/** Sigma's fields of WindowsEvent rows, which hold the events of any channel: each row by the view of its channel. */
export function windowsEventSigma(logType: string): View {
  const isChannel = (service: string): Expr => isOneOf(own('Channel'), CHANNELS[service] ?? [], true);
  const sysmon = sysmonSigma(logType, 'windows').fields;
  const security = securitySigma(logType).fields;
  const others = eventLogSigma(logType).fields;
  const names = new Set([...sysmon.keys(), ...security.keys(), ...others.keys()]);
  const pick = (view: ReadonlyMap<string, ViewField>, name: string): Expr => {
    const found = view.get(name);
    return found === undefined ? datum(name) : fromRow(found.expr);
  };
  return {
    schema: 'sigma',
    logType,
    when: null,
    fields: new Map<string, ViewField>([
      ...[...COLUMNS.keys()].map((name) => [name, fieldOf(datum(name))] as const),
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
    families: [{ prefix: '', field: (name) => fieldOf(datum(name)) }],
    otherwise: 'raw',
  };
}
