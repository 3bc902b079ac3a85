import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has } from '../record-tests.ts';

/**
 * Logs that only Panther's rules are about, as they are: what Panther calls them, the places that they are known by, and where their
 * time stands. Of two that fit, the first counts.
 */
export const PANTHER_ROWS: readonly (readonly [
  name: string,
  panther: string,
  places: string,
  time: string,
  description: string,
])[] = [
  [
    'databricks.audit',
    'Databricks.Audit',
    'serviceName actionName userIdentity.email requestParams',
    'timestamp',
    'Databricks audit log',
  ],
  [
    'crowdstrike.fdr',
    'Crowdstrike.FDREvent',
    'event_simpleName aid cid',
    'timestamp',
    'CrowdStrike Falcon Data Replicator',
  ],
  [
    'crowdstrike.streams',
    'Crowdstrike.EventStreams',
    'metadata.eventType metadata.customerIDString event',
    'metadata.eventCreationTime',
    'CrowdStrike event streams',
  ],
  [
    'notion.audit',
    'Notion.AuditLogs',
    'event.type event.actor event.workspace_id',
    'event.timestamp',
    'Notion audit log',
  ],
  ['asana.audit', 'Asana.Audit', 'event_type event_category resource actor', 'created_at', 'Asana audit log'],
  ['wiz.audit', 'Wiz.Audit', 'action requestId actionParameters', 'timestamp', 'Wiz audit log'],
  ['box.event', 'Box.Event', 'event_type created_by event_id', 'created_at', 'Box events'],
  ['teleport.audit', 'Gravitational.TeleportAudit', 'event code ei uid', 'time', 'Teleport audit log'],
  ['zendesk.audit', 'Zendesk.Audit', 'source_type change_description action', 'created_at', 'Zendesk audit log'],
  ['tines.audit', 'Tines.Audit', 'operation_name tenant_id', 'created_at', 'Tines audit log'],
  [
    'mongodb.organization',
    'MongoDB.OrganizationEvent',
    'eventTypeName orgId',
    'created',
    'MongoDB Atlas organization events',
  ],
  [
    'atlassian.audit',
    'Atlassian.Audit',
    'attributes.action attributes.actor attributes.time',
    'attributes.time',
    'Atlassian audit log',
  ],
  ['dropbox.team', 'Dropbox.TeamEvent', 'event_type._tag event_category', 'timestamp', 'Dropbox team events'],
  ['carbonblack.audit', 'CarbonBlack.Audit', 'loginName clientIp description', 'eventTime', 'Carbon Black audit log'],
  ['tailscale.audit', 'Tailscale.Audit', 'event.actor event.action event.target', 'event.time', 'Tailscale audit log'],
];

export const pantherRecords: readonly LogType[] = PANTHER_ROWS.map(([name, panther, places, time, description]) => {
  const known = places.split(' ');
  return declare({ name, description, recognises: (event) => has(event, ...known), time, panther });
});
