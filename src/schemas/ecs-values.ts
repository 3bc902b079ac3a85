/**
 * Fields whose values ECS closes (ECS reference, "Categorization fields"), in their order there; after `+` what older Beats wrote before
 * ECS had a value for it (Auditbeat, Packetbeat).
 */
const PACKED: Readonly<Record<string, string>> = {
  'event.kind': 'alert asset enrichment event metric state pipeline_error signal',
  'event.category':
    'api authentication configuration database driver email file host iam intrusion_detection library malware network package process registry session threat vulnerability web + network_traffic network_flow audit-rule user-login',
  'event.type':
    'access admin allowed change connection creation deletion denied device end error group indicator info installation protocol start user + process_started process_stopped',
  'event.outcome': 'failure success unknown',
};

let unpacked: ReadonlyMap<string, readonly string[]> | undefined;

/** The values that a field may have; undefined where it may have any. */
export function closedValues(field: string): readonly string[] | undefined {
  unpacked ??= new Map(
    Object.entries(PACKED).map(([name, values]) => [name, values.split(' ').filter((value) => value !== '+')]),
  );
  return unpacked.get(field);
}
