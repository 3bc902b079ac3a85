const SYSMON = 'Microsoft-Windows-Sysmon';
const SECURITY = 'Microsoft-Windows-Security-Auditing';
const POWERSHELL = 'Microsoft-Windows-PowerShell';

/** A category of Windows events: the ids they have, and who writes them. */
export interface WindowsCategory {
  readonly ids: readonly number[];
  readonly providers: readonly string[];
}

const of = (ids: readonly number[], ...providers: readonly string[]): WindowsCategory => ({ ids, providers });

/** The categories that one kind of event or a few make up: Sysmon's, and their like of the other channels. */
export const windowsCategories: ReadonlyMap<string, WindowsCategory> = new Map([
  ['process_creation', of([1, 4688], SYSMON, SECURITY, 'Microsoft-Windows-Kernel-Process')],
  ['file_change', of([2], SYSMON)],
  ['network_connection', of([3, 5156], SYSMON, SECURITY)],
  ['sysmon_status', of([4, 16], SYSMON)],
  ['process_termination', of([5, 4689], SYSMON, SECURITY)],
  ['driver_load', of([6], SYSMON)],
  ['image_load', of([7], SYSMON)],
  ['create_remote_thread', of([8], SYSMON)],
  ['raw_access_thread', of([9], SYSMON)],
  ['process_access', of([10], SYSMON)],
  ['file_event', of([11], SYSMON)],
  ['registry_add', of([12, 4657], SYSMON, SECURITY)],
  ['registry_delete', of([12, 4657, 4660], SYSMON, SECURITY)],
  ['registry_set', of([13, 4657], SYSMON, SECURITY)],
  ['registry_rename', of([14], SYSMON)],
  ['registry_event', of([12, 13, 14, 4657, 4660, 4663], SYSMON, SECURITY)],
  ['create_stream_hash', of([15], SYSMON)],
  ['pipe_created', of([17, 18], SYSMON)],
  ['wmi_event', of([19, 20, 21, 5857, 5858, 5859, 5860, 5861], SYSMON, 'Microsoft-Windows-WMI-Activity')],
  ['dns_query', of([22, 3006, 3008], SYSMON, 'Microsoft-Windows-DNS-Client')],
  ['file_delete', of([23, 26], SYSMON)],
  ['clipboard_capture', of([24], SYSMON)],
  ['process_tampering', of([25], SYSMON)],
  ['file_block_executable', of([27], SYSMON)],
  ['file_block_shredding', of([28], SYSMON)],
  ['file_executable_detected', of([29], SYSMON)],
  ['sysmon_error', of([255], SYSMON)],
  ['ps_module', of([4103], POWERSHELL)],
  ['ps_script', of([4104], POWERSHELL)],
  ['ps_classic_start', of([400], 'PowerShell')],
  ['ps_classic_provider_start', of([600], 'PowerShell')],
  ['ps_classic_script', of([800], 'PowerShell')],
]);

/** Categories of several kinds of events, where an `EventID` chooses one. */
const OF_SEVERAL: ReadonlySet<string> = new Set(['registry_event', 'wmi_event', 'pipe_created', 'sysmon_status']);

/** Whether the category says which event it is, so that a rule need not. */
export function decidesEventId(category: string): boolean {
  return windowsCategories.has(category) && !OF_SEVERAL.has(category);
}

/** The category whose only source in Sysmon, or in the security channel, is this event. */
export function categoryOfEvent(service: string, id: number): string | undefined {
  if (service === 'security') return id === 4688 ? 'process_creation' : undefined;
  if (service !== 'sysmon') return undefined;
  // 12 to 14 are sorted by what they do, which the id alone does not say.
  if (id >= 12 && id <= 14) return 'registry_event';
  const found = [...windowsCategories].find(([, { ids, providers }]) => providers.includes(SYSMON) && ids.includes(id));
  return found?.[0];
}
