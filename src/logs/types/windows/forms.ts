import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { Family, Shape } from '../../log-type.ts';
import { everySpelling, textAt } from '../shapes.ts';
import { type Moved, SHIPPED_NAMES } from './moves.ts';

/**
 * The forms in which Windows events come. The log types' own field names are those of the event's data (`Image`), and
 * for the system part those that Sigma uses: `EventID`, `Channel`, `Provider_Name`, `Computer`, …
 */
export type WindowsForm =
  | 'flat'
  | 'event-data'
  | 'nested'
  | 'nested-bare'
  | 'winlogbeat'
  | 'winlogbeat-dotted'
  /** Some of the names dotted, others not, which Elasticsearch takes for the same. */
  | 'winlogbeat-mixed';

/** The field of the provider, where that is all that says of what channel an event is. */
export const LOST_PROVIDER = 'provider of a lost channel';
/** Behind the name of a shape: the event's channel is lost, or that of a collector. */
export const LOST = '-forwarded';

type Paths = readonly (readonly string[])[];

interface SystemField {
  /** Names at the top of a flat record. */
  readonly flat: readonly string[];
  /** Paths below `System`. */
  readonly system: readonly string[];
  /** Paths in a Winlogbeat document. */
  readonly winlogbeat: readonly string[];
}

/** An element's attribute as the usual XML to JSON converters write it. */
function attribute(element: string, name: string): readonly string[] {
  return [
    `${element}.#attributes.${name}`,
    `${element}.@${name}`,
    `${element}_attributes.${name}`,
    `${element}.${name}`,
  ];
}

/** An element's text, which may stand beside its attributes. */
function content(element: string): readonly string[] {
  return [`${element}.#text`, `${element}.Value`, element];
}

const plain = (name: string, winlogbeat: string): SystemField => ({
  flat: [name],
  system: [name],
  winlogbeat: [winlogbeat],
});

const SYSTEM: ReadonlyMap<string, SystemField> = new Map([
  [
    'EventID',
    {
      flat: ['EventID', 'EventId', 'event_id'],
      system: content('EventID'),
      winlogbeat: ['winlog.event_id', 'event.code'],
    },
  ],
  ['Channel', { flat: ['Channel', 'LogName'], system: ['Channel'], winlogbeat: ['winlog.channel'] }],
  [
    'Provider_Name',
    {
      flat: ['Provider_Name', 'ProviderName', 'SourceName', 'Provider'],
      system: attribute('Provider', 'Name'),
      winlogbeat: ['winlog.provider_name', 'event.provider'],
    },
  ],
  [
    'Provider_Guid',
    {
      flat: ['Provider_Guid', 'ProviderGuid'],
      system: attribute('Provider', 'Guid'),
      winlogbeat: ['winlog.provider_guid'],
    },
  ],
  [
    'Computer',
    {
      flat: ['Computer', 'Hostname', 'ComputerName', 'MachineName'],
      system: ['Computer'],
      winlogbeat: ['winlog.computer_name', 'host.name'],
    },
  ],
  [
    'TimeCreated',
    {
      flat: ['TimeCreated', '@timestamp', 'TimeGenerated', 'UtcTime', 'EventTime'],
      system: attribute('TimeCreated', 'SystemTime'),
      winlogbeat: ['@timestamp'],
    },
  ],
  [
    'EventRecordID',
    {
      flat: ['EventRecordID', 'EventRecordId', 'RecordNumber', 'RecordId'],
      system: ['EventRecordID'],
      winlogbeat: ['winlog.record_id'],
    },
  ],
  [
    'Security_UserID',
    {
      flat: ['Security_UserID', 'UserID', 'UserId'],
      system: attribute('Security', 'UserID'),
      winlogbeat: ['winlog.user.identifier'],
    },
  ],
  [
    'Execution_ProcessID',
    {
      flat: ['Execution_ProcessID', 'ExecutionProcessID'],
      system: attribute('Execution', 'ProcessID'),
      winlogbeat: ['winlog.process.pid'],
    },
  ],
  ['Level', plain('Level', 'winlog.level')],
  ['Task', plain('Task', 'winlog.task')],
  ['Opcode', plain('Opcode', 'winlog.opcode')],
  ['Keywords', plain('Keywords', 'winlog.keywords')],
  ['Version', plain('Version', 'winlog.version')],
  ['Message', { flat: ['Message'], system: ['../RenderingInfo.Message'], winlogbeat: ['message'] }],
]);

/**
 * The element between `UserData` and the fields, which each provider names as it likes: those that rules are written
 * about. Events have either `EventData` or `UserData`.
 */
const USER_DATA = [
  'EventXML',
  'EventData',
  'EventInfo',
  'RuleAndFileData',
  'LogFileCleared',
  'AutoBackup',
  'Operation_ClientFailure',
  'Operation_StartedOperational',
  'Operation_TemporaryEssStarted',
  'Operation_ESStoConsumerBinding',
  'Operation_New',
  'CertNotificationData',
  'UMDFHostDeviceArrivalBegin',
  'UMDFHostDeviceRequest',
  'CbsPackageChangeState',
  'CbsPackageInitiateChanges',
  'ServiceShutdown',
  'DriverFrameworks-UserMode',
];

/** Some providers name their data with spaces; rules write the name without, or with `_` as Splunk does. */
function spellings(name: string): readonly string[] {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  const squeezed = name.replaceAll(' ', '');
  const parted = name.includes('_') ? [name.replaceAll('_', ' '), name.replaceAll('_', '')] : [];
  return [...new Set([name, spaced, squeezed, ...parted])];
}

function spellingsOf(name: string, naming: Naming): readonly string[] {
  return naming === 'spaced' ? spellings(name) : [name];
}

function below(prefix: readonly string[], relative: string): readonly string[] {
  if (relative.startsWith('../')) return [...prefix.slice(0, -1), ...relative.slice(3).split('.')];
  return [...prefix, ...relative.split('.')];
}

/** What a log type's providers do with their data's names: nothing odd; put it below `UserData`; or also write spaces. */
export type Naming = 'plain' | 'user-data' | 'spaced';

/** Where the event's own data lies below the event. `Data` may be a list of unnamed values with attributes beside it. */
function dataPaths(prefix: readonly string[], name: string, naming: Naming): Paths {
  const names = spellingsOf(name, naming);
  const paths = names.map((one) => [...prefix, 'EventData', one]);
  const text = name === 'Data' ? [[...prefix, 'EventData', 'Data', '#text']] : [];
  const user =
    naming !== 'plain'
      ? [[...prefix, 'UserData', name], ...USER_DATA.map((element) => [...prefix, 'UserData', element, name])]
      : [];
  return [...text, ...paths, ...user];
}

/** The fields of the system part, and all names that flat records have for them. */
export const SYSTEM_NAMES: readonly string[] = [...SYSTEM.keys()];
export const FLAT_SYSTEM_NAMES: ReadonlySet<string> = new Set([...SYSTEM.values()].flatMap(({ flat }) => flat));

/** Where a field lies in a form. */
export function locateInForm(form: WindowsForm, path: readonly string[], naming: Naming, moved: Moved): Paths {
  const name = path.join('.');
  if (SHIPPED_NAMES.has(name) && !form.startsWith('winlogbeat')) return [];
  const system = SYSTEM.get(name);
  switch (form) {
    case 'flat':
      if (system !== undefined) return system.flat.map((one) => [one]);
      return spellingsOf(name, naming).map((one) => [one]);
    case 'event-data':
      if (system !== undefined) return system.flat.map((one) => [one]);
      // What a shipper put beside the event may lie deeper.
      return [...dataPaths([], name, naming), [name], ...(path.length > 1 ? [path] : [])];
    case 'nested':
    case 'nested-bare': {
      const prefix = form === 'nested' ? ['Event'] : [];
      if (system !== undefined) return system.system.map((one) => below([...prefix, 'System'], one));
      return dataPaths(prefix, name, naming);
    }
    case 'winlogbeat':
    case 'winlogbeat-dotted':
    case 'winlogbeat-mixed': {
      const names = spellingsOf(name, naming);
      const apart = Object.hasOwn(moved, name) ? (moved[name] ?? []) : [];
      const data = [
        ...names.map((one) => `winlog.event_data.${one}`),
        ...(naming !== 'plain' ? [`winlog.user_data.${name}`] : []),
        ...apart,
        // Rules that were mapped to the document's own fields.
        ...(name.includes('.') ? [name] : []),
      ];
      const paths = SHIPPED_NAMES.has(name) ? apart : (system?.winlogbeat ?? data);
      if (form === 'winlogbeat-dotted') return paths.map((one) => [one]);
      if (form === 'winlogbeat-mixed') return paths.flatMap((one) => everySpelling(one.split('.')));
      const nested = paths.map((one) => one.split('.'));
      const isOnlyData = system === undefined && paths.length === names.length;
      return isOnlyData ? nested : [...nested, ...paths.map((one) => [one])];
    }
  }
}

/** The form of a Windows event, with its channel, provider and event id as text; undefined for anything else. */
export function readForm(
  event: JsonObject,
): { readonly form: WindowsForm; readonly channel: string; readonly provider: string } | undefined {
  const nested = event['Event'];
  if (isJsonObject(nested)) return isJsonObject(nested['System']) ? fromSystem('nested', nested['System']) : undefined;
  const winlog = event['winlog'];
  if (isJsonObject(winlog)) {
    const form = 'event_data' in winlog || 'user_data' in winlog ? 'winlogbeat' : 'winlogbeat-mixed';
    return known(form, textAt(winlog, 'channel'), textAt(winlog, 'provider_name'));
  }
  const system = event['System'];
  if (isJsonObject(system)) return fromSystem('nested-bare', system);
  const id = event['EventID'] ?? event['EventId'] ?? event['event_id'];
  if (id !== undefined) {
    const channel = textAt(event, 'Channel') ?? textAt(event, 'LogName');
    const provider =
      textAt(event, 'Provider_Name') ??
      textAt(event, 'ProviderName') ??
      textAt(event, 'SourceName') ??
      textAt(event, 'Provider');
    return known(isJsonObject(event['EventData']) ? 'event-data' : 'flat', channel, provider);
  }
  const dotted = textAt(event, 'winlog.channel');
  if (dotted === undefined) return undefined;
  const isMixed = 'winlog.event_data' in event || 'winlog.user_data' in event;
  return known(isMixed ? 'winlogbeat-mixed' : 'winlogbeat-dotted', dotted, textAt(event, 'winlog.provider_name'));
}

function fromSystem(form: WindowsForm, system: JsonObject): ReturnType<typeof readForm> {
  return known(form, textAt(system, 'Channel'), providerOf(system['Provider'] ?? system['Provider_attributes']));
}

function providerOf(provider: Json | undefined): string | undefined {
  if (!isJsonObject(provider)) return undefined;
  const attributes = provider['#attributes'];
  return textAt(isJsonObject(attributes) ? attributes : provider, 'Name') ?? textAt(provider, '@Name');
}

function known(
  form: WindowsForm,
  channel: string | undefined,
  provider: string | undefined,
): ReturnType<typeof readForm> {
  if (channel === undefined && provider === undefined) return undefined;
  return { form, channel: (channel ?? '').toLowerCase(), provider: (provider ?? '').toLowerCase() };
}

export const FORMS: readonly WindowsForm[] = [
  'flat',
  'event-data',
  'nested',
  'nested-bare',
  'winlogbeat',
  'winlogbeat-dotted',
  'winlogbeat-mixed',
];

/** The shapes of a log type of Windows events: one for each form, and where `hasLost` one for each whose channel is lost. */
export function windowsShapes(
  logType: string,
  family: Family,
  naming: Naming,
  moved: Moved = {},
  hasLost: boolean = false,
): readonly Shape[] {
  const shape = (form: WindowsForm, name: string, locate: Shape['locate']): Shape => ({
    name,
    recognises: (event) => {
      const kind = family(event);
      return kind?.logType === logType && kind.shape === name;
    },
    locate,
    ...(form.startsWith('winlogbeat') && { document: { schema: 'ecs', locate: everySpelling } }),
  });
  return FORMS.flatMap((form) => {
    const usual = (path: readonly string[]): Paths =>
      isLostProvider(path) ? [] : locateInForm(form, path, naming, moved);
    const lost = (path: readonly string[]): Paths =>
      locateInForm(form, isLostProvider(path) ? ['Provider_Name'] : path, naming, moved);
    return [shape(form, form, usual), ...(hasLost ? [shape(form, form + LOST, lost)] : [])];
  });
}

function isLostProvider(path: readonly string[]): boolean {
  return path.length === 1 && path[0] === LOST_PROVIDER;
}
