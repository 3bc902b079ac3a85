import { describe, expect, test } from 'vitest';
import type { LoadOutcome } from '../formats/rule-file.ts';
import type { RuleFormat, RuleIdentity, RuleLabels } from '../ir/rule/rule.ts';
import { compileSelection, type RuleSelection } from './select-rules.ts';

const labels: RuleLabels = {
  severity: 'high',
  tags: ['attack.t1059.001', 'Domain: Endpoint'],
  techniques: ['T1059.001'],
  tactics: ['TA0002'],
  status: 'stable',
  authors: ['Jane Doe (Nowhere)', 'Elastic'],
};

function unloaded(format: RuleFormat = 'sigma', said: Partial<RuleIdentity> = { labels }): LoadOutcome {
  const span = { source: 'f', start: 0, end: 0 };
  const identity = { id: 'Abc-1', name: 'n', file: 'rules/win/proc/a.yml', format, language: 'sigma', span } as const;
  return { status: 'unsupported', identity: { ...identity, ...said }, diagnostics: [] };
}

const takes = (selection: RuleSelection, outcome = unloaded()): boolean => compileSelection(selection)(outcome);

describe('a selection', () => {
  test.each<[RuleSelection, boolean]>([
    [{}, true],
    [{ levels: ['low', 'high'] }, true],
    [{ levels: ['low'] }, false],
    [{ tags: ['domain: endpoint'] }, true],
    [{ tags: ['attack.*'] }, true],
    [{ tags: ['attack'] }, false],
    [{ techniques: ['T1059'] }, true],
    [{ techniques: ['t1059.001'] }, true],
    [{ techniques: ['T105'] }, false],
    [{ techniques: ['TA0002'] }, true],
    [{ ids: ['abc-1'] }, true],
    [{ ids: ['abc'] }, false],
    [{ statuses: ['Stable'] }, true],
    [{ statuses: ['test'] }, false],
    [{ authors: ['jane*'] }, true],
    [{ authors: ['Jane'] }, false],
    [{ vendors: ['sigma'] }, true],
    [{ vendors: ['elastic', 'microsoft'] }, false],
    [{ exclude: ['ABC-1'] }, false],
    [{ exclude: ['win'] }, false],
    [{ exclude: ['./rules/win/'] }, false],
    [{ exclude: ['a.yml'] }, false],
    [{ exclude: ['*.yml'] }, false],
    [{ exclude: ['pro'] }, true],
    [{ levels: ['high'], techniques: ['T1003'] }, false],
    [{ levels: ['high'], techniques: ['T1003', 'T1059'], exclude: ['other'] }, true],
  ])('%j takes it: %j', (selection, taken) => {
    expect(takes(selection)).toBe(taken);
  });

  test('of Microsoft are three formats', () => {
    for (const format of ['sentinel', 'defender', 'kusto'] as const) {
      expect(takes({ vendors: ['microsoft'] }, unloaded(format))).toBe(true);
      expect(takes({ vendors: ['elastic'] }, unloaded(format))).toBe(false);
    }
  });

  test('what a rule does not say it does not meet, and is not excluded by', () => {
    const silent = unloaded('kusto', {});
    expect(takes({ levels: ['high'] }, silent)).toBe(false);
    expect(takes({ statuses: ['*'] }, silent)).toBe(false);
    expect(takes({ authors: ['*'] }, silent)).toBe(false);
    expect(takes({ exclude: ['other'] }, silent)).toBe(true);
  });
});
