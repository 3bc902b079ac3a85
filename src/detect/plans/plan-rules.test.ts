import { describe, expect, it } from 'vitest';
import { field, match } from '../../ir/construct.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { recognise } from '../../logs/registry.ts';
import { PlanRules } from './plan-rules.ts';

const RULES = 900;
const NAMES = 300;

/** One rule in three is about whatever there is, one about a log source of Sigma, one about a type that Panther has. */
function ruleOf(at: number): Rule {
  const schema = at % 3 === 2 ? 'panther' : 'sigma';
  const about = schema === 'panther' ? 'p_log_type' : 'logsource.product';
  const scope = at % 3 === 0 ? null : match(field(about), { kind: 'equals', value: `Custom.Type${at % NAMES}` });
  return {
    id: `rule ${at}`,
    name: `rule ${at}`,
    file: 'f',
    format: 'sigma',
    language: 'sigma',
    span: { source: 'f', start: 0, end: 0 },
    description: '',
    severity: undefined,
    enabled: true,
    tags: [],
    techniques: [],
    tactics: [],
    references: [],
    falsePositives: [],
    tests: [],
    schema,
    logic: {
      kind: 'plan',
      plan: {
        kind: 'where',
        input: { kind: 'source', schema, scope },
        predicate: match(field('a'), { kind: 'equals', value: `x${at}` }),
      },
      columns: undefined,
    },
  };
}

describe('the programs of log types', () => {
  it('are one for all names that records give themselves', () => {
    const plans = new PlanRules(
      Array.from({ length: RULES }, (_, at) => ruleOf(at)),
      undefined,
      { engine: 'stream' },
    );
    const records = Array.from({ length: NAMES }, (_, at) => ({ p_log_type: `Custom.Type${at}`, a: `x${at}` }));
    const recognised = records.map((event) => recognise(event));
    expect(new Set(recognised.map(({ type }) => type.name)).size).toBe(NAMES);
    const programs = new Set(recognised.map(({ type, shape }) => plans.streamProgram(type, shape)));
    expect(programs.size).toBe(1);
    const matched = records.flatMap((event, at) => {
      const { type, shape } = recognise(event);
      const record = { event, logType: type.name, shape: shape.name, source: { file: 'f', line: at + 1 } };
      return plans.process(record, type, shape).map(({ rule }) => `${at} ${rule.id}`);
    });
    // The rule about whatever there is, and Panther's about a type of that name.
    expect(matched).toEqual(records.flatMap((_, at) => (at % 3 === 1 ? [] : [`${at} rule ${at}`])));
  });
});
