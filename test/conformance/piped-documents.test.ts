import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../../src/ir/rule/rule.ts';
import { POWERSHELL_MOVED, SECURITY_MOVED, SYSMON_MOVED } from '../../src/logs/types/windows/moves.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { show } from '../views/view-values.ts';
import { inputs } from './inputs.ts';
import { agrees } from './piped/agreement.ts';
import { objectIn, type PipedEvent, pipedEvents, STREAMS, valueAt, without } from './piped/documents.ts';
import { takenOut } from './piped/pipelines.ts';
import { isAboutWindows, unreached } from './piped/rules.ts';
import { corpora, openTree } from './tree.ts';

/**
 * What Elastic's pipelines move out of an event's data is found again, held against the documents that the vendor expects of its own
 * pipelines: each datum of the event before is what a Sigma rule sees of the document after, and each move of our table is needed
 * for that by one of them at least.
 */
const PACKAGES = ['elastic/packages/windows.tar.gz', 'elastic/packages/system.tar.gz'];
const RULES = 'sigma/sigmahq-rules.tar.gz';
const { there, asPinned } = inputs([...PACKAGES, RULES], 'b653e9f823ec');
const tree = openTree(corpora);
afterAll(() => tree.close());

/** Texts that mean that there is none: pipelines drop them. */
const NOTHING = new Set(['', '-', '{00000000-0000-0000-0000-000000000000}']);

/** What no document holds any more, and why. */
const LOST: readonly (readonly [channel: RegExp, id: RegExp, datum: string, why: string])[] = [
  ...['Hashes', 'sha256'].map(
    (name) =>
      [/Sysmon/, /^2[78]$/, name, 'the pipeline keeps hashes of the events 1, 6, 7, 15 and 23 to 26 alone'] as const,
  ),
  [/Sysmon/, /^13$/, 'Details', 'the pipeline of forwarded events keeps numbers alone'],
  [/Sysmon/, /^22$/, 'UtcTime', 'one document has no time that its pipeline reads'],
  [/Sysmon/, /^4$/, 'Version', 'not moved: the version of the event has the same name'],
  [/^Windows PowerShell$/, /^/, 'param1', 'found in `Data`, as all that has no name'],
  [/^Windows PowerShell$/, /^/, 'param2', 'found in `Data`'],
  [/^Windows PowerShell$/, /^/, 'param3', 'found in `Data`'],
];

const isLost = ({ channel, eventId }: PipedEvent, datum: string): boolean =>
  LOST.some(([inChannel, id, name]) => inChannel.test(channel) && id.test(eventId) && name === datum);

const HASHES = ['md5', 'sha1', 'sha256', 'imphash'];

/** What the event has, single hashes of its `Hashes` too: rules ask for them by name. */
const filled = ({ data }: PipedEvent): readonly (readonly [string, string])[] =>
  [...Object.entries(data), ...hashesIn(data['Hashes'] ?? data['Hash'] ?? '')].filter(
    ([, value]) => !NOTHING.has(value),
  );

function hashesIn(text: string): readonly (readonly [string, string])[] {
  return text.split(',').flatMap((part) => {
    const [name = '', value = ''] = part.toLowerCase().split('=');
    if (!HASHES.includes(name) || /^0*$/.test(value)) return [];
    return name === 'imphash' ? [['imphash', value] as const, ['Imphash', value] as const] : [[name, value] as const];
  });
}

/** The data of the event that a document gives back, and those that it does not. */
function compared(event: PipedEvent, document = event.document) {
  const seen = show(document, 'sigma');
  const labels = ['logsource.category', 'logsource.service'].flatMap((name) => seen.get(name) ?? []).map(String);
  const [back, gone]: [string[], string[]] = [[], []];
  for (const [name, value] of filled(event)) (agrees(name, value, seen.get(name)) ? back : gone).push(name);
  const unnamed = [seen.get('Data') ?? []].flat().map(String);
  return { labels, back, gone, unnamed };
}

/** Moves that no document of the vendor shows, though its pipelines make them. */
const UNSEEN: readonly (readonly [move: string, why: string])[] = [
  ['SYSMON_MOVED SourceProcessGUID process.entity_id', 'no document is an event 10'],
  ['SYSMON_MOVED SourceThreadId process.thread.id', 'no document is an event 10'],
  ['SYSMON_MOVED PipeName file.name', 'no document is an event 17 or 18'],
  ['SYSMON_MOVED TargetProcessGUID winlog.event_data.TargetProcessGuid', 'the documents have the name that it becomes'],
  ['POWERSHELL_MOVED Path file.path', 'the script blocks of the documents come from no file'],
];

/** The pipeline that events of a channel go through; of forwarded events one of the same name. */
const PIPELINES: Readonly<Record<string, string>> = {
  'Microsoft-Windows-Sysmon/Operational': 'windows/sysmon_operational',
  'Microsoft-Windows-PowerShell/Operational': 'windows/powershell_operational',
  'Windows PowerShell': 'windows/powershell',
  Security: 'system/security',
};

describe.runIf(there)("Windows events behind Elastic's pipelines", { timeout: 600_000 }, () => {
  const folders = PACKAGES.map((path) => tree.unpack(path) ?? '');
  const folderOf = (stream: string): string => folders[stream.startsWith('system') ? 1 : 0] ?? '';
  // The body runs where the tests are skipped, too.
  const events = there ? STREAMS.flatMap((stream) => pipedEvents(folderOf(stream), stream)) : [];
  const pipelines = there ? Object.entries(PIPELINES) : [];
  const taken = new Map(pipelines.map(([channel, stream]) => [channel, takenOut(folderOf(stream), stream)]));

  test('each datum of an event is what a rule sees of its document', () => {
    const gone = events.flatMap((event) =>
      compared(event)
        .gone.filter((name) => !isLost(event, name))
        .map((name) => `${event.file} ${event.eventId} ${name}`),
    );
    expect(gone).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
    for (const [channel, id, name] of LOST) {
      const some = events.filter((event) => channel.test(event.channel) && id.test(event.eventId));
      if (asPinned)
        expect(
          some.flatMap((event) => compared(event).gone),
          `${channel} ${name}`,
        ).toContain(name);
    }
  });

  test('data without names are found in `Data`', () => {
    const classic = events.filter(({ channel }) => channel === 'Windows PowerShell');
    expect(classic.length).toBeGreaterThan(0);
    for (const event of classic) {
      const { unnamed } = compared(event);
      const told = unnamed.join('\n');
      const wanted = Object.values(event.data).flatMap((text) => text.split('\n').map((line) => line.trim()));
      // Only so much is lost: how many parts a text has, of whom the details are once more, lines without a value.
      const kept = wanted.filter((line) => !/^(?:Detail(?:Sequence|Total)|UserId)=|=$|^$/.test(line));
      for (const line of kept) expect(told, `${event.file} ${event.eventId}`).toContain(line);
    }
  });

  test('what leaves `winlog.event_data` is what the pipelines say', () => {
    const left = events.flatMap((event) => {
      const after = objectIn(valueAt(event.document, 'winlog.event_data') ?? null);
      const names = taken.get(event.channel) ?? new Set();
      return Object.entries(event.data)
        .filter(
          ([name, value]) =>
            !NOTHING.has(value) &&
            after[name] === undefined &&
            !names.has(name) &&
            !names.has(name.replaceAll(' ', '')),
        )
        .map(([name]) => `${event.stream} ${event.eventId} ${name}`);
    });
    expect([...new Set(left)]).toEqual([]);
  });

  test('each move is needed by a document of the vendor', () => {
    const moves = Object.entries({ SYSMON_MOVED, SECURITY_MOVED, POWERSHELL_MOVED }).flatMap(([table, moved]) =>
      Object.entries(moved).flatMap(([name, paths]) => paths.map((path) => ({ table, name, path }))),
    );
    const idle = moves.filter(({ name, path }) => {
      return !events.some((event) => {
        if (valueAt(event.document, path) === undefined) return false;
        const before = compared(event);
        const after = compared(event, without(event.document, path.split('.')));
        const lost = before.back.filter((datum) => !after.back.includes(datum));
        return (
          lost.includes(name) ||
          (name.startsWith('shipped') && (lost.length > 0 || before.unnamed.length > after.unnamed.length))
        );
      });
    });
    expect(idle.map(({ table, name, path }) => `${table} ${name} ${path}`).sort()).toEqual(
      UNSEEN.map(([move]) => move).sort(),
    );
  });

  test('SigmaHQ: the fields of a rule are there, or found again', { timeout: 600_000 }, async () => {
    const rules = await windowsRules();
    const unmet = unreached(
      rules,
      events.map((event) => ({ event, ...compared(event) })),
      taken,
    );
    console.log(`${rules.length} rules about Windows, ${unmet.length} ask for what no document holds`, unmet);
    expect(rules.length - unmet.length).toBeGreaterThanOrEqual(2_840);
  });

  async function windowsRules(): Promise<readonly Rule[]> {
    const folder = tree.unpack(RULES) ?? '';
    const { rules } = await loadRules(
      ['', '-emerging-threats', '-threat-hunting', '-dfir', '-compliance', '-placeholder'].map((name) =>
        join(folder, `rules${name}`),
      ),
    );
    return rules.filter(isAboutWindows);
  }
});
