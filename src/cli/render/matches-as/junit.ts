import type { Match } from '../../../index.ts';
import { count } from '../table.ts';
import { attribute } from '../xml.ts';
import { sourceText } from './json.ts';
import { titleOf } from './title.ts';
import type { MatchWriter } from './writer.ts';

/** Matches of a rule that are named; all are counted. */
const NAMED = 20;

/** A test for each rule, in the XML that build servers read: it fails where the rule matches. `rules`: all that ran. */
export function junitWriter(rules: readonly Match['rule'][]): MatchWriter {
  const found = new Map<Match['rule'], string[]>();
  return {
    match: (match) => {
      const named = found.get(match.rule) ?? [];
      found.set(match.rule, named);
      if (named.length < NAMED)
        named.push(`${match.time ?? '-'} ${sourceText(match.record?.source)} ${titleOf(match)}`);
      return '';
    },
    end: (matches) => {
      const totals = `tests="${rules.length}" failures="${found.size}" errors="0" skipped="0"`;
      const cases = rules.map((rule) => {
        const start = `    <testcase classname="${rule.format}" name="${attribute(rule.name)}" file="${attribute(rule.file)}"`;
        const named = found.get(rule);
        if (named === undefined) return `${start}/>`;
        const said = attribute(count(matches.get(rule) ?? named.length, 'match', 'matches'));
        return `${start}>\n      <failure message="${said}">${named.map(attribute).join('\n')}</failure>\n    </testcase>`;
      });
      const suite = [`  <testsuite name="rules" ${totals}>`, ...cases, '  </testsuite>'];
      return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="dragoman" ${totals}>`, ...suite, '</testsuites>'].join('\n')}\n`;
    },
  };
}
