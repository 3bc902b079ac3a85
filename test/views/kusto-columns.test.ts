import { describe, expect, test } from 'vitest';
import { logTypes } from '../../src/logs/registry.ts';
import { columnType } from '../../src/logs/types/kusto-columns.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';

/** Tables whose rows are typed as the schema types them; see `kusto-columns.ts`. */
const TABLES = [
  ...['SigninLogs', 'AuditLogs', 'AzureActivity', 'OfficeActivity', 'SecurityEvent', 'SecurityAlert', 'Syslog'],
  ...['CommonSecurityLog', 'AWSCloudTrail', 'ThreatIntelligenceIndicator', 'IdentityInfo', 'Event', 'WindowsEvent'],
  ...['DeviceProcessEvents', 'DeviceNetworkEvents', 'DeviceFileEvents', 'DeviceImageLoadEvents', 'DeviceEvents'],
  ...['DeviceRegistryEvents', 'DeviceLogonEvents', 'DeviceInfo', 'CloudAppEvents', 'EmailEvents', 'AlertInfo'],
  ...['EmailUrlInfo', 'EmailAttachmentInfo', 'UrlClickEvents', 'AlertEvidence', 'IdentityLogonEvents', 'DnsEvents'],
];

describe('the types of columns', () => {
  test.each(TABLES)('%s', (table) => {
    const columns = [...(kustoSchema.fieldNames(table) ?? [])];
    expect(columns.length).toBeGreaterThan(5);
    const wrong = columns.filter((column) => columnType(table, column) !== kustoSchema.typeOf(column, table));
    expect(wrong).toEqual([]);
  });

  test('views made for a table give the columns that it has, with its types', () => {
    const wrong = logTypes.flatMap((type) =>
      type.views.flatMap((view) => {
        if (view.schema !== 'kusto' || view.table === undefined) return [];
        const { table } = view;
        return [...view.fields].flatMap(([name, field]) => {
          const known = kustoSchema.typeOf(name, table);
          // Defender's tables have both times, whichever product the row is from.
          return known === field.type || name === 'Timestamp'
            ? []
            : [`${type.name} ${table}.${name}: ${field.type}, not ${known}`];
        });
      }),
    );
    expect(wrong).toEqual([]);
  });
});
