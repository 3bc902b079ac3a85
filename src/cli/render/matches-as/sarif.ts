import type { Match, RuleSeverity } from '../../../index.ts';
import { version } from '../../version.ts';
import { uriOf } from '../sarif.ts';
import { titleOf } from './title.ts';
import type { MatchWriter } from './writer.ts';

/** What SARIF calls a result; its scale has no more. */
const LEVELS: Readonly<Record<RuleSeverity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  informational: 'note',
};

const START =
  '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[\n';

/** A SARIF 2.1.0 log: a result for each match, at its line of the log; the rules that match stand behind them. */
export function sarifWriter(): MatchWriter {
  const indices = new Map<Match['rule'], number>();
  let matches = 0;
  return {
    match: (match) => {
      const { rule } = match;
      const ruleIndex = indices.get(rule) ?? indices.size;
      indices.set(rule, ruleIndex);
      const before = matches === 0 ? START : ',\n';
      matches += 1;
      return before + JSON.stringify(resultOf(match, ruleIndex));
    },
    end: () => {
      const rules = [...indices.keys()].map(ruleOf);
      const driver = { name: 'dragoman', version, rules };
      return `${matches === 0 ? START : '\n'}],"tool":${JSON.stringify({ driver })}}]}\n`;
    },
  };
}

function resultOf(match: Match, ruleIndex: number): object {
  const { rule, record, members = record === undefined ? [] : [record], alert, time } = match;
  const severity = match.severity ?? rule.severity;
  return {
    ruleId: rule.id,
    ruleIndex,
    level: severity === undefined ? 'none' : LEVELS[severity],
    message: { text: titleOf(match) },
    locations: members.map(({ source }) => ({
      physicalLocation: { artifactLocation: { uri: uriOf(source.file) }, region: { startLine: source.line } },
    })),
    ...(alert && { partialFingerprints: { 'dragomanAlert/v1': alert.id } }),
    properties: { severity: severity ?? null, time: time ?? null, logType: record?.logType ?? null },
  };
}

function ruleOf({ id, name, description, file, tags, techniques, references }: Match['rule']): object {
  const [helpUri] = references.filter((one) => URL.canParse(one));
  return {
    id,
    name,
    shortDescription: { text: name },
    ...(description !== '' && { fullDescription: { text: description } }),
    ...(helpUri !== undefined && { helpUri }),
    properties: { file, tags: [...techniques, ...tags] },
  };
}
