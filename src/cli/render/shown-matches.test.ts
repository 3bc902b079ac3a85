import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Match, Rule, RuleSeverity } from '../../index.ts';
import { matchCards } from './match-cards.ts';
import { ShownMatches, severityOf, severityRank } from './shown-matches.ts';
import { plain } from './style.ts';

const span = { source: 'f', start: 0, end: 0 };

function match(
  severity: RuleSeverity | undefined,
  time: string | undefined,
  name = 'A rule',
  techniques: string[] = [],
): Match {
  const rule = {
    id: name,
    name,
    severity,
    techniques,
    tags: [],
    format: 'sigma',
    file: 'r.yml',
    span,
  } as unknown as Rule;
  const source = { file: '/var/log/a-long-name-of-a-folder/and-another/events.ndjson', line: 1234 };
  const event = { CommandLine: 'cmd.exe /c whoami', Image: 'C:\\Windows\\System32\\cmd.exe', User: 'DOMAIN\\someone' };
  return { rule, record: { event, logType: 'windows.sysmon', shape: 'flat', source }, time };
}

const severities = ['critical', 'high', 'medium', 'low', 'informational', undefined] as const;
const times = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', undefined];
const some = fc.array(
  fc.tuple(fc.constantFrom(...severities), fc.constantFrom(...times), fc.constantFrom('a', 'b', 'c')),
  {
    maxLength: 60,
  },
);

describe('shown matches', () => {
  test('are the first of all by their order, whatever order they come in', () => {
    fc.assert(
      fc.property(
        some,
        fc.constantFrom('severity', 'time', 'rule', 'input'),
        fc.integer({ min: 1, max: 10 }),
        (given, sort, most) => {
          const matches = given.map(([severity, time, name]) => match(severity, time, name));
          const shown = new ShownMatches(most, sort);
          const all = new ShownMatches(Number.POSITIVE_INFINITY, sort);
          for (const one of matches) {
            shown.add(one);
            all.add(one);
          }
          expect(shown.matches).toEqual(all.matches.slice(0, most));
          expect([shown.total, all.matches.length]).toEqual([matches.length, matches.length]);
          const keys = all.matches.map((one) => {
            const time = one.time ?? '~';
            const of = {
              severity: `${severityRank(severityOf(one))}${time}`,
              time,
              rule: `${one.rule.name}${time}`,
              input: '',
            };
            return of[sort];
          });
          expect(keys).toEqual([...keys].sort());
          if (sort === 'input') expect(all.matches).toEqual(matches);
        },
      ),
    );
  });

  test('are counted by severity, the worst first', () => {
    const shown = new ShownMatches(1, 'severity');
    for (const severity of ['low', 'critical', undefined, 'low'] as const) shown.add(match(severity, undefined));
    expect(shown.severitiesInWords()).toBe('1 critical, 2 low, 1 without severity');
    const silent = new ShownMatches(1, 'severity');
    silent.add(match(undefined, undefined));
    expect(silent.severitiesInWords()).toBe('');
  });
});

describe('two lines a match', () => {
  const cards = (columns: number): readonly string[] =>
    matchCards(
      [
        match('high', '2026-01-01T00:00:00.123Z', 'Suspicious Encoded PowerShell Command Line', ['T1059.001', 'T1027']),
        match('informational', undefined, 'Short', ['T1033', 'T1082']),
      ],
      { paint: plain, columns },
    );

  test('at 80 columns', () => {
    const place = '    …er/and-another/events.ndjson:1234  CommandLine=cmd.exe /c whoami Image=C:\\…';
    expect(cards(80)).toEqual([
      '2026-01-01T00:00:00Z  high           Suspicious Encoded PowerShell Command Line',
      place,
      '-  informational  Short  T1033 T1082',
      place,
    ]);
  });

  test.each([60, 80, 100, 140])('no line is wider than %j columns', (columns) => {
    for (const line of cards(columns)) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('techniques that do not fit are counted, the title is whole', () => {
    expect(cards(100)[0]).toBe(
      '2026-01-01T00:00:00Z  high           Suspicious Encoded PowerShell Command Line  T1059.001 T1027',
    );
    expect(cards(94)[0]).toBe(
      '2026-01-01T00:00:00Z  high           Suspicious Encoded PowerShell Command Line  T1059.001 +1',
    );
  });
});
