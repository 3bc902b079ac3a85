import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRuleSession, type Session } from '../../../src/detect/rule-session.ts';
import type { Rule } from '../../../src/ir/rule/rule.ts';
import { decodeText } from '../../../src/logs/decode/index.ts';
import { loadRules } from '../../../src/rules/load-rules.ts';
import { type ConformanceSet, failed, type Outcome, skipped, unless } from '../case.ts';

interface NaiveHits {
  readonly zips: readonly Archive[];
}

interface Archive {
  readonly case_id: string;
  readonly zip: string;
  readonly events: number;
  readonly hits: readonly { readonly event: number; readonly rules: readonly string[] }[];
}

const FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];

/**
 * Every SigmaHQ rule over real Windows events, beside what a plain evaluator found there. That one is no truth: it gates by
 * Sysmon's event ids and a channel's service only. What we find beyond it must be of a kind that is named here; what it
 * finds we must find.
 */
export const sigmaOtrf: ConformanceSet = {
  name: 'sigma/otrf',
  read: async (tree) => {
    const hits = tree.find('sigma/otrf/naive_hits.json');
    const unpacked = tree.unpack('sigma/sigmahq-rules.tar.gz');
    if (hits === undefined || unpacked === undefined)
      return { absent: 'there is no sigma/otrf/naive_hits.json, or no rules' };
    const { rules } = await loadRules(FOLDERS.map((name) => join(unpacked, name)));
    const session = createRuleSession(rules, {});
    const naive: NaiveHits = JSON.parse(readFileSync(hits, 'utf8'));
    return {
      cases: naive.zips.map((archive) => ({
        id: archive.case_id,
        run: () => run(archive, tree.find(`sigma/otrf/${archive.zip}`), session, rules),
      })),
      close: () => session.close(),
    };
  },
};

async function run(
  archive: Archive,
  path: string | undefined,
  session: Session,
  rules: readonly Rule[],
): Promise<Outcome> {
  if (path === undefined) return skipped('absent', `there is no ${archive.zip}`);
  const text = execFileSync('unzip', ['-p', path, '*.json'], { maxBuffer: 2 ** 30 });
  const lines = text
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  if (lines.length !== archive.events) return failed(`${lines.length} events, ${archive.events} are stated`);
  const records = decodeText(lines.join('\n'), archive.zip).events;
  const matches = await session.process(records);
  const ours = new Set(matches.map((match) => `${(match.record?.source.line ?? 0) - 1} ${match.rule.id}`));
  const theirs = new Set(archive.hits.flatMap((hit) => hit.rules.map((rule) => `${hit.event} ${rule}`)));
  const missing = [...theirs].filter((hit) => !ours.has(hit));
  const unexplained = [...ours].filter((hit) => {
    if (theirs.has(hit)) return false;
    const [place = '', id = ''] = hit.split(' ');
    const rule = rules.find((one) => one.id === id);
    return rule === undefined || !isExplained(rule, String(records[Number(place)]?.event['EventID']));
  });
  return unless([...missing.map((hit) => `not found: ${hit}`), ...unexplained.map((hit) => `unexplained: ${hit}`)]);
}

/** What we find and the plain evaluator does not, as it must be. */
function isExplained(rule: Rule, eventId: string): boolean {
  const text = readFileSync(rule.file, 'utf8');
  // A Security event 4688 is a process creation too; the plain evaluator reads Sysmon's event 1 only.
  if (eventId === '4688' && /^ +category: process_creation$/m.test(text)) return true;
  // These sets name the provider `SourceName`; the plain evaluator finds no `Provider_Name`.
  return text.includes('Provider_Name');
}
