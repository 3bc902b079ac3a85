import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { printPlan } from '../../ir/print/print-plan.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { sigmaSchema } from '../../schemas/sigma.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { sigmaFormat } from './sigma.ts';

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => sigmaSchema };

function load(text: string, path = 'rules/x.yml'): readonly LoadOutcome[] | undefined {
  return sigmaFormat.load({ path, source: sourceText(path, text) }, context);
}

function rules(text: string): Rule[] {
  return (load(text) ?? []).map((outcome) => {
    if (outcome.status !== 'loaded') throw new Error(outcome.diagnostics.map((found) => found.message).join('; '));
    return outcome.rule;
  });
}

/** `status: code at text` of everything that was found. */
function problems(text: string): string[] {
  return (load(text) ?? []).flatMap((outcome) =>
    outcome.diagnostics.map((found) => {
      const span = found.labels[0]?.span;
      return `${outcome.status}: ${found.code} at ${text.slice(span?.start, span?.end)}`;
    }),
  );
}

const plan = (rule: Rule | undefined): string => (rule?.logic.kind === 'plan' ? printPlan(rule.logic.plan) : '');

const RULE = `title: Capture started
id: 11111111-2222-3333-4444-555555555555
status: test
description: Somebody captures packets
references:
    - https://example.org/
tags:
    - attack.credential-access
    - attack.T1040
    - attack.t1552.004
    - attack.defense_evasion
    - cve.2024-1
logsource:
    product: azure
    service: activitylogs
detection:
    selection:
        operationName|startswith: 'MICROSOFT.NETWORK/'
    condition: selection
falsepositives: Administrators
level: medium
`;

describe('a rule', () => {
  test('loads with all it says of itself', () => {
    const [rule] = rules(RULE);
    expect(rule).toMatchObject({
      id: '11111111-2222-3333-4444-555555555555',
      name: 'Capture started',
      description: 'Somebody captures packets',
      severity: 'medium',
      techniques: ['T1040', 'T1552.004'],
      tactics: ['TA0006', 'TA0005'],
      references: ['https://example.org/'],
      falsePositives: ['Administrators'],
      format: 'sigma',
      language: 'sigma',
      schema: 'sigma',
    });
  });

  test('is a filter over the events of its log source', () => {
    expect(plan(rules(RULE)[0])).toBe(
      '(where (match operationName ignore-case prefix "MICROSOFT.NETWORK/")\n' +
        '  (source sigma scope (and (match logsource.product ignore-case equals "azure") (match logsource.service ignore-case equals "activitylogs"))))',
    );
  });

  test('without a log source of its own reads all events', () => {
    const text = 'title: t\nlogsource: {definition: any}\ndetection: {s: {F: 1}, condition: s}';
    expect(plan(rules(text)[0])).toBe('(where (match F ignore-case equals 1)\n  (source sigma))');
  });

  test('without an id is known by its file', () => {
    expect(rules('title: t\nlogsource: {}\ndetection: {s: [a], condition: s}')[0]?.id).toBe('x.yml');
  });
});

describe('collections', () => {
  test('a template is laid over each document until it is reset', () => {
    const text = `action: global
title: both
detection: {condition: s and t, t: {T: 1}}
---
logsource: {service: a}
detection: {s: {F: 1}}
---
logsource: {service: b}
detection: {s: {F: 2}}
---
action: repeat
logsource: {service: c}
---
action: reset
---
title: own
logsource: {service: d}
detection: {u: {F: 4}, condition: u}
`;
    const loaded = rules(text);
    expect(loaded.map((rule) => rule.name)).toEqual(['both', 'both', 'both', 'own']);
    expect(
      loaded.map((rule) =>
        plan(rule)
          .match(/equals [^)]*/g)
          ?.join(', '),
      ),
    ).toEqual([
      'equals 1, equals 1, equals "a"',
      'equals 2, equals 1, equals "b"',
      'equals 2, equals 1, equals "c"',
      'equals 4, equals "d"',
    ]);
  });

  test('actions that cannot be', () => {
    expect(problems('action: gloabl\ndetection: {}')[0]).toBe('invalid: sigma/unknown-action at gloabl');
    expect(problems('action: repeat\ndetection: {}')[0]).toBe('invalid: sigma/nothing-to-repeat at repeat');
  });
});

describe('what does not run', () => {
  test('correlations and filters wait for the rules that they refer to', () => {
    const text =
      'title: c\ncorrelation: {type: event_count, rules: a, timespan: 5m, condition: {gte: 5}}\n---\ntitle: f\nlogsource: {}\nfilter: {rules: any, s: {a: b}, condition: s}';
    expect(load(text)?.map((outcome) => outcome.status)).toEqual(['unsupported', 'unsupported']);
    expect(load(text)?.map((outcome) => outcome.link?.kind)).toEqual(['correlation', 'filter']);
    expect(problems(text).map((one) => one.split(' ')[1])).toEqual([
      'unsupported/sigma-correlation',
      'unsupported/sigma-filter',
    ]);
  });
  test.each([
    ['detection: {s: [a], condition: s}\nlogsource: {}', ['invalid: input/missing-key at detection']],
    ['title: t\ndetection: {s: [a], condition: s}', ['invalid: input/missing-key at title']],
    ['title: t\nlogsource: {}', ['invalid: input/missing-key at title']],
    ['title: [t]\nlogsource: {}\ndetection: {s: [a], condition: s}', ['invalid: input/wrong-type at [t]']],
    ['title: t\nlogsource: azure\ndetection: {s: [a], condition: s}', ['invalid: input/wrong-type at azure']],
    ['title: t\nlogsource: {product: [a]}\ndetection: {s: [a], condition: s}', ['invalid: input/wrong-type at [a]']],
    ['title: t\nlogsource: {}\ndetection: [a]', ['invalid: input/wrong-type at [a]']],
    ['title: t\nlogsource: {}\ndetection: {s: [a]}', ['invalid: input/missing-key at {s: [a]}']],
    ['title: t\nlogsource: {}\ndetection: {s: {F: 1, F: 2}, condition: s}', ['invalid: sigma/duplicate-key at F']],
    ['title: t\nlogsource: {}\ndetection: {s: [a], condition: q}', ['invalid: sigma/undefined-detection at q']],
  ])('%s', (text, want) => {
    expect(problems(text)).toEqual(want);
  });

  test('wrong types in what only describes a rule are warned of', () => {
    const text = 'title: t\ntags: {a: b}\nlevel: hihg\nreferences: 5\nlogsource: {}\ndetection: {s: [a], condition: s}';
    expect(load(text)?.[0]?.status).toBe('loaded');
    expect(problems(text)).toEqual([
      'loaded: sigma/metadata at {a: b}',
      'loaded: sigma/metadata at hihg',
      'loaded: sigma/metadata at 5',
    ]);
  });

  test('a document with a syntax error does not take its neighbours along', () => {
    const text = `${RULE}---\ntitle: broken\ndetection: [1, 2\nlogsource: x\n`;
    const outcomes = load(text) ?? [];
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['loaded', 'invalid']);
    expect(problems(text).every((one) => one.startsWith('invalid: input/yaml'))).toBe(true);
  });

  test('a rule so broken that nothing is left is still a broken rule', () => {
    expect(problems('title: t\ndetection: &x [*x]\nlogsource: {}').map((one) => one.split(' ')[1])).toEqual([
      'input/yaml',
    ]);
  });
});

describe('other files', () => {
  test.each([
    ['AnalysisType: rule\nRuleID: a\nDetection: []\nFilename: a.py'],
    ['id: a\nkind: Scheduled\nquery: |\n  T | where logsource : 5'],
    ['just: yaml'],
    ['[1, 2'],
    [''],
    ['query: "detection: x"'],
  ])('%j is none of ours', (text) => {
    expect(load(text)).toBeUndefined();
  });
});

describe('lint', () => {
  function lint(detection: string): string[] {
    const text = `title: t\nlogsource: {}\ndetection:\n${detection}`;
    const [outcome] = load(text) ?? [];
    if (outcome?.status !== 'loaded') throw new Error('not loaded');
    return outcome.lint().map((found) => {
      const span = found.labels[0]?.span;
      return `${found.code} at ${text.slice(span?.start, span?.end)}`;
    });
  }

  test.each([
    [' s: {F: a}\n condition: s', []],
    [' s: {F: a}\n t: {F: b}\n condition: s', ['sigma/unused-detection at t']],
    [' s: {F: a}\n _t: {F: b}\n condition: 1 of *', ['sigma/unused-detection at _t']],
    [" s: {F|contains: 'a*'}\n condition: s", ['sigma/redundant-wildcard at *']],
    [" s: {F|startswith: '*a'}\n condition: s", []],
    [" s: {F|endswith: ['x', '*a']}\n condition: s", ['sigma/redundant-wildcard at *']],
    [" s: {F|contains: 'a\\*'}\n condition: s", []],
    [' s: {F|contains|all: a}\n condition: s', ['sigma/all-of-one at all']],
    [' s: {F: a}\n timeframe: 5m\n condition: s', ['sigma/unused-timeframe at 5m']],
  ])('%s', (detection, want) => {
    expect(lint(detection)).toEqual(want);
  });
});

test('no text makes the format throw', () => {
  const words = fc.constantFrom(
    ...[
      'title: t\n',
      'detection:\n',
      'logsource:\n',
      '  product: x\n',
      'correlation:\n',
      'action: repeat\n',
      'action: global\n',
    ],
    ...[
      '  s:\n',
      '    F|contains: a\n',
      '    F|re: (\n',
      '    - b\n',
      "    '|all': [a]\n",
      '  condition: s\n',
      '  condition: 1 of s*\n',
    ],
    ...[
      '---\n',
      ' ',
      '- ',
      ':',
      '|',
      '*',
      '&a ',
      '*a',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '\n',
      'null',
      '5',
      '%x%',
      '\\',
      '#',
      '<<: ',
    ],
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 25 }), fc.string(), (parts, tail) => {
      const text = parts.join('') + tail;
      for (const outcome of load(text) ?? []) {
        if (outcome.status === 'loaded') outcome.lint();
        else expect(outcome.diagnostics.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 10_000 },
  );
});
