import type { Json, JsonObject } from '../../base/json.ts';
import { list, text } from '../../ir/construct.ts';
import type { ViewField } from '../../ir/view.ts';
import { kindAt } from '../kind-at.ts';
import type { LogSource } from '../log-source.ts';
import { SIGMA_LOG_SOURCES } from '../sigma-log-sources.ts';
import { textAt } from '../types/shapes.ts';
import { constant, fieldOf } from '../types/view-terms.ts';
import type { Taken } from './taken.ts';

/** A kind of event that is known by the names that Sigma's taxonomy gives its fields. */
export interface SigmaForm {
  readonly categories: readonly string[];
  /** Who did it: the path of a program, which says on what system. */
  readonly actor: 'Image' | 'SourceImage';
  /** What else must be there, as texts. */
  readonly texts: readonly string[];
  /** What else must be there, as texts or numbers. */
  readonly scalars?: readonly string[];
  /** Events of Sysmon for Windows that have this form. */
  readonly sysmon: readonly number[];
  /** Events of other channels that have it too, where a converter gave their fields Sigma's names. */
  readonly others?: readonly number[];
  /** Its fields alone do not say which of several kinds of event it is: the id has to. */
  readonly needsId?: true;
}

/**
 * The forms, more telling ones first. From the taxonomy of the Sigma specification (appendix "Taxonomy", generic fields of the
 * categories) and the fields of Sysmon's events. Each row has a test.
 */
export const SIGMA_FORMS: readonly SigmaForm[] = [
  {
    categories: ['process_creation'],
    actor: 'Image',
    texts: ['CommandLine'],
    sysmon: [1],
    others: [4688],
  },
  {
    categories: ['network_connection'],
    actor: 'Image',
    texts: ['DestinationIp'],
    scalars: ['DestinationPort'],
    sysmon: [3],
  },
  { categories: ['image_load'], actor: 'Image', texts: ['ImageLoaded'], sysmon: [7] },
  { categories: ['dns_query'], actor: 'Image', texts: ['QueryName'], scalars: ['QueryStatus'], sysmon: [22] },
  { categories: ['pipe_created'], actor: 'Image', texts: ['PipeName'], sysmon: [17, 18] },
  {
    categories: ['registry_event', 'registry_set'],
    actor: 'Image',
    texts: ['TargetObject', 'Details'],
    sysmon: [13],
  },
  {
    categories: ['create_remote_thread'],
    actor: 'SourceImage',
    texts: ['TargetImage', 'StartAddress'],
    sysmon: [8],
  },
  {
    categories: ['process_access'],
    actor: 'SourceImage',
    texts: ['TargetImage', 'GrantedAccess'],
    sysmon: [10],
  },
  { categories: ['file_event'], actor: 'Image', texts: ['TargetFilename'], sysmon: [11], needsId: true },
  { categories: ['file_delete'], actor: 'Image', texts: ['TargetFilename'], sysmon: [23, 26], needsId: true },
];

/**
 * Keys that records of other systems have, which may well have fields of these names too: a record with one of them is not
 * known by its fields' names.
 */
const OTHER_SYSTEMS: readonly (readonly [system: string, ...keys: readonly string[]])[] = [
  ['Google Cloud', 'protoPayload', 'insertId', 'logName'],
  ['Microsoft 365', 'Workload', 'RecordType', 'OrganizationId'],
  ['Okta', 'eventType', 'published', 'debugContext'],
  ['AWS', 'eventVersion', 'awsRegion', 'userIdentity'],
  ['Kubernetes', 'apiVersion', 'auditID', 'objectRef'],
  ['Azure', 'operationName', 'resourceId'],
  ['macOS Endpoint Security', 'schema_version', 'mach_time', 'global_seq_num'],
  ['Zeek', '_path', 'id.orig_h', 'id.resp_h'],
  ['CrowdStrike Falcon', 'event_simpleName', 'event_platform'],
  ['Microsoft Defender', 'ActionType', 'InitiatingProcessFileName'],
  ['osquery', 'hostIdentifier', 'calendarTime'],
  ['Falco', 'output_fields'],
];

/** What the path of a program says of the system that it ran on. */
type PathKind = 'windows' | 'unix' | 'unknown';

/** So many characters of a path are looked at; the readers of lines rely on it. */
export const PATH_START = 3;
/** Fields whose first `PATH_START` characters are looked at. */
export const PATH_FIELDS: ReadonlySet<string> = new Set(SIGMA_FORMS.map(({ actor }) => actor));

function pathKind(path: string | undefined): PathKind {
  const start = path?.slice(0, PATH_START) ?? '';
  if (/^[a-z]:\\/i.test(start) || start.startsWith('\\\\')) return 'windows';
  return start.startsWith('/') ? 'unix' : 'unknown';
}

/** Products that a record may name itself beside a path of each kind; another one contradicts it. */
const PRODUCTS: Readonly<Record<PathKind, readonly string[]>> = {
  windows: ['windows'],
  unix: ['linux', 'macos'],
  unknown: ['windows', 'linux', 'macos'],
};

const KNOWN_PRODUCTS = new Set(SIGMA_LOG_SOURCES.flatMap(([product]) => product ?? []));

/** A process creation and the like, in Sigma's own field names. Only a path of Windows says which product it is of. */
export function bySigmaForm(event: JsonObject): Taken | undefined {
  const found = formOf(event);
  if (found === undefined) return undefined;
  const ways = WAYS.get(found.form);
  if (found.path === 'windows') return ways?.windows;
  return found.isSysmon ? ways?.sysmon : ways?.anywhere;
}

/** An event of Sysmon for Windows whose channel and provider were lost: its id and form, and the time that only Sysmon writes. */
export function isSysmonByFields(event: JsonObject): boolean {
  // Every record is asked: most have no such key.
  if (kindAt(event, 'UtcTime') !== 'text') return false;
  const found = formOf(event);
  return found?.isSysmon === true && found.path === 'windows';
}

interface Found {
  readonly form: SigmaForm;
  readonly path: PathKind;
  readonly isSysmon: boolean;
}

function formOf(event: JsonObject): Found | undefined {
  const form = SIGMA_FORMS.find((one) => hasForm(event, one));
  if (form === undefined) return undefined;
  const path = pathKind(textAt(event, form.actor));
  if (isOfOtherSystem(event, path)) return undefined;
  const isSysmon = kindAt(event, 'UtcTime') === 'text' && isOneOf(event['EventID'], form.sysmon);
  return { form, path, isSysmon };
}

function hasForm(event: JsonObject, form: SigmaForm): boolean {
  const { actor, texts, scalars = [], sysmon, others = [], needsId } = form;
  if (![actor, ...texts].every((name) => kindAt(event, name) === 'text')) return false;
  if (!scalars.every((name) => kindAt(event, name) === 'text' || kindAt(event, name) === 'number')) return false;
  const id = event['EventID'];
  if (id === undefined) return needsId !== true;
  return isOneOf(id, [...sysmon, ...others]);
}

function isOneOf(id: Json | undefined, ids: readonly number[]): boolean {
  return (typeof id === 'string' || typeof id === 'number') && ids.some((one) => String(id) === String(one));
}

function isOfOtherSystem(event: JsonObject, path: PathKind): boolean {
  if (OTHER_SYSTEMS.some(([, ...keys]) => keys.some((key) => kindAt(event, key) !== undefined))) return true;
  const product = kindAt(event, 'product') === 'text' ? textAt(event, 'product')?.toLowerCase() : undefined;
  return product !== undefined && KNOWN_PRODUCTS.has(product) && !PRODUCTS[path].includes(product);
}

/** Each form as what it is taken for: on Windows, and where the path says nothing of a product, by Sysmon or anything else. */
const WAYS: ReadonlyMap<SigmaForm, Readonly<Record<'windows' | 'sysmon' | 'anywhere', Taken>>> = new Map(
  SIGMA_FORMS.map((form) => [
    form,
    {
      windows: taken(form, { product: 'windows' }),
      sysmon: taken(form, { service: 'sysmon' }),
      anywhere: taken(form, {}),
    },
  ]),
);

function taken(form: SigmaForm, { product, service }: Pick<LogSource, 'product' | 'service'>): Taken {
  const isByTime = service !== undefined;
  const names = [form.actor, ...form.texts, ...(form.scalars ?? [])];
  const fields = [...names, ...(form.needsId || isByTime ? ['EventID'] : []), ...(isByTime ? ['UtcTime'] : [])];
  const category = form.categories.join(' and ');
  const as = [product, service, category].filter((part) => part !== undefined).join(' ');
  return {
    id: `form ${as}`,
    as: product === undefined ? `${as} of no product` : as,
    by: `its fields ${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`,
    schema: 'sigma',
    source: new Map<string, ViewField>([
      ['logsource.category', fieldOf(list(form.categories.map((one) => text(one))))],
      ...(product === undefined ? [] : [['logsource.product', constant(product)] as const]),
      ...(service === undefined ? [] : [['logsource.service', constant(service)] as const]),
    ]),
  };
}
