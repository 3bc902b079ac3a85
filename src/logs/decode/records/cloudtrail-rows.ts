import type { JsonObject } from '../../../base/json.ts';

/** Top-level fields of CloudTrail's records (docs.aws.amazon.com, "CloudTrail record contents"). */
const CLOUDTRAIL: ReadonlyMap<string, string> = new Map(
  'eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestParameters responseElements additionalEventData requestID eventID readOnly resources eventType apiVersion managementEvent recipientAccountId serviceEventDetails sharedEventID vpcEndpointId eventCategory'
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

/** A row of CloudTrail's table in Athena, whose columns are in small letters, with the names of the record. */
export function readCloudTrailRow(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [CLOUDTRAIL.get(name) ?? name, value]));
}

/** Columns of the list of events that AWS's console exports, by the record's own names. */
const CONSOLE: readonly (readonly [column: string, name: string])[] = [
  ['Event ID', 'eventID'],
  ['Event time', 'eventTime'],
  ['Event name', 'eventName'],
  ['Event source', 'eventSource'],
  ['AWS region', 'awsRegion'],
  ['Error code', 'errorCode'],
  ['Source IP address', 'sourceIPAddress'],
];

/** A row of the console's export of CloudTrail's event history, with the names of the record. */
export function readConsoleRow(row: JsonObject): JsonObject {
  const { 'User name': userName, 'AWS access key': accessKeyId, 'Read-only': readOnly } = row;
  const named = CONSOLE.flatMap(([column, name]) => {
    const value = row[column];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(named),
    userIdentity: {
      ...(typeof userName === 'string' && userName !== '' && { userName }),
      ...(typeof accessKeyId === 'string' && accessKeyId !== '' && { accessKeyId }),
    },
    ...(typeof readOnly === 'string' && { readOnly: readOnly.toLowerCase() === 'true' }),
  };
}
