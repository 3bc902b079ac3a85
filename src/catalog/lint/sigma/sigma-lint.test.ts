import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../base/codes/catalogue.ts';
import { sigmaLintCodes } from '../../../base/codes/sigma-lint.ts';
import { type Diagnostic, primarySpan } from '../../../base/diagnostic.ts';
import { type SourceText, sourceText } from '../../../base/source-text.ts';
import { sigmaFormat } from '../../../formats/sigma/sigma.ts';
import type { Rule } from '../../../ir/rule/rule.ts';
import { lintSigma } from './index.ts';
import { openContext } from './open-context.fixture.ts';

const NOW = Date.parse('2026-06-01');

/** A rule that has nothing to complain of; the parts given replace its own. */
function rule(parts: Readonly<Record<string, string>>): string {
  const whole: Record<string, string> = {
    title: 'Some Rule',
    id: '0f06a3a5-6a09-413f-8743-e6cf35561297',
    status: 'test',
    description: 'Detects something that is worth it',
    references: '[https://example.org/a]',
    author: 'somebody',
    date: '2026-01-02',
    tags: '[attack.execution, attack.t1059]',
    logsource: '{product: windows, category: process_creation}',
    detection: "{selection: {Image|endswith: '\\x.exe'}, condition: selection}",
    falsepositives: '[Unknown]',
    level: 'high',
    ...parts,
  };
  return Object.entries(whole)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}

function lintTexts(
  texts: readonly string[],
  profile?: 'sigmahq',
  names: readonly string[] = [],
): { found: readonly Diagnostic[]; files: SourceText[] } {
  const files = texts.map((text, at) => sourceText(names[at] ?? `rules/proc_creation_win_rule_${at}.yml`, text));
  const rules: Rule[] = files.flatMap((file) =>
    (sigmaFormat.load({ path: file.name, source: file }, openContext) ?? []).flatMap((outcome) =>
      outcome.status === 'loaded' ? [outcome.rule] : [],
    ),
  );
  return { found: lintSigma(files, rules, { now: NOW, ...(profile && { profile }) }), files };
}

/** Each finding as its code and what it points at. */
function findings(text: string, profile?: 'sigmahq', name?: string): string[] {
  const { found } = lintTexts([text], profile, name === undefined ? [] : [name]);
  return found.map((one) => {
    const span = primarySpan(one);
    return `${one.code.replace('sigma/', '')} ${span === undefined ? '' : text.slice(span.start, span.end)}`;
  });
}

const detection = (selection: string, condition = 'selection'): string =>
  rule({ detection: `{selection: ${selection}, condition: ${condition}}` });

describe('a rule without fault', () => {
  it('has no findings', () => {
    expect(findings(rule({}))).toEqual([]);
    expect(findings(rule({}), 'sigmahq')).toEqual([]);
  });
});

describe('conditions', () => {
  it.each([
    ['{selection: {EventType: 1}, other: {Image|endswith: x}, condition: all of them}', ['all-of-them all of them']],
    ["{selection: {Image|endswith: '\\x'}, condition: 1 of them}", ['them-of-one 1 of them']],
    ["{sel: {Image|endswith: '\\x'}, condition: 1 of sel}", ['selector-without-asterisk 1 of sel']],
    ["{sel: {Image|endswith: '\\x'}, condition: 1 of s*}", ['selector-of-one 1 of s*']],
    ["{selection_a: {Image|endswith: '\\x'}, condition: 1 of selection_*}", []],
  ])('%s', (text, wanted) => {
    const found = findings(rule({ detection: text })).filter((one) => !one.startsWith('unknown-field'));
    expect(found).toEqual(wanted);
  });
});

describe('modifiers and values', () => {
  it.each([
    ['{CommandLine|all: [a, b]}', ['all-without-contains all', 'contradiction b']],
    ["{CommandLine|all: ['*a*', '*b*']}", ['wildcard-instead-of-modifier CommandLine|all']],
    ["{CommandLine|re|all: ['a', 'b']}", []],
    ['{CommandLine|base64offset: abc}', ['offset-without-contains base64offset']],
    ['{CommandLine|windash|contains|all: [ -a, -b]}', ['windash-with-all windash']],
    ['{CommandLine|contains|contains: a}', ['repeated-modifier contains']],
    ["{CommandLine: 'a**b'}", ["double-wildcard 'a**b'"]],
    ["{CommandLine|contains: 'a**b'}", ["double-wildcard 'a**b'"]],
    ["{ProcessId: '12'}", ["number-as-string '12'"]],
    ["{CommandLine|contains: '12'}", []],
    ['{CommandLine|contains: "a\\temp"}', ['control-character \\']],
    ["{CommandLine: 'a\\*b'}", ['escaped-wildcard \\*']],
    ["{Image: '*\\x.exe'}", ['wildcard-instead-of-modifier Image']],
    ["{Image: ['*\\x.exe', '*\\y.exe']}", ['wildcard-instead-of-modifier Image']],
    ["{Image: ['*\\x.exe', '*\\y*']}", []],
    ["{CommandLine: 'x*'}", ['wildcard-instead-of-modifier CommandLine']],
    ["{CommandLine: '*'}", []],
    ['{CommandLine|contains: [a, A]}', ['duplicate-value A']],
    ['{CommandLine|re: [a, A]}', []],
    ['{Hashes|contains: MD5=abc}', ['hash-value MD5=abc']],
    ['{Hashes|contains: IMPHASH=}', []],
    ['{Hashes|contains: CRC=00}', ['hash-value CRC=00']],
    ['{Hashes|contains: 0123456789abcdef0123456789abcdef}', ['hash-value 0123456789abcdef0123456789abcdef']],
    ['{Hashes|contains: IMPHASH=0123456789ABCDEF0123456789abcdef}', []],
    ["{User: 'NT AUTHORITY\\SYSTEM'}", ["localized-user 'NT AUTHORITY\\SYSTEM'"]],
    ['{User|contains: [AUTHORI, AUTORI]}', []],
    ["{CommandLine|re: 'a(?>b)'}", ['regex-group (?>']],
    ["{CommandLine|re: 'a\\(?>b'}", []],
  ])('%s', (selection, wanted) => {
    expect(findings(detection(selection))).toEqual(wanted);
  });
});

describe('metadata', () => {
  it.each([
    [{ id: '' }, ['no-id title']],
    [{ id: '0f06a3a5-6a09-113f-8743-e6cf35561297' }, ['id-format 0f06a3a5-6a09-113f-8743-e6cf35561297']],
    [{ related: '[{id: x, type: derived}]' }, ['related-id x']],
    [{ level: '', author: '' }, ['missing-metadata title', 'missing-metadata title']],
    [{ description: 'Too short' }, ['short-description Too short']],
    [
      { references: '', description: 'See https://example.org for it' },
      ['link-in-description See https://example.org for it'],
    ],
    [{ references: '[a, a]' }, ['duplicate-reference a']],
    [
      { references: '[https://attack.mitre.org/techniques/T1059]' },
      ['attack-link https://attack.mitre.org/techniques/T1059'],
    ],
    [{ references: '[https://github.com/a/b/blob/main/c.md]' }, ['branch-link https://github.com/a/b/blob/main/c.md']],
    [{ references: `[https://github.com/a/b/blob/${'a'.repeat(40)}/c.md]` }, []],
    [{ modified: '2025-01-01' }, ['modified-before-date 2025-01-01']],
    [{ modified: '2026/01/02' }, ['modified-as-date 2026/01/02']],
    [{ modified: '2026-01-02', date: '' }, ['missing-metadata title', 'modified-without-date 2026-01-02']],
    [
      { falsepositives: '[None, unkown things]' },
      ['false-positive-word None', 'false-positive-typo unkown', 'false-positive-case u'],
    ],
    [{ reference: '[a]', references: '' }, ['misspelt-key reference']],
    [{ realted: '[]' }, ['misspelt-key realted']],
    [{ custom: 'x' }, ['unknown-key custom']],
  ])('%j', (parts, wanted) => {
    expect(findings(rule(parts as Record<string, string>))).toEqual(wanted);
  });
});

describe('tags', () => {
  it.each([
    ['Attack.Execution', ['tag-format Attack.Execution']],
    ['atack.execution', ['tag-namespace atack.execution']],
    ['attack.t9999', ['attack-tag attack.t9999']],
    ['attack.exection', ['attack-tag attack.exection']],
    ['attack.g0016', []],
    ['attack.t1059.001', ['technique-without-tactic attack.t1059.001']],
    ['car.2016-4-5', ['tag-pattern car.2016-4-5']],
    ['cve.2021.44228', ['tag-pattern cve.2021.44228']],
    ['detection.hunting', ['tag-pattern detection.hunting']],
    ['stp.6', ['tag-pattern stp.6']],
    ['d3fend.d3-psa', []],
    ['d3fend.1x', ['d3fend-tag d3fend.1x']],
    ['tlp.white', ['tlp-version tlp.white']],
    ['tlp.pink', ['tlp-tag tlp.pink']],
    ['tlp.red, tlp.clear', ['tags-of-one-kind tlp.clear']],
    ['tlp.red, tlp.red', ['duplicate-tag tlp.red', 'tags-of-one-kind tlp.red']],
  ])('%s', (tags, wanted) => {
    expect(findings(rule({ tags: `[${tags}]` }))).toEqual(wanted);
  });
});

describe('log sources and fields', () => {
  it.each([
    ['{product: windows, category: process_creation, kategory: x}', '{Image|endswith: a}', ['logsource-key kategory']],
    ['{product: acme}', '{a: b}', ['unknown-logsource {product: acme}']],
    ['{product: windows, service: sysmon}', '{EventID: 1}', ['specific-logsource 1']],
    ['{product: windows, service: security}', '{EventID: [4688, 4624]}', ['specific-logsource 4688']],
    [
      '{product: windows, service: sysmon}',
      '{Image|endswith: a}',
      ['sysmon-without-event-id {product: windows, service: sysmon}'],
    ],
    ['{product: windows, category: image_load}', '{EventID: 7}', ['redundant-field EventID']],
    ['{product: windows, category: pipe_created}', '{EventID: 17}', []],
    [
      '{product: windows, category: image_load}',
      '{Provider_Name: Microsoft-Windows-Sysmon}',
      ['redundant-provider Microsoft-Windows-Sysmon'],
    ],
    ['{product: windows, category: image_load}', '{image|endswith: a}', ['field-case image']],
    ['{product: windows, category: image_load}', '{ImageLoad|endswith: a}', ['unknown-field ImageLoad']],
    ['{product: windows, service: application}', '{Some Field: a}', ['space-in-field Some Field']],
    ['{product: windows, service: application}', '{Source: Eventlog}', ['source-eventlog Source']],
  ])('%s %s', (logsource, selection, wanted) => {
    const text = rule({ logsource, detection: `{selection: ${selection}, condition: selection}` });
    expect(findings(text)).toEqual(wanted);
  });
});

describe('what can never be seen', () => {
  it.each([
    ['process_creation', '{Image: cmd.exe}', ['never-seen cmd.exe']],
    ['process_creation', '{Image|startswith: cmd.exe}', ['never-seen cmd.exe']],
    ['process_creation', '{Image|endswith: cmd.exe}', []],
    ['process_creation', '{Image: System}', []],
    ['process_creation', '{Image|endswith: /cmd.exe}', ['never-seen /cmd.exe']],
    ['process_creation', '{EventID: 4104}', ['redundant-field EventID', 'never-seen 4104']],
    ['process_creation', '{IntegrityLevel: 3}', ['never-seen 3']],
    ['process_creation', '{IntegrityLevel: [high, S-1-16-12288]}', []],
    ['process_creation', '{ProcessId: four}', ['never-seen four']],
    ['process_creation', '{md5: 0123}', ['never-seen 0123']],
    ['process_access', '{GrantedAccess: 0x1010}', ['never-seen 0x1010']],
    ['process_access', "{GrantedAccess: '0x1010'}", []],
    ['network_connection', '{DestinationIp: example.org}', ['never-seen example.org']],
    ['network_connection', "{DestinationIp|startswith: '10.'}", []],
    ['network_connection', '{Initiated: yes}', ['never-seen yes']],
    ['network_connection', "{Initiated: 'true'}", []],
    [
      'registry_set',
      '{TargetObject|startswith: HKEY_LOCAL_MACHINE\\Software}',
      ['never-seen HKEY_LOCAL_MACHINE\\Software'],
    ],
    ['registry_set', '{Details: DWORD (0x1)}', ['never-seen DWORD (0x1)']],
    ['registry_set', '{Details: DWORD (0x00000001)}', []],
  ])('%s %s', (category, selection, wanted) => {
    const text = rule({
      logsource: `{product: windows, category: ${category}}`,
      detection: `{selection: ${selection}, condition: selection}`,
    });
    expect(findings(text)).toEqual(wanted);
  });
});

describe('what another condition makes needless, or impossible', () => {
  it.each([
    ['{a: {CommandLine|contains: [mimikatz, katz]}, condition: a}', ['implied mimikatz']],
    ["{a: {Image|endswith: '\\x.exe'}, b: {Image|endswith: x.exe}, condition: a or b}", ["implied '\\x.exe'"]],
    [
      "{a: {Image|endswith: '\\x.exe', User: y}, b: {Image|endswith: x.exe}, condition: a or b}",
      ["implied {Image|endswith: '\\x.exe', User: y}"],
    ],
    ["{a: {Image|endswith: '\\x.exe'}, b: {User: y, Image|endswith: x.exe}, condition: a or b}", []],
    ['{a: {CommandLine|cased|contains: KATZ}, b: {CommandLine|contains: katz}, condition: a or b}', ['implied KATZ']],
    ['{a: {CommandLine|contains: katz}, b: {CommandLine|cased|contains: katz}, condition: a or b}', ['implied katz']],
    ['{a: {User: x}, b: {User: y}, condition: a and b}', ['contradiction y']],
    ['{a: {User: [x, y]}, b: {User: y}, condition: a and b}', []],
    [
      "{a: {CommandLine|startswith: 'c:'}, b: {CommandLine|startswith: 'd:'}, condition: a and b}",
      ["contradiction 'd:'"],
    ],
    [
      '{a: {CommandLine|contains: mimikatz}, b: {CommandLine|contains: katz}, condition: a and not b}',
      ['contradiction not b'],
    ],
    ['{a: {CommandLine|contains: katz}, b: {CommandLine|contains: mimikatz}, condition: a and not b}', []],
    ['{a: {User: null}, b: {User: y}, condition: a and b}', ['contradiction y']],
    ['{a: {User|contains: x}, b: {User|contains: y}, condition: a and b}', []],
  ])('%s', (text, wanted) => {
    expect(findings(rule({ detection: text }))).toEqual(wanted);
  });
});

describe('SigmaHQ', () => {
  it.each([
    [{ title: 'Detects a thing here.' }, ['title-start Detects a thing here.', 'title-end .', 'title-case t']],
    [{ title: 'x'.repeat(121) }, [`title-length ${'x'.repeat(121)}`, 'title-case x']],
    [{ title: 'ATT&CK' }, ['trademark ATT&CK']],
    [{ status: 'deprecated' }, ['retired-status deprecated']],
    [{ status: 'stable', date: '2026-05-20' }, ['early-status stable']],
    [{ fields: '[a]' }, ['fields-key [a]']],
    [{ tags: '[tlp.red]' }, ['tlp-not-clear tlp.red']],
    [{ regression_tests_path: 'x' }, ['regression-path x']],
    [
      { simulation: '[{type: other}]' },
      ['simulation other', ...Array.from({ length: 3 }, () => 'simulation {type: other}')],
    ],
    [
      { detection: '{selection: {CommandLine|contains: [b, a], User: [x]}, condition: selection}' },
      ['unsorted-values CommandLine|contains', 'list-of-one [x]'],
    ],
  ])('%j', (parts, wanted) => {
    expect(findings(rule(parts as Record<string, string>), 'sigmahq').sort()).toEqual([...wanted].sort());
  });

  it('names of files', () => {
    expect(findings(rule({}), 'sigmahq', 'rules-threat-hunting/X.yml')).toEqual([
      'folder-tag [attack.execution, attack.t1059]',
      'file-name-length title',
      'file-name title',
      'file-name-prefix title',
    ]);
  });
});

describe('rules beside each other', () => {
  it('share titles, names of files and logic', () => {
    const one = rule({ detection: "{a: {User: [x, Y]}, b: {Image|endswith: '\\z'}, condition: a or b}" });
    const two = rule({ detection: "{p: {Image|endswith: '\\Z'}, q: {User: [y, x]}, condition: q or p}" });
    const other = rule({ title: 'Other', detection: "{p: {Image|endswith: '\\Z'}, condition: p}" });
    const { found } = lintTexts([one, two, other], undefined, ['a/rule_one.yml', 'b/rule_one.yml', 'b/rule_two.yml']);
    expect(found.map((found) => [found.code, primarySpan(found)?.source])).toEqual([
      ['sigma/duplicate-title', 'b/rule_one.yml'],
      ['sigma/duplicate-file-name', 'b/rule_one.yml'],
      ['sigma/duplicate-logic', 'b/rule_one.yml'],
    ]);
  });

  it('differ in their log source', () => {
    const { found } = lintTexts([
      rule({}),
      rule({ title: 'Other', logsource: '{product: windows, category: image_load}' }),
    ]);
    expect(found).toEqual([]);
  });
});

describe('correlations', () => {
  it.each([
    ['{type: temporal, rules: [a], group-by: [x], timespan: 1m}', ['correlation-rules [a]']],
    ['{type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}', ['correlation-group-by event_count']],
    ['{type: event_count, rules: [a], group-by: [x], timespan: 1m, condition: {gte: 2}}', []],
  ])('%s', (correlation, wanted) => {
    expect(findings(rule({ correlation, logsource: '', detection: '' }))).toEqual(wanted);
  });
});

describe('rules of every size and kind', () => {
  // In quadratic time this would not end before the test's own limit.
  it('takes thousands of values and selections', { tags: 'large' }, () => {
    const values = Array.from({ length: 4_432 }, (_, at) => `'v${at}'`).join(', ');
    const lists = Array.from(
      { length: 400 },
      (_, at) => `s${at}: {CommandLine|contains: [${Array.from({ length: 60 }, (_, n) => `x${at}y${n}z`).join(', ')}]}`,
    );
    const selections = Array.from({ length: 10_000 }, (_, at) => `s${at}: {User: u${at}}`);
    for (const text of [
      `{s: {CommandLine|contains: [${values}]}, condition: s}`,
      `{${lists.join(', ')}, condition: all of s*}`,
      `{${selections.join(', ')}, condition: 1 of s*}`,
    ]) {
      expect(
        lintTexts([rule({ detection: text })], 'sigmahq').found.filter(({ severity }) => severity === 'error'),
      ).toEqual([]);
    }
  });

  it('no text makes it throw', () => {
    const words = fc.constantFrom(
      ...[
        'title: ',
        'id: ',
        'detection: ',
        'logsource: ',
        'condition: ',
        'tags: ',
        'related: ',
        'simulation: ',
        'status: ',
      ],
      ...[
        '{',
        '}',
        '[',
        ']',
        ', ',
        ': ',
        '\n',
        '\n  ',
        '\n  - ',
        "'",
        '"',
        'a',
        'Hashes',
        'Image|endswith',
        'a|all|re',
        '*',
        '%x%',
      ],
      ...[
        'product: windows',
        'category: process_creation',
        '1 of them',
        'null',
        '1',
        'correlation: ',
        'filter: ',
        'type: temporal',
      ],
      ...['date: ', 'modified: ', 'references: ', 'falsepositives: ', 'action: global', '---\n', '&x ', '*x', '<<: '],
    );
    const texts = fc.array(words, { maxLength: 50 }).map((all) => all.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          texts,
          texts.map((text) => `detection:\n  a: b\nlogsource: {}\n${text}`),
        ),
        (text) => {
          lintTexts([text], 'sigmahq');
        },
      ),
      { numRuns: 10_000 },
    );
  }, 120_000);
});

describe('the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/sigma-validators.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));

  it('names only codes that there are', () => {
    const codes = [...page.matchAll(/`((?:sigma|input|lint|unsupported)\/[a-z-]+)`/g)].map(([, code]) => code ?? '');
    expect(codes.filter((code) => !Object.hasOwn(catalogue, code))).toEqual([]);
    expect(codes.length).toBeGreaterThan(90);
  });

  it('gives every validator of pySigma and SigmaHQ a code', () => {
    const named = rows.filter((line) => !line.startsWith('| `sigma/') && !line.startsWith('| `lint/'));
    expect(named.filter((line) => line.startsWith('| `sigmahq_')).length).toBe(59);
    expect(named.filter((line) => !line.startsWith('| `sigmahq_')).length).toBe(31);
    expect(named.filter((line) => !/^\| `\w+` \| `(?:sigma|input)\//.test(line))).toEqual([]);
  });

  it('leaves out no code of these lints', () => {
    expect(Object.keys(sigmaLintCodes).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('fixes', () => {
  it.each([
    [detection("{Image: ['*\\x.exe', '*\\y.exe']}"), "{selection: {Image|endswith: ['\\x.exe', '\\y.exe']}"],
    [detection("{CommandLine|all: ['*a*', '*b*']}"), "{CommandLine|contains|all: ['a', 'b']}"],
    [detection("{CommandLine: 'a***b'}"), "{CommandLine: 'a*b'}"],
    [detection("{ProcessId: '12'}"), '{ProcessId: 12}'],
    [detection('{image|endswith: x}'), '{Image|endswith: x}'],
    [detection("{Image|endswith: '\\x'}", '1 of them'), 'condition: selection}'],
    [rule({ falsepositives: '[Unkown]' }), 'falsepositives: [Unknown]'],
    [rule({ falsepositives: '[some]' }), 'falsepositives: [Some]'],
    [rule({ tags: '[attack.credential_access]' }), 'tags: [attack.credential-access]'],
    [rule({ realted: '[]' }), 'related: []'],
    [rule({ references: '\n  - a\n  - b\n  - a\n' }), 'references: \n  - a\n  - b\n'],
  ])('%s', (text, wanted) => {
    const { found } = lintTexts([text]);
    const edits = found.flatMap((one) => one.fixes).flatMap((fix) => fix.edits);
    const fixed = [...edits]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce((all, { span, text: put }) => all.slice(0, span.start) + put + all.slice(span.end), text);
    expect(fixed).toContain(wanted);
    expect(lintTexts([fixed]).found).toEqual([]);
  });
});
