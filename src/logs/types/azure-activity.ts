import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { View } from '../../ir/view.ts';
import type { LogType, Shape } from '../log-type.ts';
import { azureActivityEcs } from './azure-activity-ecs.ts';
import { azureActivityKusto } from './azure-activity-kusto.ts';
import { ANSWER_STATUS, resultType } from './azure-activity-status.ts';
import { pantherView } from './panther-view.ts';
import { spelledOut, textAt } from './shapes.ts';
import { constant, fieldOf, own } from './view-terms.ts';

const NAME = 'azure.activity';

/** The categories of the activity log; the last four are the older ones, which say what kind of operation it was. */
const CATEGORIES = new Set([
  'administrative',
  'security',
  'servicehealth',
  'alert',
  'recommendation',
  'policy',
  'autoscale',
  'resourcehealth',
  'write',
  'action',
  'delete',
  'read',
]);

/**
 * Other Azure Monitor records (sign-ins, resource logs of AKS, …) have the same frame, so the category decides. Without
 * one, the activity log is known by what only it has: the caller's identity with claims, or the signature of the result.
 */
function isActivity(event: JsonObject): boolean {
  if (textAt(event, 'operationName') === undefined || textAt(event, 'time') === undefined) return false;
  if (textAt(event, 'resourceId') === undefined) return false;
  const category = textAt(event, 'category');
  if (category !== undefined) return CATEGORIES.has(category.toLowerCase());
  return 'resultSignature' in event || 'identity' in event;
}

/** As the REST API and `az monitor activity-log list` give it: names with their translations, and the caller apart. */
function isAnswer(event: JsonObject): boolean {
  if (textAt(event, 'eventTimestamp') === undefined) return false;
  const operation = event['operationName'];
  return isJsonObject(operation) && textAt(operation, 'value') !== undefined && 'resourceId' in event;
}

/** Where the fields of the exported record lie in an answer, by the mapping that the schema's documentation gives. */
const IN_ANSWER: Readonly<Record<string, readonly string[]>> = {
  time: ['eventTimestamp'],
  operationName: ['operationName', 'value'],
  category: ['category', 'value'],
  [ANSWER_STATUS]: ['status', 'value'],
  resultSignature: ['subStatus', 'value'],
  resultDescription: ['description'],
  callerIpAddress: ['httpRequest', 'clientIpAddress'],
};

/** An answer has the identity's parts at its top, and of each property what the export has there. */
function inAnswer(path: readonly string[]): readonly (readonly string[])[] {
  const [first = '', second, ...rest] = path;
  const moved = path.length === 1 ? IN_ANSWER[first] : undefined;
  if (moved !== undefined) return [moved];
  if (first === 'identity' && (second === 'claims' || second === 'authorization')) {
    return rest.length === 0 ? [[second]] : spelledOut(rest).map((way) => [second, ...way]);
  }
  const ways = spelledOut(path);
  if (path.length !== 2 || first !== 'properties' || second === undefined) return ways;
  return second === 'eventCategory' ? [...ways, IN_ANSWER['category'] ?? []] : [...ways, [second]];
}

const shapes: readonly Shape[] = [
  {
    name: 'export-record',
    recognises: isActivity,
    locate: (path) => (path[0] === ANSWER_STATUS ? [] : spelledOut(path)),
  },
  { name: 'answer', recognises: isAnswer, locate: inAnswer },
];

const sigma: View = {
  schema: 'sigma',
  logType: NAME,
  when: null,
  fields: new Map([
    ['logsource.product', constant('azure')],
    ['logsource.service', constant('activitylogs')],
    // Some rules name the columns of the Log Analytics table instead of the record's own fields.
    ['OperationNameValue', fieldOf(own('operationName'))],
    ['ResourceId', fieldOf(own('resourceId'))],
    ['CategoryValue', fieldOf(own('properties.eventCategory', 'category'))],
    ['ActivityStatusValue', fieldOf(resultType)],
    ['resultType', fieldOf(resultType)],
    ['CallerIpAddress', fieldOf(own('callerIpAddress'))],
  ]),
  families: [],
  otherwise: 'raw',
};

/** Records that Azure Monitor exports from the activity log (event hub, storage account), or gives when it is asked. */
export const azureActivity: LogType = {
  name: NAME,
  declared: true,
  description: 'Azure activity log, as Azure Monitor exports it or its API answers',
  shapes,
  time: own('time'),
  views: [azureActivityEcs(NAME), sigma, pantherView(NAME, 'Azure.MonitorActivity'), azureActivityKusto(NAME)],
};
