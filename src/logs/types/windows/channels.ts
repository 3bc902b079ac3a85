/**
 * The services of Sigma's Windows log sources and the event channels that each is. From the taxonomy of the Sigma
 * specification and the logsource mapping that SigmaHQ tests its rules with.
 */
export const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  application: ['Application'],
  'application-experience': [
    'Microsoft-Windows-Application-Experience/Program-Telemetry',
    'Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant',
  ],
  applocker: [
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  'appmodel-runtime': ['Microsoft-Windows-AppModel-Runtime/Admin'],
  'appxdeployment-server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'appxpackaging-om': ['Microsoft-Windows-AppxPackaging/Operational'],
  bitlocker: ['Microsoft-Windows-BitLocker/BitLocker Management'],
  'bits-client': ['Microsoft-Windows-Bits-Client/Operational'],
  capi2: ['Microsoft-Windows-CAPI2/Operational'],
  'certificateservicesclient-lifecycle-system': [
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  'codeintegrity-operational': ['Microsoft-Windows-CodeIntegrity/Operational'],
  dhcp: ['Microsoft-Windows-DHCP-Server/Operational'],
  'diagnosis-scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  'dns-client': ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'],
  'dns-server': ['DNS Server'],
  'dns-server-analytic': ['Microsoft-Windows-DNS-Server/Analytical'],
  'dns-server-audit': ['Microsoft-Windows-DNS-Server/Audit'],
  'driver-framework': [
    'Microsoft-Windows-DriverFrameworks-UserMode/Operational',
    'Microsoft-Windows-DriverFrameworks-KernelMode/Operational',
  ],
  'firewall-as': ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  'hyper-v-worker': ['Microsoft-Windows-Hyper-V-Worker', 'Microsoft-Windows-Hyper-V-Worker-Admin'],
  'iis-configuration': ['Microsoft-IIS-Configuration/Operational'],
  'kernel-event-tracing': ['Microsoft-Windows-Kernel-EventTracing', 'Microsoft-Windows-Kernel-EventTracing/Admin'],
  'kernel-shimengine': [
    'Microsoft-Windows-Kernel-ShimEngine/Operational',
    'Microsoft-Windows-Kernel-ShimEngine/Diagnostic',
  ],
  ldap: ['Microsoft-Windows-LDAP-Client/Debug'],
  'lsa-server': ['Microsoft-Windows-LSA/Operational'],
  'microsoft-servicebus-client': [
    'Microsoft-ServiceBus-Client',
    'Microsoft-ServiceBus-Client/Admin',
    'Microsoft-ServiceBus-Client/Operational',
  ],
  'msexchange-management': ['MSExchange Management'],
  ntfs: ['Microsoft-Windows-Ntfs/Operational'],
  ntlm: ['Microsoft-Windows-NTLM/Operational'],
  openssh: ['OpenSSH/Operational'],
  powershell: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'],
  'powershell-classic': ['Windows PowerShell'],
  'printservice-admin': ['Microsoft-Windows-PrintService/Admin'],
  'printservice-operational': ['Microsoft-Windows-PrintService/Operational'],
  security: ['Security'],
  'security-mitigations': [
    'Microsoft-Windows-Security-Mitigations/Kernel Mode',
    'Microsoft-Windows-Security-Mitigations/User Mode',
  ],
  sense: ['Microsoft-Windows-SENSE/Operational'],
  'servicebus-client': ['Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational'],
  'shell-core': ['Microsoft-Windows-Shell-Core/Operational'],
  'smbclient-connectivity': ['Microsoft-Windows-SmbClient/Connectivity'],
  'smbclient-security': ['Microsoft-Windows-SmbClient/Security'],
  'smbserver-connectivity': ['Microsoft-Windows-SMBServer/Connectivity'],
  sysmon: ['Microsoft-Windows-Sysmon/Operational'],
  system: ['System'],
  taskscheduler: ['Microsoft-Windows-TaskScheduler/Operational'],
  'terminalservices-localsessionmanager': ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  vhdmp: ['Microsoft-Windows-VHDMP/Operational'],
  windefend: ['Microsoft-Windows-Windows Defender/Operational'],
  wmi: ['Microsoft-Windows-WMI-Activity/Operational'],
};

/**
 * The providers of services that events without a channel of their own are of: those that a collector's log (`ForwardedEvents`) holds, and
 * flat ones whose channel was lost. Where the service's channels are named after one provider, that.
 */
export const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(CHANNELS).flatMap(([service, channels]) => {
      const found = channels.flatMap((channel) => /^(Microsoft-[^/]+)\//.exec(channel)?.[1] ?? []);
      return found.length === 0 ? [] : [[service, [...new Set(found)]] as const];
    }),
  ),
  powershell: ['Microsoft-Windows-PowerShell', 'PowerShellCore'],
  'powershell-classic': ['PowerShell'],
  'lsa-server': ['LsaSrv', 'Microsoft-Windows-LSA'],
  openssh: ['OpenSSH'],
  ntlm: ['Microsoft-Windows-NTLM', 'Microsoft-Windows-Security-Netlogon'],
  'msexchange-management': ['MSExchange CmdletLogs'],
  'dns-server': ['Microsoft-Windows-DNS-Server-Service'],
  system: [
    'Service Control Manager',
    'EventLog',
    'Microsoft-Windows-Kernel-General',
    'Microsoft-Windows-Kernel-Power',
    'Microsoft-Windows-DistributedCOM',
    'Microsoft-Windows-GroupPolicy',
    'Microsoft-Windows-WindowsUpdateClient',
    'Microsoft-Windows-DHCP-Client',
    'Microsoft-Windows-Time-Service',
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
    'NETLOGON',
    'Netlogon',
    'Application Popup',
    'Ntfs',
    'volsnap',
    'Microsoft-Windows-Ntfs',
    'Microsoft-Windows-Kerberos-Key-Distribution-Center',
    'Microsoft-Windows-Directory-Services-SAM',
  ],
  application: [
    'Application Error',
    'Windows Error Reporting',
    'MsiInstaller',
    'ESENT',
    'Microsoft-Windows-Security-SPP',
    'Microsoft-Windows-Audit-CVE',
    'Microsoft-Windows-Backup',
    'Microsoft Forefront',
    'ScreenConnect',
    'MSSQLSERVER',
    'VSS',
  ],
};

export const SYSMON_CHANNEL = 'microsoft-windows-sysmon/operational';
export const LINUX_SYSMON_CHANNEL = 'linux-sysmon/operational';
export const SECURITY_CHANNEL = 'security';
