import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { text } from '../../../ir/construct.ts';
import type { View } from '../../../ir/view.ts';
import type { Family, LogType, Shape } from '../../log-type.ts';
import { kustoTable } from '../kusto-view.ts';
import { pantherView } from '../panther-view.ts';
import { spelledOut, textAt } from '../shapes.ts';
import { coalesce, column, own } from '../view-terms.ts';
import { rowEcs } from './ecs.ts';
import { rowSigma } from './sigma.ts';

/** Rows of Log Analytics tables are `sentinel.<table>`, rows of Advanced Hunting tables `defender.<table>`. */
export type Product = 'sentinel' | 'defender';

const STREAM = 'AdvancedHunting-';

/** A table's row by itself, or in the envelope of Defender's streaming API: `{time, category, properties}`. */
function shapesOf(logType: string): readonly Shape[] {
  const fits = (event: JsonObject, shape: string): boolean => {
    const found = recogniseRow(event);
    return found?.logType === logType && found.shape === shape;
  };
  const row: Shape = { name: 'row', recognises: (event) => fits(event, 'row'), locate: spelledOut };
  const streamed: Shape = {
    name: 'streamed',
    recognises: (event) => fits(event, 'streamed'),
    locate: (path) => {
      const [step] = path;
      if (path.length === 1 && (step === 'time' || step === 'tenantId')) return [path];
      return spelledOut(path).map((way) => ['properties', ...way]);
    },
  };
  return logType.startsWith('defender.') ? [row, streamed] : [row];
}

const time = coalesce(own('TimeGenerated'), own('Timestamp'), own('time'));

function rowsAsTable(logType: string, table: string): View {
  return kustoTable(
    logType,
    table,
    null,
    [
      ['TimeGenerated', column('datetime', time)],
      ['Timestamp', column('datetime', coalesce(own('Timestamp'), own('TimeGenerated'), own('time')))],
      ['Type', column('string', coalesce(own('Type'), text(table)))],
    ],
    (name) => own(name),
  );
}

/** Panther's events of Advanced Hunting are those of the streaming API: a row by itself is in its envelope, and beside it. */
function streamedEvent(table: string): (record: JsonObject, shape: string) => JsonObject {
  return (record, shape) => {
    if (shape === 'streamed') return record;
    const { Timestamp, TenantId } = record;
    return {
      ...(Timestamp !== undefined && { time: Timestamp }),
      ...(TenantId !== undefined && { tenantId: TenantId }),
      category: STREAM + table,
      operationName: 'Publish',
      properties: record,
      ...record,
    };
  };
}

export function rowType(product: Product, table: string): LogType {
  const name = `${product}.${table}`;
  return {
    name,
    declared: true,
    description:
      product === 'sentinel'
        ? `Rows of the Log Analytics table ${table}`
        : `Rows of the Advanced Hunting table ${table}`,
    shapes: shapesOf(name),
    family: recogniseRow,
    time,
    views: [
      ...rowEcs(name, table),
      ...rowSigma(name, table),
      ...(product === 'defender'
        ? [pantherView(name, 'MicrosoftDefenderXDR.AdvancedHunting', streamedEvent(table))]
        : []),
      rowsAsTable(name, table),
    ],
  };
}

/** Tables whose rows are records of a log type that has other forms too. */
const TYPES: Readonly<Record<string, string>> = {
  SigninLogs: 'azure.signin',
  AADNonInteractiveUserSignInLogs: 'azure.signin',
  AADServicePrincipalSignInLogs: 'azure.signin',
  AADManagedIdentitySignInLogs: 'azure.signin',
  AuditLogs: 'azure.audit',
  AADUserRiskEvents: 'azure.risk',
  OfficeActivity: 'm365.audit',
  CommonSecurityLog: 'cef',
};

const TABLE_NAME = /^[A-Z][A-Za-z0-9_]{1,99}$/;

/** Which table's row a record is. */
const recogniseRow: Family = (event) => {
  const category = textAt(event, 'category');
  if (category?.startsWith(STREAM)) {
    const table = category.slice(STREAM.length);
    return isJsonObject(event['properties']) && TABLE_NAME.test(table)
      ? { logType: `defender.${table}`, shape: 'streamed' }
      : undefined;
  }
  const generated = event['TimeGenerated'] !== undefined;
  const type = textAt(event, 'Type');
  if (generated && type !== undefined && TABLE_NAME.test(type)) return sentinelRow(type);
  const table = generated || event['Timestamp'] !== undefined ? tableByColumns(event) : undefined;
  if (table === undefined) return undefined;
  return generated ? sentinelRow(table) : { logType: `defender.${table}`, shape: 'row' };
};

function sentinelRow(table: string): ReturnType<Family> {
  const type = Object.hasOwn(TYPES, table) ? TYPES[table] : undefined;
  return type === undefined ? { logType: `sentinel.${table}`, shape: 'row' } : { logType: type, shape: 'json' };
}

/** Device tables by the kind of action; the others by columns that no other table has together. */
function tableByColumns(event: JsonObject): string | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => name in event);
  const action = textAt(event, 'ActionType');
  if (action !== undefined && (has('DeviceName') || has('DeviceId') || has('InitiatingProcessFileName'))) {
    return deviceTableOf(action, event);
  }
  if (has('OperationNameValue') && (has('ActivityStatusValue') || has('CategoryValue'))) return 'AzureActivity';
  if (has('EventID', 'Activity') && (has('Account') || has('EventSourceName'))) return 'SecurityEvent';
  if (has('EventID', 'EventLog', 'Source')) return 'Event';
  if (has('EventName', 'EventSource', 'AWSRegion')) return 'AWSCloudTrail';
  if (has('UserPrincipalName', 'ResultType', 'AppDisplayName')) return 'SigninLogs';
  if (has('OperationName', 'TargetResources', 'InitiatedBy')) return 'AuditLogs';
  if (has('SyslogMessage', 'Facility')) return 'Syslog';
  if (has('DeviceVendor', 'DeviceProduct')) return 'CommonSecurityLog';
  if (has('OfficeWorkload', 'Operation')) return 'OfficeActivity';
  return undefined;
}

function deviceTableOf(action: string, event: JsonObject): string {
  if (action === 'ProcessCreated') return 'DeviceProcessEvents';
  if (action === 'ImageLoaded') return 'DeviceImageLoadEvents';
  if (/^File(?:Created|Modified|Deleted|Renamed)$/.test(action)) return 'DeviceFileEvents';
  if (action.startsWith('RegistryKey') || action.startsWith('RegistryValue')) return 'DeviceRegistryEvents';
  if (/^Logon(?:Success|Failed|Attempted)$/.test(action)) return 'DeviceLogonEvents';
  if (
    /^(?:Connection|InboundConnection|ListeningConnection|NetworkSignature|DnsConnection|HttpConnection|SslConnection)/.test(
      action,
    )
  ) {
    return 'DeviceNetworkEvents';
  }
  return 'ReportId' in event || 'InitiatingProcessFileName' in event ? 'DeviceEvents' : 'DeviceInfo';
}
