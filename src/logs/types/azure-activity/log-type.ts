import type { JsonObject } from '../../../base/json.ts';
import type { View } from '../../../ir/view.ts';
import type { LogType, Shape } from '../../log-type.ts';
import { documentShape, recogniseDocument } from '../documents.ts';
import { pantherView } from '../panther-view.ts';
import { direct, textAt } from '../shapes.ts';
import { constant, fieldOf, own } from '../view-terms.ts';
import { azureActivityEcs } from './ecs.ts';
import { azureActivityKusto } from './kusto.ts';

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

const ecs = azureActivityEcs(NAME);
const shapes: readonly Shape[] = [
  { ...direct(isActivity), name: 'export-record' },
  documentShape(NAME, ecs, {
    below: 'azure.activitylogs',
    moved: { operationName: ['azure.activitylogs.operation_name', 'event.action'], time: ['@timestamp'] },
  }),
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
    ['ActivityStatusValue', fieldOf(own('resultType'))],
    ['CallerIpAddress', fieldOf(own('callerIpAddress'))],
  ]),
  families: [],
  otherwise: 'raw',
};

/** Records that Azure Monitor exports from the activity log (event hub, storage account). */
export const azureActivity: LogType = {
  name: NAME,
  declared: true,
  description: 'Azure activity log, as Azure Monitor exports it',
  shapes,
  family: recogniseDocument,
  time: own('time'),
  views: [ecs, sigma, pantherView(NAME, 'Azure.MonitorActivity'), azureActivityKusto(NAME)],
};
