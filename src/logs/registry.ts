import type { JsonObject } from '../base/json.ts';
import type { Expr } from '../ir/expr.ts';
import { claimedBy } from './claims.ts';
import { envelopeRecords } from './decode/envelope.ts';
import { firstAnswer } from './first-looks.ts';
import type { LogType, Shape } from './log-type.ts';
import { constantPantherNames, pantherNames } from './panther-names.ts';
import {
  awsAlb,
  awsGuardDuty,
  awsResolver,
  awsS3Access,
  awsSecurityHub,
  awsVpcFlow,
  awsWaf,
  cloudflareFirewall,
  cloudflareHttp,
} from './types/aws/more.ts';
import { awsCloudTrail } from './types/aws-cloudtrail/log-type.ts';
import { azureActivity } from './types/azure-activity/log-type.ts';
import { mysqlQueries } from './types/database/mysql.ts';
import { dnsQueries } from './types/dns/query-logs.ts';
import { recogniseDocument } from './types/documents.ts';
import { elasticEndpoint } from './types/elastic-endpoint/events.ts';
import { entraAudit } from './types/entra/audit.ts';
import { entraPim, entraRisk } from './types/entra/risk.ts';
import { entraSignIn } from './types/entra/sign-in.ts';
import { gcpAudit, googleWorkspace } from './types/google/audit.ts';
import { kubernetesAudit } from './types/kubernetes/audit.ts';
import { type Product, rowType } from './types/kusto-rows/log-type.ts';
import { ausearchCsv } from './types/linux-auditd/ausearch-csv.ts';
import { linuxAuditd } from './types/linux-auditd/log-type.ts';
import { linuxSyslog } from './types/linux-syslog/log-type.ts';
import { m365Audit } from './types/m365/audit.ts';
import { macosEslogger, macosUnifiedLog } from './types/macos/logs.ts';
import { cef, ciscoDevice, fortinet, huaweiDevice, juniperDevice, leef, paloAlto } from './types/network/devices.ts';
import { firewallTraffic } from './types/network/firewalls.ts';
import { suricata } from './types/network/suricata.ts';
import { zeek } from './types/network/zeek.ts';
import { ocsf } from './types/ocsf/events.ts';
import { oktaSystem } from './types/okta/system.ts';
import { osquery } from './types/osquery/results.ts';
import { pantherRecords } from './types/panther-records/records.ts';
import {
  auth0Logs,
  bitbucketAudit,
  duoAdmin,
  duoAuth,
  githubAudit,
  gitlabAudit,
  oneLoginEvents,
  onePassword,
  openCanary,
  slackAudit,
  zoomOperation,
} from './types/saas/audit-logs.ts';
import { proxyAccess } from './types/web/proxy.ts';
import { webAccess, webError } from './types/web/server.ts';
import {
  linuxSysmon,
  rpcFirewall,
  windowsEventLog,
  windowsSecurity,
  windowsSysmon,
} from './types/windows/log-types.ts';
import { GENERIC, undeclaredType } from './undeclared/undeclared-type.ts';

/** Tables whose rows have views beyond the table itself; any other table's type is made when it is asked for. */
const TABLES: readonly (readonly [Product, string])[] = [
  ['defender', 'DeviceProcessEvents'],
  ['defender', 'DeviceNetworkEvents'],
  ['defender', 'DeviceFileEvents'],
  ['defender', 'DeviceImageLoadEvents'],
  ['defender', 'DeviceRegistryEvents'],
  ['sentinel', 'AzureActivity'],
  ['sentinel', 'SecurityEvent'],
  ['sentinel', 'WindowsEvent'],
  ['sentinel', 'Event'],
];

const generic = undeclaredType(GENERIC, 'nobody');

/**
 * The declared log types; `defender.<table>` and `sentinel.<table>` exist for every table beyond those listed. A record is of the first
 * that recognises it: families before types that stand alone, each in this order.
 */
export const logTypes: readonly LogType[] = [
  azureActivity,
  awsCloudTrail,
  ...TABLES.map(([product, table]) => rowType(product, table)),
  windowsSysmon,
  windowsSecurity,
  windowsEventLog,
  rpcFirewall,
  elasticEndpoint,
  linuxAuditd,
  linuxSysmon,
  ausearchCsv,
  entraSignIn,
  entraAudit,
  entraRisk,
  entraPim,
  m365Audit,
  gcpAudit,
  googleWorkspace,
  oktaSystem,
  kubernetesAudit,
  githubAudit,
  gitlabAudit,
  bitbucketAudit,
  duoAuth,
  duoAdmin,
  oneLoginEvents,
  slackAudit,
  onePassword,
  zoomOperation,
  auth0Logs,
  openCanary,
  awsGuardDuty,
  awsVpcFlow,
  awsAlb,
  awsS3Access,
  awsWaf,
  awsResolver,
  awsSecurityHub,
  cloudflareHttp,
  cloudflareFirewall,
  zeek,
  suricata,
  dnsQueries,
  webAccess,
  webError,
  proxyAccess,
  ciscoDevice,
  huaweiDevice,
  juniperDevice,
  fortinet,
  paloAlto,
  firewallTraffic,
  cef,
  leef,
  osquery,
  ocsf,
  macosEslogger,
  macosUnifiedLog,
  mysqlQueries,
  linuxSyslog,
  ...pantherRecords,
  generic,
];

const families = [...new Set(logTypes.flatMap(({ family }) => family ?? []))];
/** Types with documents of their own are known by these in one look, and by each by itself otherwise. */
const alone = logTypes.filter(
  ({ declared, family }) => declared && (family === undefined || family === recogniseDocument),
);

const byName = new Map(logTypes.map((type) => [type.name, type]));
/** Log types that a Panther name stands for; Windows has one name for all channels. */
const byPantherName = typesByPantherName(constantPantherNames);
/** The same, with the names that only some records of a type have. */
const byAnyPantherName = typesByPantherName(pantherNames);
/** How many types may be made on demand: names also come out of records. */
const MADE_LIMIT = 2_000;
const made = new Map<string, LogType>();
/** The types that records of undeclared types say themselves that they are of. */
const madeByRecords = new Map<string, LogType>();

function typesByPantherName(namesOf: (type: LogType) => readonly string[]): ReadonlyMap<string, readonly LogType[]> {
  const names = new Map<string, LogType[]>();
  for (const type of logTypes) {
    for (const name of namesOf(type)) names.set(name, [...(names.get(name) ?? []), type]);
  }
  return names;
}

/**
 * The log type that a user means by a name: a declared one, `sentinel.<table>` or `defender.<table>`, the type that Panther calls
 * so, or else a type of that name that nobody declared.
 */
export function logType(name: string): LogType {
  const known = byName.get(name) ?? made.get(name) ?? byPantherName.get(name)?.[0];
  if (known !== undefined) return known;
  const table = TABLE_TYPE.exec(name);
  const type =
    table?.[2] === undefined
      ? undeclaredType(name, 'user')
      : rowType(table[1] === 'sentinel' ? 'sentinel' : 'defender', table[2]);
  if (made.size < MADE_LIMIT) made.set(name, type);
  return type;
}

/**
 * A log type of a name that a record has, whoever gave it: for what all types of a name have in common, which is when their
 * records happened and where their fields lie.
 */
export function anyTypeOf(name: string): LogType {
  return byName.get(name) ?? madeByRecords.get(name) ?? logType(name);
}

const TABLE_TYPE = /^(sentinel|defender)\.(\w+)$/;

export interface Recognised {
  readonly type: LogType;
  readonly shape: Shape;
}

/**
 * What a record is. Decided by a few keys: Panther's `p_log_type` where it is set, then what the declared types say of
 * themselves. `generic` when nothing fits.
 */
export function recognise(event: JsonObject): Recognised {
  const name = event['p_log_type'];
  if (typeof name === 'string' && name !== '') return byPanther(name, event);
  for (const family of families) {
    const found = family(event);
    if (found !== undefined) return inShape(memberOf(found.logType), found.shape);
  }
  return standingAlone(event) ?? firstShape(generic);
}

const standingAlone = firstAnswer<Recognised>([
  // What is still wrapped is none of the records inside; the decoder opens it.
  (event) => (envelopeRecords(event) === undefined ? undefined : firstShape(generic)),
  ...alone.map((type) => (event: JsonObject) => {
    const shape = type.shapes.find((one) => one.recognises(event));
    return shape && { type, shape };
  }),
]);

/** Tables are named in records, so the number of their types is bounded; beyond it rows are generic. */
function memberOf(name: string): LogType {
  const known = byName.get(name) ?? made.get(name);
  return known ?? (made.size < MADE_LIMIT ? logType(name) : generic);
}

/** Of the types that a Panther name stands for, the one that knows a record's shape. */
export function pantherType(name: string, event: JsonObject): Recognised | undefined {
  return knownAmong(byPantherName.get(name), event);
}

function knownAmong(types: readonly LogType[] = [], event: JsonObject): Recognised | undefined {
  for (const type of types) {
    const shape = type.shapes.find((one) => one.recognises(event));
    if (shape !== undefined) return { type, shape };
  }
  return undefined;
}

/** A record that says its Panther type. */
function byPanther(name: string, event: JsonObject): Recognised {
  const known = knownAmong(byAnyPantherName.get(name), event);
  if (known !== undefined) return known;
  const [first] = byPantherName.get(name) ?? [];
  if (first !== undefined) return firstShape(first);
  return firstShape(namedByRecord(name));
}

function namedByRecord(name: string): LogType {
  const known = byName.get(name) ?? madeByRecords.get(name);
  if (known !== undefined) return known;
  if (madeByRecords.size >= MADE_LIMIT) return generic;
  const table = TABLE_TYPE.test(name);
  const type = table ? logType(name) : undeclaredType(name, 'record');
  madeByRecords.set(name, type);
  return type;
}

function inShape(type: LogType, name: string): Recognised {
  const shape = type.shapes.find((one) => one.name === name);
  return shape === undefined ? firstShape(type) : { type, shape };
}

function firstShape(type: LogType): Recognised {
  const [shape] = type.shapes;
  if (shape === undefined) throw new Error(`log type ${type.name} has no shape`);
  return { type, shape };
}

/** The declared log types that can satisfy a rule's log-source scope. */
export function claimants(scope: Expr): readonly LogType[] {
  return logTypes.filter((type) => type.declared && claimedBy(type, scope));
}
