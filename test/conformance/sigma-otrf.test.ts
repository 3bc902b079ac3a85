import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../src/detect/engine.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import { loadRules } from '../../src/rules/load-rules.ts';

/**
 * Every SigmaHQ rule over real Windows events, beside what a plain evaluator found there. That one is no truth: it gates by
 * Sysmon's event ids and a channel's service only. What we find beyond it must be of a kind that is named here; what it
 * finds we must find.
 */
const corpora = process.env['DRAGOMAN_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const there = existsSync(join(corpora, 'sigma/otrf'));
if (!there) console.warn(`skipped: no conformance data at ${corpora}`);

interface NaiveHits {
  readonly zips: readonly {
    readonly zip: string;
    readonly events: number;
    readonly hits: readonly { readonly event: number; readonly rules: readonly string[] }[];
  }[];
}

const scratch = mkdtempSync(join(tmpdir(), 'dragoman-otrf-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe.skipIf(!there)('SigmaHQ over the OTRF sets', () => {
  test('agrees with a plain evaluator, but for differences of known kinds', async () => {
    execFileSync('tar', ['xzf', join(corpora, 'sigma/sigmahq-rules.tar.gz'), '-C', scratch]);
    const folders = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) => join(scratch, name));
    const { rules } = await loadRules(folders);
    const naive: NaiveHits = JSON.parse(readFileSync(join(corpora, 'sigma/otrf/naive_hits.json'), 'utf8'));
    const counts = {
      agreed: 0,
      missing: [] as string[],
      processCreationOf4688: 0,
      providerName: 0,
      unexplained: [] as string[],
    };
    const engine = createEngine(rules, {});
    for (const { zip, events, hits } of naive.zips) {
      const text = execFileSync('unzip', ['-p', join(corpora, 'sigma/otrf', zip), '*.json'], { maxBuffer: 2 ** 30 });
      const lines = text
        .toString()
        .split('\n')
        .filter((line) => line.startsWith('{'));
      expect(lines.length, zip).toBe(events);
      const records = decodeText(lines.join('\n'), zip).events;
      const ours = new Set(
        (await engine.process(records)).map((match) => `${(match.record?.source.line ?? 0) - 1} ${match.rule.id}`),
      );
      const theirs = new Set(hits.flatMap((hit) => hit.rules.map((rule) => `${hit.event} ${rule}`)));
      counts.agreed += [...theirs].filter((hit) => ours.has(hit)).length;
      counts.missing.push(...[...theirs].filter((hit) => !ours.has(hit)).map((hit) => `${zip} ${hit}`));
      for (const hit of ours) {
        if (theirs.has(hit)) continue;
        const [place = '', id = ''] = hit.split(' ');
        const event = records[Number(place)]?.event;
        const rule = rules.find((one) => one.id === id);
        const source = rule === undefined ? '' : JSON.stringify(rule.logic);
        // A Security event 4688 is a process creation too; the plain evaluator reads Sysmon's event 1 only.
        if (String(event?.['EventID']) === '4688' && source.includes('process_creation'))
          counts.processCreationOf4688 += 1;
        // These sets name the provider `SourceName`; the plain evaluator finds no `Provider_Name`.
        else if (source.includes('Provider_Name')) counts.providerName += 1;
        else counts.unexplained.push(`${zip} ${hit}`);
      }
    }
    await engine.close();
    console.log(`OTRF: ${JSON.stringify({ ...counts, rules: rules.length })}`);
    expect(counts.missing).toEqual([]);
    expect(counts.unexplained).toEqual([]);
    expect(counts.agreed).toBeGreaterThan(300);
  }, 600_000);
});
