import type { ValueType } from '../../ir/types.ts';

/**
 * The columns of Log Analytics and Advanced Hunting tables that are not strings, from Microsoft's table reference. A name
 * has the same type in every table, but for those listed by table.
 */
const TYPES: Readonly<Partial<Record<ValueType, string>>> = {
  bool:
    'Active CrossMailboxOperations FlaggedForReview IsAccountEnabled IsAdminOperation IsAnonymousProxy ' +
    'IsAzureADJoined IsAzureInfoProtectionApplied IsBillable IsBillableQuery IsClickedThrough IsDeleted ' +
    'IsExcluded IsExternalUser IsGatewayInstalled IsImpersonated IsIncident IsInitiatingProcessRemoteSession ' +
    'IsInteractive IsInternetFacing IsJoinedFromLobby IsLocalAdmin IsMFARegistered IsManagedDevice ' +
    'IsProcessRemoteSession IsProcessing IsRisky IsRootSignerMicrosoft IsServiceAccount IsSigned ' +
    'IsTenantRestricted IsThroughGlobalSecureAccess IsTransient IsTrusted IsWorkspaceInFailover ' +
    'KillChainActions KillChainC2 KillChainDelivery KillChainExploitation KillChainReconnaissance ' +
    'KillChainWeaponization ManagementEvent PassiveOnly ReadOnly SessionMfaAuthenticated fired_b ' +
    'isAccessPolicyMatch_b properties_enabledForDeployment_b properties_enabledForDiskEncryption_b ' +
    'properties_enabledForTemplateDeployment_b resultDescription_Summary_RebootRequired_b',
  datetime:
    'AccountCreationTime ActivityDateTime CertificateCountersignatureTime CertificateCreationTime ' +
    'CertificateExpirationTime ClosedTime CreatedDateTime CreatedTime DeletedDateTime DetectedDateTime ' +
    'ElevationApprovedTime ElevationTime EndOfSupportDate EndTime EventSubmissionTimestamp EventTime ' +
    'ExpirationDateTime FileCompileDateTime FileCreatedDateTime FirstActivityTime FirstModifiedTime ' +
    'InitiatingProcessCreationTime InitiatingProcessParentCreationTime IssuedAtTime JoinTime LastActivityTime ' +
    'LastModifiedTime LastSeenDate LastUpdatedDateTime LeaveTime ProcessCreationTime ProcessingEndTime ' +
    'QueryTimeRangeEnd QueryTimeRangeStart RiskLastUpdatedDateTime SessionCreationDate StartTime Start_Time ' +
    'StatsDataProcessedEnd StatsDataProcessedStart TimeCollected TimeCreated TimeGenerated TimeProcessed ' +
    'TimeUploaded Timestamp TokenIssuedAt UserStateChangedOn endTime_t ' +
    'resultDescription_Summary_EndDateTimeUtc_t resultDescription_Summary_StartDateTimeUtc_t startTime_t',
  dynamic:
    'ActivityInsights ActivityObjects AdditionalData AdditionalDetails AdditionalFields ' +
    'AdditionalMailAddresses AlertIds AnomalyDetails AnomalyReasons AppAccessContext AppliedEventListeners ' +
    'ArtifactsShared AssignedRoles Attendees Authorization_d BookmarkIds Cc Claims_d Comments ' +
    'ComputerPrivateIPs ConditionalAccessPoliciesV2 ConnectedNetworks CveTags Data DefaultGateways ' +
    'DestinationLocation DeviceInsights DevicesInsights DnsAddresses EntityRiskScore ExtensionProperty ' +
    'ExtraProperties IPTags InitiatedBy Labels LastSeenForUser LoggedOnUsers Members OperationProperties Owner ' +
    'Properties_d RelatedAccounts RelatedAnalyticRuleIds RequestContextFilters SRRuleMatchDetails ' +
    'ServicePrincipals SessionData SourceLocation TargetResources Tasks To UncommonForUser UserAgentTags ' +
    'UserInsights UsersInsights _CustomFieldsCollection',
  guid:
    'AADGroupId ActivityId ActorCUID ActorUserId AwsEventId AwsRequestId DestMailboxId ElevationRequestId ' +
    'InterSystemsId InterfaceUuid IntraSystemId LogonGuid OfficeId OrganizationId OrganizationId_ ProjectId ' +
    'ScopeId SendAsUserMailboxGuid SendonBehalfOfUserMailboxGuid SharedEventId Site_ SourceComputerId ' +
    'SourceRecordId SubcategoryGuid SubscriptionId TargetContextId TargetLogonGuid TenantId VMUUID ' +
    'WorkspaceSubscriptionId correlation_actionTrackingId_g resource_subscriptionId_g resource_workflowId_g',
  int:
    'AppInstanceId AttachmentCount AuditsDiscarded AuthenticationLevel AuthenticationService ' +
    'BulkComplaintLevel ClientAuthMethod DataCenterSecurityEventType DestinationProcessId ' +
    'DestinationTranslatedPort DeviceCustomNumber1 DeviceCustomNumber2 DeviceCustomNumber3 ElevationDuration ' +
    'EventCategory EventCount EventID EventId EventLevel EventType ExternalID FileOffset FlexNumber1 ' +
    'FlexNumber2 IncidentNumber InternalLogonType InvestigationPriority InvestigationPriorityPercentile ' +
    'KeyLength LocalPort LoginStatus NetworkDestinationAsn NetworkDestinationPort NetworkPort NetworkProtocol ' +
    'NetworkSourceAsn NetworkSourcePort OldFileSize ProcessID RequestSourcePort ResponseCode ResponseRowCount ' +
    'ResponseSizeBytes ResponseStatusCode ResultCode ServiceStartType SourceProcessId SourceTranslatedPort ' +
    'StatsRegionCount StatsWorkspaceCount SystemProcessId SystemThreadId Task ThreatSeverity UrlCount sPort',
  long:
    'BatchesCapped BatchesOutsideSla BatchesWithinSla BytesReceived BytesSent CreatedProcessSessionId ' +
    'EmailClusterId FieldDeviceCustomNumber1 FieldDeviceCustomNumber2 FieldDeviceCustomNumber3 ' +
    'InitiatingProcessFileSize InitiatingProcessId InitiatingProcessLogonId InitiatingProcessParentId ' +
    'InitiatingProcessSessionId LinksEstablished LinksFailed LinksLive LinksTerminated LogonId OSBuild ' +
    'ReceivedBytes ResponseTimeMax ResponseTimeMin ResponseTimeSum Responses SentBytes TimeTaken TotalBatches ' +
    'argc auid csBytes egid euid gid pid ppid scBytes ses uid',
  real:
    'AvgLatencyInSeconds ConfidenceScore DeviceCustomFloatingPoint1 DeviceCustomFloatingPoint2 ' +
    'DeviceCustomFloatingPoint3 DeviceCustomFloatingPoint4 MaliciousIPLatitude MaliciousIPLongitude Quantity ' +
    'RemoteIPLatitude RemoteIPLongitude RemoteLatitude RemoteLongitude ResponseDurationMs ScannedGB Score ' +
    'StatsCPUTimeMs StatsDataProcessedKB clientPort_d httpStatusCode_d httpStatus_d matchedConnections_d ' +
    'priority_d receivedBytes_d resultDescription_Summary_DurationInMinutes_d ' +
    'resultDescription_Summary_InitialRequiredUpdatesCount_d resultDescription_Summary_InstallPercentage_d ' +
    'resultDescription_Summary_TotalUpdatesFailed_d resultDescription_Summary_TotalUpdatesInstalled_d ' +
    'sentBytes_d timeTaken_d',
};

const BY_TABLE: Readonly<Record<string, Readonly<Partial<Record<ValueType, string>>>>> = {
  AADManagedIdentitySignInLogs: { long: 'DurationMs' },
  AADNonInteractiveUserSignInLogs: { long: 'DurationMs' },
  AADServicePrincipalSignInLogs: { long: 'DurationMs' },
  AADUserRiskEvents: { dynamic: 'AdditionalInfo Location' },
  AlertEvidence: { long: 'FileSize', int: 'ApplicationId' },
  Anomalies: { dynamic: 'Entities ExtendedLinks ExtendedProperties' },
  AuditLogs: { long: 'DurationMs' },
  AzureDevOpsAuditing: { guid: 'CorrelationId' },
  AzureDiagnostics: { long: 'DurationMs' },
  CloudAppEvents: { int: 'ApplicationId', dynamic: 'RawEventData' },
  CommonSecurityLog: { int: 'DestinationPort FileSize SourcePort' },
  DeviceEvents: { long: 'FileSize ProcessId ReportId', int: 'RemotePort' },
  DeviceFileCertificateInfo: { long: 'ReportId' },
  DeviceFileEvents: { long: 'FileSize ReportId' },
  DeviceImageLoadEvents: { long: 'FileSize ReportId' },
  DeviceInfo: { long: 'ReportId' },
  DeviceLogonEvents: { long: 'ReportId', int: 'RemotePort' },
  DeviceNetworkEvents: { long: 'ReportId', int: 'RemotePort' },
  DeviceNetworkInfo: { long: 'ReportId', dynamic: 'IPAddresses' },
  DeviceProcessEvents: { long: 'FileSize ProcessId ReportId' },
  DeviceRegistryEvents: { long: 'ReportId' },
  DnsEvents: { int: 'Severity' },
  EmailAttachmentInfo: { long: 'FileSize' },
  Event: { guid: 'MG' },
  Heartbeat: { guid: 'MG' },
  IdentityInfo: { dynamic: 'GroupMembership UserAccountControl' },
  LAQueryLogs: { dynamic: 'RequestContext' },
  MicrosoftGraphActivityLogs: { int: 'DurationMs' },
  SecurityEvent: { int: 'ErrorCode LogonType Version', guid: 'MG' },
  SigninLogs: {
    dynamic:
      'Agent ConditionalAccessPolicies DeviceDetail LocationDetails MfaDetail Status TokenProtectionStatusDetails',
    long: 'DurationMs',
    guid: 'OriginalRequestId',
  },
  Syslog: { guid: 'MG' },
  ThreatIntelligenceIndicator: { int: 'FileSize' },
  VMConnection: { int: 'DestinationPort Severity' },
  W3CIISLog: { guid: 'MG', int: 'Severity' },
  WindowsEvent: { int: 'Version', dynamic: 'EventData' },
};

function byName(types: Readonly<Partial<Record<ValueType, string>>>): ReadonlyMap<string, ValueType> {
  const all: readonly ValueType[] = ['bool', 'int', 'long', 'real', 'datetime', 'guid', 'dynamic'];
  return new Map(all.flatMap((type) => (types[type] ?? '').split(' ').map((name) => [name, type] as const)));
}

const common = byName(TYPES);
const special = new Map(Object.entries(BY_TABLE).map(([table, types]) => [table, byName(types)]));

/** The type of a table's column. Custom columns end in their type; any other is text. */
export function columnType(table: string, column: string): ValueType {
  if (column === '_TimeReceived') return 'datetime';
  if (column === '_BilledSize') return 'real';
  const found = special.get(table)?.get(column) ?? common.get(column);
  if (found !== undefined) return found;
  switch (/_([bdgt])$/.exec(column)?.[1]) {
    case 'b':
      return 'bool';
    case 'd':
      return 'real';
    case 't':
      return 'datetime';
    default:
      return 'string';
  }
}
