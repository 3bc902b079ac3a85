import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

const rule = (detection: string): string =>
  lines(
    'title: Command',
    'id: 7d1f7a52-1111-4a0e-b6c5-6f1d0a7e4040',
    'logsource: {product: windows, category: process_creation}',
    'detection:',
    ...detection.split('\n').map((line) => `  ${line}`),
  );

const selection = "selection:\n  Image|endswith: '\\cmd.exe'\n";
const event = {
  EventID: 1,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Provider_Name: 'Microsoft-Windows-Sysmon',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  CommandLine: 'cmd.exe /c dir',
  User: 'IEWIN7\\IEUser',
  UtcTime: '2026-01-02 03:04:05.006',
};

async function because(detection: string, of: object = event): Promise<unknown> {
  const root = folder({ 'r.yml': rule(detection), 'e.ndjson': `${JSON.stringify(of)}\n` });
  const args = ['explain', '--rule', `${root}/r.yml`, '--event', `${root}/e.ndjson`, '--format', 'json'];
  return (JSON.parse((await dragoman(args)).out) as { because: unknown }).because;
}

describe('the reason why a record is not matched', () => {
  it.each([
    [
      `${selection}filter_a:\n  User: 'IEWIN7\\IEUser'\ncondition: selection and not filter_a`,
      'excluded by filter_a: User is "IEWIN7\\IEUser" (any case)',
    ],
    [
      `${selection}filter_main:\n  User: 'IEWIN7\\IEUser'\n  CommandLine|contains: dir\nfilter_other:\n  User: x\ncondition: selection and not 1 of filter_*`,
      'excluded by filter_main: User is "IEWIN7\\IEUser" (any case) and CommandLine contains "dir" (any case)',
    ],
    [
      `${selection}filter_a:\n  CommandLine|contains: dir\nfilter_b:\n  User|endswith: User\ncondition: selection and not filter_a and not filter_b`,
      'excluded by filter_a: CommandLine contains "dir" (any case); excluded by filter_b: User ends with "User" (any case)',
    ],
    [
      `${selection}other:\n  User: x\ncondition: selection and not (not other)`,
      'User is "x" (any case), but it is "IEWIN7\\IEUser"',
    ],
    [`${selection}condition: not selection`, 'excluded by selection: Image ends with "\\cmd.exe" (any case)'],
  ])('%j', async (detection, expected) => {
    expect(await because(detection)).toBe(expected);
  });

  it('says what failed where nothing was excluded', async () => {
    const detection = `${selection}filter_a:\n  User: x\ncondition: selection and not filter_a`;
    expect(await because(detection, { ...event, Image: 'C:\\a.exe' })).toBe(
      'Image ends with "\\cmd.exe" (any case), but it is "C:\\a.exe"',
    );
  });

  it('has kinds of conditions as data', async () => {
    const root = folder({
      'r.yml': rule(`${selection}filter_a:\n  User: x\ncondition: selection and not filter_a`),
      'e.ndjson': `${JSON.stringify(event)}\n`,
    });
    const args = ['explain', '--rule', `${root}/r.yml`, '--event', `${root}/e.ndjson`, '--format', 'json'];
    const told = JSON.parse((await dragoman(args)).out) as { explanation: { op: string; children: { op: string }[] } };
    expect(told.explanation.op).toBe('and');
    expect(told.explanation.children.map(({ op }) => op)).toEqual(expect.arrayContaining(['match', 'not']));
  });
});
