import { diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject } from '../../base/json.ts';
import type { RuleTest, TestExpectation, TestSignals } from '../../ir/rule/rule.ts';
import type { MapFields, ValueNode } from '../../languages/panther/index.ts';
import type { SignalCorrelation } from './signals.ts';

const MINUTE = 60_000;

/** What tests may say of an alert beyond whether there is one. Panther's own tool does not look at these. */
const EXPECTATIONS: readonly (readonly [string, TestExpectation['of']])[] = [
  ['ExpectedTitle', 'title'],
  ['ExpectedSeverity', 'severity'],
  ['ExpectedDedup', 'dedup'],
  ['ExpectedDescription', 'description'],
  ['ExpectedReference', 'reference'],
  ['ExpectedRunbook', 'runbook'],
  ['ExpectedAlertContext', 'alertContext'],
];

/** The `Tests` of a rule or policy. */
export function readTests(fields: MapFields): RuleTest[] {
  return fields.maps('Tests').flatMap((test) => readTest(test));
}

function readTest(fields: MapFields): RuleTest[] {
  const head = readHead(fields);
  const key = fields.has('Resource') ? 'Resource' : 'Log';
  const event = fields.map(key)?.toJson();
  if (!fields.has(key)) fields.missing('Log');
  const mocks = fields.maps('Mocks').flatMap((mock): RuleTest['mocks'] => {
    const objectName = mock.requiredText('objectName');
    const returnValue = mock.node.get('returnValue')?.toJson();
    if (returnValue === undefined) mock.missing('returnValue');
    return objectName === undefined || returnValue === undefined ? [] : [{ objectName, returnValue }];
  });
  const expects = readExpectations(fields);
  if (head === undefined || !isJsonObject(event)) return [];
  return [{ ...head, event, mocks, ...(expects.length > 0 && { expects }) }];
}

function readHead(fields: MapFields): Pick<RuleTest, 'name' | 'expected' | 'span'> | undefined {
  const name = fields.name('Name');
  const expected = fields.boolean('ExpectedResult');
  if (!fields.has('ExpectedResult')) fields.missing('ExpectedResult');
  if (name === undefined || expected === undefined) return undefined;
  return { name, expected, span: fields.node.get('Name')?.span ?? fields.node.span };
}

function readExpectations(fields: MapFields): TestExpectation[] {
  return EXPECTATIONS.flatMap(([key, of]): TestExpectation[] => {
    const node = fields.node.get(key);
    if (node === undefined || node.kind === 'null') return [];
    if (of === 'alertContext') {
      const value = fields.map(key)?.toJson();
      return value === undefined ? [] : [{ of, value, span: node.span }];
    }
    const value = fields.name(key);
    return value === undefined ? [] : [{ of, value, span: node.span }];
  });
}

/**
 * The `Tests` of a correlation rule: `RuleOutputs: [{ID, Matches: {field: {value: [times]}}}]`. An output is of each member of
 * that name.
 */
export function readCorrelationTests(fields: MapFields, correlations: readonly SignalCorrelation[]): RuleTest[] {
  const placesOf = (id: string): readonly Pick<TestSignals, 'part' | 'step'>[] =>
    correlations.flatMap(({ members }, part) =>
      members.flatMap((member, step) => (member.id === id ? [{ part, step }] : [])),
    );
  return fields.maps('Tests').flatMap((test): RuleTest[] => {
    const head = readHead(test);
    if (!test.has('RuleOutputs')) test.missing('RuleOutputs');
    const signals = test.maps('RuleOutputs').flatMap((output): TestSignals[] => {
      const read = readOutput(output);
      return read === undefined ? [] : placesOf(read.member).map((place) => ({ ...place, matches: read.matches }));
    });
    return head === undefined ? [] : [{ ...head, event: {}, mocks: [], signals }];
  });
}

function readOutput(
  fields: MapFields,
): { readonly member: string; readonly matches: TestSignals['matches'] } | undefined {
  const member = fields.name('ID');
  const matches: { field: string; value: string; times: number[] }[] = [];
  for (const { key: field, value: byValue } of fields.map('Matches')?.entries() ?? []) {
    if (byValue.kind !== 'map') {
      if (byValue.kind !== 'null') fields.wrong(`Matches.${field}`, 'a map', byValue);
      continue;
    }
    for (const { key: value, value: list } of byValue.entries()) {
      const items = list.asList();
      if (items === undefined) {
        fields.wrong(`Matches.${field}.${value}`, 'a list of times', list);
        continue;
      }
      matches.push({ field, value, times: items.flatMap((item) => readTime(item, fields)) });
    }
  }
  return member === undefined ? undefined : { member, matches };
}

/** Minutes from a common start, or a moment. In milliseconds. */
function readTime(node: ValueNode, fields: MapFields): number[] {
  const minutes = node.asNumber();
  if (minutes !== undefined) return [minutes * MINUTE];
  const written = node.written() ?? '';
  const moment = /^\d{4}-\d{2}-\d{2}/.test(written) ? Date.parse(utc(written)) : Number.NaN;
  if (!Number.isNaN(moment)) return [moment];
  fields.diagnostics.push(diagnostic('panther/test-time', { text: written || node.kindInWords }, node.span));
  return [];
}

/** A moment that names no zone is UTC. */
function utc(written: string): string {
  const text = written.trim().replace(' ', 'T');
  return /T[\d:.]+$/.test(text) ? `${text}Z` : text;
}
