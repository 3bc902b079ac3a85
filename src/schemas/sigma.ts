import type { Schema } from '../ir/view.ts';

/** Fields that Sigma's taxonomy names for its general categories; any product may have others. */
const TAXONOMY: readonly string[] = [
  // Windows events of every kind
  ...['EventID', 'Channel', 'Provider_Name', 'Computer', 'ComputerName', 'User', 'UtcTime', 'RuleName'],
  // process_creation, process_access, process_termination, create_remote_thread
  ...['CommandLine', 'Company', 'CurrentDirectory', 'Description', 'FileVersion', 'Hashes', 'Image', 'IntegrityLevel'],
  ...[
    'LogonGuid',
    'LogonId',
    'OriginalFileName',
    'ParentCommandLine',
    'ParentImage',
    'ParentProcessGuid',
    'ParentUser',
  ],
  ...[
    'ParentProcessId',
    'ProcessGuid',
    'ProcessId',
    'Product',
    'TerminalSessionId',
    'Imphash',
    'md5',
    'sha1',
    'sha256',
  ],
  ...[
    'CallTrace',
    'GrantedAccess',
    'SourceImage',
    'SourceProcessGuid',
    'SourceProcessId',
    'SourceThreadId',
    'SourceUser',
  ],
  ...[
    'TargetImage',
    'TargetProcessGuid',
    'TargetProcessId',
    'TargetUser',
    'NewThreadId',
    'StartAddress',
    'StartFunction',
  ],
  ...['StartModule'],
  // image_load, driver_load
  ...['ImageLoaded', 'Signature', 'SignatureStatus', 'Signed'],
  // file_event, file_delete, file_change, create_stream_hash, pipe_created
  ...[
    'TargetFilename',
    'CreationUtcTime',
    'PreviousCreationUtcTime',
    'Archived',
    'IsExecutable',
    'Contents',
    'PipeName',
  ],
  // registry_event, registry_add, registry_set, registry_delete, registry_rename
  ...['EventType', 'Details', 'TargetObject', 'NewName'],
  // network_connection, dns_query
  ...[
    'DestinationHostname',
    'DestinationIp',
    'DestinationIsIpv6',
    'DestinationPort',
    'DestinationPortName',
    'Initiated',
  ],
  ...['Protocol', 'SourceHostname', 'SourceIp', 'SourceIsIpv6', 'SourcePort', 'SourcePortName'],
  ...['QueryName', 'QueryResults', 'QueryStatus', 'record_type', 'answer', 'query'],
  // wmi_event
  ...['Operation', 'EventNamespace', 'Name', 'Query', 'Type', 'Destination', 'Consumer', 'Filter'],
  // ps_script, ps_module, ps_classic_*
  ...['ScriptBlockText', 'ScriptBlockId', 'Path', 'Payload', 'ContextInfo', 'HostApplication', 'Data'],
  // proxy, webserver, firewall
  ...['c-uri', 'c-uri-extension', 'c-uri-query', 'c-uri-stem', 'c-useragent', 'cs-bytes', 'cs-cookie', 'cs-host'],
  ...['cs-method', 'cs-referer', 'cs-version', 'cs-uri-query', 'cs-uri-stem', 'cs-username', 'cs-user-agent', 'cs-ip'],
  ...['r-dns', 'sc-bytes', 'sc-status', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'username', 'date', 'time'],
];

/**
 * Sigma's taxonomy. It is open: every log source has fields of its own, so a name it lacks is no mistake. Values are
 * compared by their text, whatever their type.
 */
export const sigmaSchema: Schema = {
  name: 'sigma',
  typeOf: () => undefined,
  fieldNames: () => TAXONOMY,
};
