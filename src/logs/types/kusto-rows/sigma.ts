import { and, call, list, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import {
  capture,
  choose,
  coalesce,
  concat,
  constant,
  fieldOf,
  fields,
  given,
  isOneOf,
  labels,
  mapped,
  own,
  unless,
} from '../view-terms.ts';
import { securitySigma } from '../windows/sigma.ts';
import { eventRowSigma, windowsEventSigma } from '../windows/windows-event-rows.ts';

/** The log source of Sigma that a table's rows are, where it is one as a whole and its columns are the fields. */
const SOURCES: Readonly<Record<string, readonly [product: string, service: string]>> = {
  AzureActivity: ['azure', 'activitylogs'],
};

/**
 * Columns whose values the raw record has under another name, which is the one that Sigma's rules know: activity logs as
 * Azure Monitor exports them.
 */
const RAW_NAMES: Readonly<Record<string, Readonly<Record<string, Expr>>>> = {
  AzureActivity: {
    operationName: own('operationName', 'OperationNameValue'),
    resultType: own('resultType', 'ActivityStatusValue'),
    category: own('category', 'CategoryValue'),
    resourceId: own('resourceId', 'ResourceId', '_ResourceId'),
    callerIpAddress: own('callerIpAddress', 'CallerIpAddress'),
  },
};

const path = own('FolderPath');
const initiator = own('InitiatingProcessFolderPath');
const unixPath = (item: Expr): Expr => ({
  kind: 'match',
  subject: item,
  pattern: { kind: 'prefix', text: '/' },
  collation: 'exact',
  quantifier: 'any',
  onMissing: 'false',
});

const account = (prefix: string): Expr =>
  coalesce(
    concat(unless(own(`${prefix}AccountDomain`), ''), text('\\'), own(`${prefix}AccountName`)),
    own(`${prefix}AccountName`),
  );

function hashes(prefix: string): Readonly<Record<string, Expr>> {
  return { md5: own(`${prefix}MD5`), sha1: own(`${prefix}SHA1`), sha256: own(`${prefix}SHA256`) };
}

/** Defender writes hives in full, Sysmon (and so Sigma) in short. */
const registryKey = choose(
  [
    ['HKEY_LOCAL_MACHINE', 'HKLM'],
    ['HKEY_USERS', 'HKU'],
    ['HKEY_CURRENT_USER', 'HKCU'],
    ['HKEY_CLASSES_ROOT', 'HKCR'],
  ].map(([long = '', short = '']) => [
    {
      kind: 'match' as const,
      subject: own('RegistryKey'),
      pattern: { kind: 'prefix' as const, text: `${long}\\` },
      collation: 'ignore-case' as const,
      quantifier: 'any' as const,
      onMissing: 'false' as const,
    },
    concat(
      text(short),
      call('view.capture', [own('RegistryKey'), text(`^${long}(.*)$`), { kind: 'literal', type: 'int', value: '1' }]),
    ),
  ]),
  own('RegistryKey'),
);

/** The set in use is `CurrentControlSet` to Sysmon; Defender says which of several it is. */
const currentKey = coalesce(
  concat(
    capture(registryKey, String.raw`^(HKLM\\SYSTEM\\)ControlSet\d{3}(?:\\|$)`),
    text('CurrentControlSet'),
    capture(registryKey, String.raw`^HKLM\\SYSTEM\\ControlSet\d{3}(.*)$`),
  ),
  registryKey,
);

/** Values as Sysmon writes them: numbers in hexadecimal behind their type, no bytes. */
const registryDetails = choose(
  [
    [
      isOneOf(own('RegistryValueType'), ['Dword'], true),
      call('view.sysmon-details', [text('SZ_DWORD'), own('RegistryValueData')]),
    ],
    [
      isOneOf(own('RegistryValueType'), ['Qword'], true),
      call('view.sysmon-details', [text('SZ_QWORD'), own('RegistryValueData')]),
    ],
    [isOneOf(own('RegistryValueType'), ['Binary', 'MultiString', 'None'], true), text('Binary Data')],
    [isOneOf(own('RegistryValueData'), ['']), text('(Empty)')],
  ],
  own('RegistryValueData'),
);

const fits = (subject: Expr, source: string): Expr => ({
  kind: 'match',
  subject,
  pattern: { kind: 'regex', source, flavour: 're2', flags: '', anchored: false },
  collation: 'exact',
  quantifier: 'any',
  onMissing: 'false',
});

/** Rows do not say of what system a device is; folders that only macOS has tell it from Linux. */
const isOfMac: Expr = or([
  fits(list([path, initiator]), '^/(Applications|System|Users|Library|private|Volumes)/'),
  fits(
    list([own('ProcessCommandLine'), own('InitiatingProcessCommandLine')]),
    String.raw`(^|[\s"'=])/(Applications|System/Library|Users|Library|private/(var|tmp|etc)|Volumes)/`,
  ),
  isOneOf(list([own('FileName'), own('InitiatingProcessFileName')]), [
    'osascript',
    'dscl',
    'launchctl',
    'csrutil',
    'scutil',
    'spctl',
  ]),
]);

const action = own('ActionType');
const actor = {
  Image: initiator,
  CommandLine: own('InitiatingProcessCommandLine'),
  ProcessId: own('InitiatingProcessId'),
  User: account('InitiatingProcess'),
};

/** Sigma's fields of the device tables, by table, with the categories that their rows are. */
const DEVICE: Readonly<
  Record<
    string,
    {
      readonly subject: Expr;
      readonly categories: readonly (readonly [string, Expr | null])[];
      readonly fields: Readonly<Record<string, Expr>>;
    }
  >
> = {
  DeviceProcessEvents: {
    subject: path,
    categories: [['process_creation', isOneOf(action, ['ProcessCreated'])]],
    fields: {
      Image: path,
      CommandLine: own('ProcessCommandLine'),
      ProcessId: own('ProcessId'),
      OriginalFileName: own('ProcessVersionInfoOriginalFileName'),
      Company: own('ProcessVersionInfoCompanyName'),
      Product: own('ProcessVersionInfoProductName'),
      Description: own('ProcessVersionInfoFileDescription'),
      IntegrityLevel: own('ProcessIntegrityLevel'),
      User: account(''),
      ParentImage: initiator,
      ParentCommandLine: own('InitiatingProcessCommandLine'),
      ParentProcessId: own('InitiatingProcessId'),
      ParentUser: account('InitiatingProcess'),
      ...hashes(''),
    },
  },
  DeviceImageLoadEvents: {
    subject: initiator,
    categories: [['image_load', null]],
    fields: { ...actor, ImageLoaded: path, ...hashes('') },
  },
  DeviceFileEvents: {
    subject: initiator,
    categories: [
      ['file_event', isOneOf(action, ['FileCreated'])],
      ['file_delete', isOneOf(action, ['FileDeleted'])],
      ['file_change', isOneOf(action, ['FileModified'])],
      ['file_rename', isOneOf(action, ['FileRenamed'])],
    ],
    fields: { ...actor, TargetFilename: path, SourceFilename: own('PreviousFolderPath'), ...hashes('') },
  },
  DeviceNetworkEvents: {
    subject: initiator,
    categories: [['network_connection', null]],
    fields: {
      ...actor,
      Initiated: given(
        isOneOf(action, ['InboundConnectionAccepted', 'ListeningConnectionCreated']),
        text('false'),
        text('true'),
      ),
      Protocol: call('text.lower', [own('Protocol')]),
      SourceIp: own('LocalIP'),
      SourcePort: own('LocalPort'),
      DestinationIp: own('RemoteIP'),
      DestinationPort: own('RemotePort'),
      DestinationHostname: own('RemoteUrl'),
    },
  },
  DeviceRegistryEvents: {
    subject: initiator,
    categories: [
      ['registry_event', null],
      ['registry_set', isOneOf(action, ['RegistryValueSet'])],
      ['registry_add', isOneOf(action, ['RegistryKeyCreated'])],
      ['registry_delete', isOneOf(action, ['RegistryKeyDeleted', 'RegistryValueDeleted'])],
      ['registry_rename', isOneOf(action, ['RegistryKeyRenamed'])],
    ],
    fields: {
      ...actor,
      TargetObject: coalesce(concat(currentKey, text('\\'), unless(own('RegistryValueName'), '')), currentKey),
      Details: registryDetails,
      EventType: mapped(action, {
        RegistryKeyCreated: 'CreateKey',
        RegistryKeyDeleted: 'DeleteKey',
        RegistryValueDeleted: 'DeleteValue',
        RegistryValueSet: 'SetValue',
        RegistryKeyRenamed: 'RenameKey',
      }),
    },
  },
};

function sigma(logType: string, known: Iterable<readonly [string, ViewField]>): View {
  return { schema: 'sigma', logType, when: null, fields: new Map(known), families: [], otherwise: 'raw' };
}

export function rowSigma(logType: string, table: string): readonly View[] {
  if (table === 'SecurityEvent') return [securitySigma(logType)];
  if (table === 'WindowsEvent') return [windowsEventSigma(logType)];
  if (table === 'Event') return [eventRowSigma(logType)];
  const source = SOURCES[table];
  if (source !== undefined) {
    const [product, service] = source;
    return [
      sigma(logType, [
        ['logsource.product', constant(product)],
        ['logsource.service', constant(service)],
        ...fields('keyword', RAW_NAMES[table] ?? {}),
      ]),
    ];
  }
  const device = DEVICE[table];
  if (device === undefined) return [];
  return [
    sigma(logType, [
      [
        'logsource.product',
        fieldOf(
          choose(
            [
              [and([unixPath(device.subject), isOfMac]), text('macos')],
              [unixPath(device.subject), text('linux')],
            ],
            text('windows'),
          ),
        ),
      ],
      ['logsource.category', fieldOf(labels(device.categories))],
      ['Computer', fieldOf(own('DeviceName'))],
      ...fields('keyword', device.fields),
    ]),
  ];
}
