import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** What an exported record of the Azure activity log says of a result where the API says otherwise. */
const RESULTS: Readonly<Record<string, string>> = {
  Started: 'Start',
  Accepted: 'Accept',
  Succeeded: 'Success',
  Failed: 'Failure',
};

/**
 * An event of the Azure activity log as the REST API and `az monitor activity-log list` answer it, in the form in which
 * Azure Monitor exports it, by the mapping that the documentation of the log's schema gives; its own fields stay beside.
 * Undefined for anything else.
 */
export function readAzureAnswer(event: JsonObject): JsonObject | undefined {
  const operation = memberValue(event['operationName']);
  const { eventTimestamp: time, resourceId, httpRequest, claims, authorization, description } = event;
  if (operation === undefined || typeof time !== 'string' || resourceId === undefined) return undefined;
  const status = memberValue(event['status']);
  const address = isJsonObject(httpRequest) ? httpRequest['clientIpAddress'] : undefined;
  return {
    ...event,
    time,
    operationName: operation,
    ...some('category', memberValue(event['category'])),
    ...some('resultType', status && (Object.hasOwn(RESULTS, status) ? RESULTS[status] : status)),
    ...some('resultSignature', memberValue(event['subStatus'])),
    ...some('resultDescription', description),
    ...some('callerIpAddress', address),
    identity: { ...some('authorization', authorization), ...some('claims', claims) },
  };
}

/** The name itself, of one that comes with its translation. */
function memberValue(name: Json | undefined): string | undefined {
  if (!isJsonObject(name)) return undefined;
  const { value } = name;
  return typeof value === 'string' ? value : undefined;
}

function some(name: string, value: Json | undefined): JsonObject {
  return value === undefined || value === null ? {} : { [name]: value };
}
