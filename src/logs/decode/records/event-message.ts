/** What the English message of an event calls its data, by event id; below a head, where the same label stands below several. */
const LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '4688': {
    'Creator Subject/Security ID': 'SubjectUserSid',
    'Creator Subject/Account Name': 'SubjectUserName',
    'Creator Subject/Account Domain': 'SubjectDomainName',
    'Creator Subject/Logon ID': 'SubjectLogonId',
    'Subject/Security ID': 'SubjectUserSid',
    'Subject/Account Name': 'SubjectUserName',
    'Subject/Account Domain': 'SubjectDomainName',
    'Subject/Logon ID': 'SubjectLogonId',
    'Target Subject/Account Name': 'TargetUserName',
    'Target Subject/Account Domain': 'TargetDomainName',
    'New Process ID': 'NewProcessId',
    'New Process Name': 'NewProcessName',
    'Token Elevation Type': 'TokenElevationType',
    'Mandatory Label': 'MandatoryLabel',
    'Creator Process ID': 'ProcessId',
    'Creator Process Name': 'ParentProcessName',
    'Process Command Line': 'CommandLine',
  },
  '4624': {
    'Subject/Account Name': 'SubjectUserName',
    'Subject/Account Domain': 'SubjectDomainName',
    'Subject/Logon ID': 'SubjectLogonId',
    'Logon Type': 'LogonType',
    'New Logon/Security ID': 'TargetUserSid',
    'New Logon/Account Name': 'TargetUserName',
    'New Logon/Account Domain': 'TargetDomainName',
    'New Logon/Logon ID': 'TargetLogonId',
    'Process Information/Process Name': 'ProcessName',
    'Workstation Name': 'WorkstationName',
    'Source Network Address': 'IpAddress',
    'Source Port': 'IpPort',
    'Logon Process': 'LogonProcessName',
    'Authentication Package': 'AuthenticationPackageName',
    'Key Length': 'KeyLength',
  },
  '4625': {
    'Subject/Account Name': 'SubjectUserName',
    'Subject/Account Domain': 'SubjectDomainName',
    'Logon Type': 'LogonType',
    'Account For Which Logon Failed/Account Name': 'TargetUserName',
    'Account For Which Logon Failed/Account Domain': 'TargetDomainName',
    Status: 'Status',
    'Sub Status': 'SubStatus',
    'Workstation Name': 'WorkstationName',
    'Source Network Address': 'IpAddress',
    'Source Port': 'IpPort',
    'Logon Process': 'LogonProcessName',
    'Authentication Package': 'AuthenticationPackageName',
  },
  '7045': {
    'Service Name': 'ServiceName',
    'Service File Name': 'ImagePath',
    'Service Type': 'ServiceType',
    'Service Start Type': 'StartType',
    'Service Account': 'AccountName',
  },
};

/** Sysmon's messages call its data by their names. */
const SYSMON = /sysmon/i;
const PAIR = /^[ \t]*([A-Z][A-Za-z0-9 ]{0,40}):(.*)$/;

/**
 * The data of an event that its message in English tells, as far as they are known: for forms that have nothing else. Splunk calls the
 * same by the label with `_` for blanks, without the head: see `datumOfLabel`.
 */
export function dataOfMessage(provider: string, id: string, message: string): Record<string, string> {
  const found: Record<string, string> = {};
  const labels = LABELS[id];
  const isSysmon = SYSMON.test(provider);
  if (labels === undefined && !isSysmon) return found;
  let head = '';
  for (const line of message.split(/\r?\n/)) {
    const [, label, rest = ''] = PAIR.exec(line) ?? [];
    if (label === undefined) continue;
    const value = rest.trim();
    if (value === '' && !/^[ \t]/.test(line)) {
      head = label;
      continue;
    }
    const name = isSysmon ? label : (labels?.[`${head}/${label}`] ?? labels?.[label]);
    if (name !== undefined && value !== '' && value !== '-' && found[name] === undefined) found[name] = value;
  }
  return found;
}

/** The datum that a label with `_` for blanks is (`New_Process_Name`), where no head is needed to tell. */
export function datumOfLabel(id: string, label: string): string | undefined {
  return LABELS[id]?.[label.replaceAll('_', ' ')];
}
