import type { JsonObject } from '../../../base/json.ts';
import type { View } from '../../../ir/view.ts';
import type { LogType } from '../../log-type.ts';
import { documentShape, originalEvent, recogniseDocument } from '../documents.ts';
import { pantherView } from '../panther-view.ts';
import { direct, textAt } from '../shapes.ts';
import { constant, own } from '../view-terms.ts';
import { cloudTrailEcs } from './ecs.ts';
import { cloudTrailKusto } from './kusto.ts';

const NAME = 'aws.cloudtrail';

/** An API event, an insight, or the digest that CloudTrail writes about its own files. */
function isCloudTrail(event: JsonObject): boolean {
  if (textAt(event, 'eventVersion') !== undefined || textAt(event, 'awsRegion') !== undefined) {
    if (textAt(event, 'eventSource') !== undefined && textAt(event, 'eventName') !== undefined) return true;
    if ('insightDetails' in event) return true;
  }
  if (textAt(event, 'eventTime') !== undefined && textAt(event, 'eventSource') !== undefined) {
    return textAt(event, 'eventName') !== undefined;
  }
  return 'digestS3Object' in event && 'previousDigestHashAlgorithm' in event;
}

const sigma: View = {
  schema: 'sigma',
  logType: NAME,
  when: null,
  fields: new Map([
    ['logsource.product', constant('aws')],
    ['logsource.service', constant('cloudtrail')],
  ]),
  families: [],
  otherwise: 'raw',
};

const ecs = cloudTrailEcs(NAME);

export const awsCloudTrail: LogType = {
  name: NAME,
  declared: true,
  description: 'AWS CloudTrail records',
  shapes: [
    direct(isCloudTrail),
    documentShape(NAME, ecs, {
      below: 'aws.cloudtrail',
      moved: {
        eventSource: ['event.provider'],
        eventName: ['event.action'],
        eventTime: ['@timestamp'],
        errorCode: ['aws.cloudtrail.error_code'],
        errorMessage: ['aws.cloudtrail.error_message'],
        requestParameters: ['aws.cloudtrail.flattened.request_parameters'],
        responseElements: ['aws.cloudtrail.flattened.response_elements'],
        sourceIPAddress: ['source.address', 'source.ip'],
        userAgent: ['user_agent.original'],
        awsRegion: ['cloud.region'],
      },
    }),
  ],
  family: recogniseDocument,
  time: own('eventTime', 'digestEndTime'),
  views: [ecs, sigma, pantherView(NAME, 'AWS.CloudTrail', originalEvent), cloudTrailKusto(NAME)],
};
