import type { Json, JsonObject } from '../../../base/json.ts';

/**
 * The data of events in the order of their templates, by provider and id: forms that lose the names keep the order. From the
 * providers' manifests.
 */
const TEMPLATES: Readonly<Record<string, string>> = {
  'microsoft-windows-security-auditing 4688':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel',
  'microsoft-windows-security-auditing 4624':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken',
  'microsoft-windows-security-auditing 4625':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort',
  'microsoft-windows-powershell 4104': 'MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path',
  'microsoft-windows-powershell 4103': 'ContextInfo UserData Payload',
  'service control manager 7045': 'ServiceName ImagePath ServiceType StartType AccountName',
  'microsoft-windows-eventlog 1102': 'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId',
  'microsoft-windows-sysmon 1':
    'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser',
  'microsoft-windows-sysmon 3':
    'RuleName UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName',
  'microsoft-windows-sysmon 5': 'RuleName UtcTime ProcessGuid ProcessId Image User',
  'microsoft-windows-sysmon 6': 'RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus',
  'microsoft-windows-sysmon 7':
    'RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus User',
  'microsoft-windows-sysmon 8':
    'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser',
  'microsoft-windows-sysmon 10':
    'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser',
  'microsoft-windows-sysmon 11': 'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime User',
  'microsoft-windows-sysmon 12': 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User',
  'microsoft-windows-sysmon 13': 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User',
  'microsoft-windows-sysmon 17': 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  'microsoft-windows-sysmon 18': 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  'microsoft-windows-sysmon 22': 'RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User',
  'microsoft-windows-sysmon 23':
    'RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived',
  'rpcfw 3':
    'RPCRT_Func ProcessID ImagePath Protocol Endpoint SourceNetworkAddress InterfaceUuid OpNum SecurityID AuthenticationLevel AuthenticationService RemotePort',
};

const SPLIT = new Map(Object.entries(TEMPLATES).map(([key, names]) => [key, names.split(' ')]));

/** The names of an event's data in order; undefined where its template is not known. */
function templateOf(provider: string, id: string): readonly string[] | undefined {
  return SPLIT.get(`${provider.toLowerCase()} ${id}`);
}

/** Values in order as `EventData`: by their names where the template is known and has room for all, else as unnamed `Data`. */
export function dataInOrder(provider: string, id: string, values: readonly Json[]): JsonObject {
  const names = templateOf(provider, id);
  if (values.length === 0) return {};
  if (names === undefined || values.length > names.length) {
    const [first = null] = values;
    return { Data: { '#text': values.length === 1 ? first : values } };
  }
  return Object.fromEntries(values.map((value, at) => [names[at] ?? '', value] as const));
}
