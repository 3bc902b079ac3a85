/** Who did it, as events of the security channel begin with. */
const SUBJECT = 'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId';
/** To whom it was done, and by whom. */
const TARGET = `TargetUserName TargetDomainName TargetSid ${SUBJECT}`;

/**
 * The data of events in the order of their templates, by provider and id: forms that lose the names keep the order. From the
 * providers' manifests, whose versions have more and more data: `|` stands where an earlier version ended, and a version that
 * puts a datum between others has a text of its own. No two versions of an event have equally many. Sysmon's before 8.0 have no
 * `RuleName`.
 */
export const EVENT_TEMPLATES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'microsoft-windows-bits-client': {
    '3': ['string string2 string3', 'jobTitle jobId jobOwner processPath processId'],
    '4': ['User jobTitle jobId jobOwner fileCount bytesTransferred bytesTransferredFromPeer'],
    '5': ['User jobTitle jobId jobOwner fileCount'],
    '59': ['transferId name Id url peer fileTime fileLength bytesTotal bytesTransferred bytesTransferredFromPeer'],
    '60': [
      'transferId name Id url peer hr fileTime fileLength bytesTotal bytesTransferred proxy peerProtocolFlags bytesTransferredFromPeer AdditionalInfoHr PeerContextInfo bandwidthLimit ignoreBandwidthLimitsOnLan',
    ],
    '61': [
      'transferId name Id url peer hr fileTime fileLength bytesTotal bytesTransferred proxy peerProtocolFlags bytesTransferredFromPeer AdditionalInfoHr PeerContextInfo bandwidthLimit ignoreBandwidthLimitsOnLan',
    ],
    '209': ['jobName jobId isRoaming'],
    '310': ['ErrorCode'],
  },
  'microsoft-windows-dns-client': {
    '3008': ['QueryName QueryType QueryOptions QueryStatus QueryResults'],
  },
  'microsoft-windows-eventlog': {
    '1102': [`${SUBJECT}`],
  },
  'microsoft-windows-powershell': {
    '4103': ['ContextInfo UserData Payload'],
    '4104': ['MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path'],
  },
  'microsoft-windows-rpc': {
    '6': [
      'InterfaceUuid ProcNum Protocol NetworkAddress Endpoint Options AuthenticationLevel AuthenticationService ImpersonationLevel',
    ],
  },
  'microsoft-windows-security-auditing': {
    '4611': [`${SUBJECT} LogonProcessName`],
    '4624': [
      `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort | ImpersonationLevel | RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken`,
    ],
    '4625': [
      `${SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort`,
    ],
    '4627': [
      `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType EventIdx EventCountTotal GroupMembership`,
    ],
    '4634': ['TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType'],
    '4647': ['TargetUserSid TargetUserName TargetDomainName TargetLogonId'],
    '4648': [
      `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ProcessId ProcessName IpAddress IpPort`,
    ],
    '4656': [
      `${SUBJECT} ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName | ResourceAttributes`,
    ],
    '4657': [
      `${SUBJECT} ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue ProcessId ProcessName`,
    ],
    '4658': [`${SUBJECT} ObjectServer HandleId ProcessId ProcessName`],
    '4661': [
      `${SUBJECT} ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessMask PrivilegeList Properties RestrictedSidCount ProcessId ProcessName`,
    ],
    '4662': [
      `${SUBJECT} ObjectServer ObjectType ObjectName OperationType HandleId AccessList AccessMask Properties AdditionalInfo AdditionalInfo2`,
    ],
    '4663': [
      `${SUBJECT} ObjectServer ObjectType ObjectName HandleId AccessList AccessMask ProcessId ProcessName | ResourceAttributes`,
    ],
    '4670': [`${SUBJECT} ObjectServer ObjectType ObjectName HandleId OldSd NewSd ProcessId ProcessName`],
    '4672': [`${SUBJECT} PrivilegeList`],
    '4673': [`${SUBJECT} ObjectServer Service PrivilegeList ProcessId ProcessName`],
    '4674': [`${SUBJECT} ObjectServer ObjectType ObjectName HandleId AccessMask PrivilegeList ProcessId ProcessName`],
    '4688': [
      `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId | CommandLine | TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel`,
    ],
    '4689': [`${SUBJECT} Status ProcessId ProcessName`],
    '4697': [`${SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount`],
    '4698': [`${SUBJECT} TaskName TaskContent`],
    '4699': [`${SUBJECT} TaskName TaskContent`],
    '4700': [`${SUBJECT} TaskName TaskContent`],
    '4701': [`${SUBJECT} TaskName TaskContent`],
    '4702': [`${SUBJECT} TaskName TaskContentNew`],
    '4703': [
      `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId ProcessName ProcessId EnabledPrivilegeList DisabledPrivilegeList`,
    ],
    '4704': [`${SUBJECT} TargetSid PrivilegeList`],
    '4705': [`${SUBJECT} TargetSid PrivilegeList`],
    '4719': [`${SUBJECT} CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges`],
    '4720': [
      `${TARGET} PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours`,
    ],
    '4722': [`${TARGET}`],
    '4723': [`${TARGET} PrivilegeList`],
    '4724': [`${TARGET}`],
    '4725': [`${TARGET}`],
    '4726': [`${TARGET} PrivilegeList`],
    '4728': [`MemberName MemberSid ${TARGET} PrivilegeList`],
    '4729': [`MemberName MemberSid ${TARGET} PrivilegeList`],
    '4732': [`MemberName MemberSid ${TARGET} PrivilegeList`],
    '4733': [`MemberName MemberSid ${TARGET} PrivilegeList`],
    '4738': [
      `Dummy ${TARGET} PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours`,
    ],
    '4740': [`${TARGET}`],
    '4741': [
      `${TARGET} PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours DnsHostName ServicePrincipalNames`,
    ],
    '4742': [
      `ComputerAccountChange ${TARGET} PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours DnsHostName ServicePrincipalNames`,
    ],
    '4756': [`MemberName MemberSid ${TARGET} PrivilegeList`],
    '4757': [`MemberName MemberSid ${TARGET} PrivilegeList`],
    '4765': [`SourceUserName SourceSid ${TARGET} PrivilegeList SidList`],
    '4768': [
      'TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint',
    ],
    '4769': [
      'TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices',
    ],
    '4771': [
      'TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint',
    ],
    '4776': ['PackageName TargetUserName Workstation Status'],
    '4778': ['AccountName AccountDomain LogonID SessionName ClientName ClientAddress'],
    '4779': ['AccountName AccountDomain LogonID SessionName ClientName ClientAddress'],
    '4781': [`OldTargetUserName New${TARGET} PrivilegeList`],
    '4794': [`${SUBJECT} Workstation Status`],
    '4798': [`${TARGET} CallerProcessId CallerProcessName`],
    '4799': [`${TARGET} CallerProcessId CallerProcessName`],
    '4826': [
      `${SUBJECT} LoadOptions AdvancedOptions ConfigAccessPolicy RemoteEventLogging KernelDebug VsmLaunchType TestSigning FlightSigning DisableIntegrityChecks HypervisorLoadOptions HypervisorLaunchType HypervisorDebug`,
    ],
    '4985': [`${SUBJECT} TransactionId NewState ResourceManager ProcessId ProcessName`],
    '5136': [
      `OpCorrelationID AppCorrelationID ${SUBJECT} DSName DSType ObjectDN ObjectGUID ObjectClass AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType`,
    ],
    '5140': [`${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList`],
    '5142': [`${SUBJECT} ShareName ShareLocalPath`],
    '5145': [
      `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason`,
    ],
    '5156': [
      'ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID',
    ],
    '5158': ['ProcessId Application SourceAddress SourcePort Protocol FilterRTID LayerName LayerRTID'],
  },
  'microsoft-windows-sysmon': {
    '1': [
      'UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine',
      'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine',
      'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine | ParentUser',
    ],
    '2': [
      'UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime PreviousCreationUtcTime',
      'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime PreviousCreationUtcTime | User',
    ],
    '3': [
      'UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName',
      'RuleName UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName',
    ],
    '4': ['UtcTime State Version SchemaVersion'],
    '5': ['UtcTime ProcessGuid ProcessId Image', 'RuleName UtcTime ProcessGuid ProcessId Image | User'],
    '6': [
      'UtcTime ImageLoaded Hashes Signed Signature SignatureStatus',
      'RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus',
    ],
    '7': [
      'UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company Hashes Signed Signature SignatureStatus',
      'RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company Hashes Signed Signature SignatureStatus',
      'RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus | User',
    ],
    '8': [
      'UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction',
      'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction | SourceUser TargetUser',
    ],
    '9': ['UtcTime ProcessGuid ProcessId Image Device', 'RuleName UtcTime ProcessGuid ProcessId Image Device | User'],
    '10': [
      'UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace',
      'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace | SourceUser TargetUser',
    ],
    '11': [
      'UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime',
      'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime | User',
    ],
    '12': [
      'EventType UtcTime ProcessGuid ProcessId Image TargetObject',
      'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject | User',
    ],
    '13': [
      'EventType UtcTime ProcessGuid ProcessId Image TargetObject Details',
      'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details | User',
    ],
    '14': [
      'EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName',
      'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName | User',
    ],
    '15': [
      'UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime Hash',
      'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime Hash | Contents | User',
    ],
    '16': ['UtcTime Configuration ConfigurationFileHash'],
    '17': [
      'UtcTime ProcessGuid ProcessId PipeName Image',
      'RuleName UtcTime ProcessGuid ProcessId PipeName Image',
      'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image | User',
    ],
    '18': [
      'UtcTime ProcessGuid ProcessId PipeName Image',
      'RuleName UtcTime ProcessGuid ProcessId PipeName Image',
      'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image | User',
    ],
    '19': [
      'EventType UtcTime Operation User EventNamespace Name Query',
      'RuleName EventType UtcTime Operation User EventNamespace Name Query',
    ],
    '20': [
      'EventType UtcTime Operation User Name Type Destination',
      'RuleName EventType UtcTime Operation User Name Type Destination',
    ],
    '21': [
      'EventType UtcTime Operation User Consumer Filter',
      'RuleName EventType UtcTime Operation User Consumer Filter',
    ],
    '22': ['RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image | User'],
    '23': ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived'],
    '25': ['RuleName UtcTime ProcessGuid ProcessId Image Type | User'],
    '26': ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable'],
    '27': ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes'],
    '28': ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable'],
    '29': ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes'],
  },
  'microsoft-windows-taskscheduler': {
    '106': ['TaskName UserContext'],
    '129': ['TaskName Path ProcessID Priority'],
    '140': ['TaskName UserName'],
    '141': ['TaskName UserName'],
    '142': ['TaskName UserName'],
    '200': ['TaskName ActionName TaskInstanceId EnginePID'],
  },
  'microsoft-windows-winrm': {
    '169': ['username authenticationMechanism'],
  },
  rpcfw: {
    '3': [
      'RPCRT_Func ProcessID ImagePath Protocol Endpoint SourceNetworkAddress InterfaceUuid OpNum SecurityID AuthenticationLevel AuthenticationService RemotePort',
    ],
  },
  'service control manager': {
    '7045': ['ServiceName ImagePath ServiceType StartType AccountName'],
  },
};
