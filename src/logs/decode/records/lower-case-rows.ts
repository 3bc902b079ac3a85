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
