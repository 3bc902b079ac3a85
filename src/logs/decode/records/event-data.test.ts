import { expect, test } from 'vitest';
import { dataInOrder } from './event-data.ts';
import { EVENT_TEMPLATES } from './event-templates.ts';

const values = (count: number): string[] => Array.from({ length: count }, (_, at) => `v${at}`);

test('no two versions of an event have equally many data, and none a name twice', () => {
  for (const [provider, byId] of Object.entries(EVENT_TEMPLATES)) {
    expect(provider).toBe(provider.toLowerCase());
    for (const [id, texts] of Object.entries(byId)) {
      const lengths = texts.flatMap((text) => {
        const parts = text.split(' | ');
        return parts.map(
          (_, at) =>
            parts
              .slice(0, at + 1)
              .join(' ')
              .split(' ').length,
        );
      });
      expect(new Set(lengths).size, `${provider} ${id}`).toBe(lengths.length);
      for (const text of texts) {
        const names = text.replaceAll(' | ', ' ').split(' ');
        expect(new Set(names).size, `${provider} ${id}`).toBe(names.length);
      }
    }
  }
});

test.each([
  [23, 'OriginalFileName', 'v9'],
  [22, 'OriginalFileName', 'v9'],
  [21, 'CommandLine', 'v9'],
  [20, 'CommandLine', 'v8'],
])('Sysmon 1 with %i data', (count, name, value) => {
  expect(dataInOrder('Microsoft-Windows-Sysmon', '1', values(count))).toHaveProperty(name, value);
});

test('names are those of the version that has so many; of fewer, those that all versions begin with', () => {
  const security = 'Microsoft-Windows-Security-Auditing';
  expect(dataInOrder(security, '4624', values(21))).toHaveProperty('ImpersonationLevel', 'v20');
  expect(dataInOrder('Service Control Manager', '7045', ['S', 'C:\\s.exe'])).toEqual({
    ServiceName: 'S',
    ImagePath: 'C:\\s.exe',
  });
  // Versions differ in what comes tenth.
  expect(dataInOrder('Microsoft-Windows-Sysmon', '1', values(12))).toEqual({ Data: { '#text': values(12) } });
  expect(dataInOrder(security, '4624', values(40))).toEqual({ Data: { '#text': values(40) } });
  expect(dataInOrder('Anyone', '1', ['a'])).toEqual({ Data: { '#text': 'a' } });
  expect(dataInOrder('Anyone', '1', [])).toEqual({});
});
