import type { LogSource } from '../../../languages/sigma/index.ts';

const WINDOWS = 'Channel Computer EventID Provider_Name Security_UserID UtcTime RuleName';
const PROCESS = 'Image ProcessGuid ProcessId User';
const HASHES = 'Hashes Imphash md5 sha1 sha256';
const CREATION =
  'CommandLine Company CurrentDirectory Description FileVersion IntegrityLevel LogonGuid LogonId OriginalFileName ' +
  'ParentCommandLine ParentImage ParentProcessGuid ParentProcessId ParentUser Product TerminalSessionId';
const CONNECTION =
  'DestinationHostname DestinationIp DestinationIsIpv6 DestinationPort DestinationPortName Initiated Protocol ' +
  'SourceHostname SourceIp SourceIsIpv6 SourcePort SourcePortName';
const URI =
  'cs-uri cs-uri-stem cs-uri-port cs-uri-scheme cs-method cs-version cs-host cs-cookie cs-dns cs-content-type';

/** The fields of Sysmon's events by category (Sysmon's own manifest), and those that rules read beside them. */
const WINDOWS_FIELDS: Readonly<Record<string, string>> = {
  process_creation: `${PROCESS} ${CREATION} ${HASHES} GrandParentImage GrandparentImage GrandparentCommandLine GrandparentProcessId FileAge FileCreationDate ParentSpoofed ProcessTree Winversion`,
  process_access:
    'SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser CallTraceExtended SourceCommandLine',
  process_tampering: `${PROCESS} Type`,
  create_remote_thread:
    'SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser TargetCommandLine IsInitialThread RemoteCreation SourceCommandLine SourceParentCommandLine SourceParentImage SourceParentProcessId TargetParentCommandLine TargetParentImage TargetParentProcessId User',
  create_stream_hash: `${PROCESS} TargetFilename CreationUtcTime Hash Contents Imphash md5 sha1 sha256`,
  dns_query: `${PROCESS} QueryName QueryStatus QueryResults`,
  driver_load: `ImageLoaded Signed Signature SignatureStatus ${HASHES}`,
  file_change: `${PROCESS} TargetFilename CreationUtcTime PreviousCreationUtcTime`,
  file_delete: `${PROCESS} TargetFilename IsExecutable Archived CommandLine ParentCommandLine ParentImage ${HASHES}`,
  file_event: `${PROCESS} TargetFilename CreationUtcTime CommandLine IntegrityLevel MagicHeader ParentCommandLine ParentImage`,
  file_executable_detected: `${PROCESS} TargetFilename ${HASHES}`,
  image_load: `${PROCESS} ImageLoaded FileVersion Description Product Company OriginalFileName Signed Signature SignatureStatus CommandLine ${HASHES}`,
  network_connection: `${PROCESS} ${CONNECTION} CommandLine ParentImage`,
  pipe_created: `${PROCESS} EventType PipeName`,
  raw_access_thread: `${PROCESS} Device`,
  registry_add: `${PROCESS} EventType TargetObject`,
  registry_delete: `${PROCESS} EventType TargetObject Details`,
  registry_set: `${PROCESS} EventType TargetObject Details`,
  registry_rename: `${PROCESS} EventType TargetObject NewName`,
  registry_event: `${PROCESS} EventType TargetObject Details NewName`,
  wmi_event: 'EventType Operation User EventNamespace Name Query Type Destination Consumer Filter',
  ps_script: 'MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path',
  ps_module: 'ContextInfo UserData Payload',
};

const UNIX_FIELDS: Readonly<Record<string, string>> = {
  process_creation: `${PROCESS} ${CREATION} ${HASHES}`,
  network_connection: `${PROCESS} ${CONNECTION}`,
  file_event: `${PROCESS} TargetFilename CreationUtcTime`,
};

const GENERAL_FIELDS: Readonly<Record<string, string>> = {
  proxy: `c-uri c-uri-extension c-uri-query c-uri-stem c-useragent cs-bytes cs-referrer cs-user-agent dst_ip r-dns sc-bytes sc-status src_ip ${URI}`,
  webserver: `c-ip cs-bytes cs-referer cs-uri-query cs-user-agent cs-username date s-computername s-ip s-port s-sitename sc-bytes sc-content-type sc-status sc-win32-status time time-taken ${URI}`,
};

/** The fields that a log source is known to have; undefined where it has fields of its own. */
export function fieldsOf({ product, category, service }: LogSource): ReadonlySet<string> | undefined {
  if (category === undefined || service !== undefined) return undefined;
  const table =
    product === 'windows'
      ? WINDOWS_FIELDS
      : product === 'linux' || product === 'macos'
        ? UNIX_FIELDS
        : product === undefined
          ? GENERAL_FIELDS
          : {};
  const own = Object.hasOwn(table, category) ? table[category] : undefined;
  if (own === undefined) return undefined;
  return new Set(`${product === 'windows' ? `${WINDOWS} ` : ''}${own}`.split(' '));
}
