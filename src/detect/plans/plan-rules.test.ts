import { describe, expect, it } from 'vitest';
import { KeptTogether, LIMITS } from '../../engines/memory/index.ts';
import { call, field, match } from '../../ir/construct.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { recognise } from '../../logs/registry.ts';
import { fromEpochMs } from '../../values/date-time.ts';
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

describe('what all rules keep', () => {
  /** All records that have the rule's name as a field of `x`, in order; with a `text` that each makes for itself where it `makes`. */
  const keeping = (name: string, makes: boolean): Rule => {
    const matching: Plan = {
      kind: 'where',
      input: { kind: 'source', schema: 'sigma', scope: null },
      predicate: match(field(name), { kind: 'equals', value: 'x' }),
    };
    const text = call('text.concat', [field('text'), field('text')]);
    const input: Plan = makes ? { kind: 'extend', input: matching, columns: [{ name: 'made', expr: text }] } : matching;
    const keys = [
      { expr: makes ? { kind: 'column' as const, name: 'made' } : field('n'), direction: 'asc', nulls: 'first' },
    ] as const;
    return {
      ...ruleOf(0),
      id: name,
      name,
      file: name,
      logic: { kind: 'plan', plan: { kind: 'order', keys, input }, columns: undefined },
    };
  };

  /** The rules' matches, by their names, and what is said; of each record the names of the rules that match it. */
  const run = (names: readonly string[], records: readonly (readonly string[])[], makes: boolean) => {
    const clock = { now: fromEpochMs(0) };
    const most = 1_000_000;
    const plans = new PlanRules(
      names.map((name) => keeping(name, makes)),
      clock,
      {
        engine: 'memory',
        limits: { ...LIMITS, weight: makes ? LIMITS.weight : most },
        together: new KeptTogether(makes ? most : undefined),
      },
    );
    for (const [n, heard] of records.entries()) {
      const event = { n, text: 't'.repeat(10_000), ...Object.fromEntries(heard.map((name) => [name, 'x'])) };
      const { type, shape } = recognise(event);
      plans.process({ event, logType: type.name, shape: shape.name, source: { file: 'f', line: n + 1 } }, type, shape);
    }
    const kept = plans.kept().length;
    const found = plans.end(clock).map(({ rule }) => rule.name);
    return { kept, found, said: plans.failures().map(({ code, message }) => `${code} ${message}`) };
  };
  const times = <T>(count: number, of: T): T[] => Array.from({ length: count }, () => of);

  it.each([
    ['records', false, 90],
    ['values that they made', true, 45],
  ])('of %s is bounded: the rule that keeps the most is stopped, whoever comes last', (_, makes, many) => {
    const records = [...times(3, ['small']), ...times(many, ['large']), ...times(30, ['small'])];
    const { kept, found, said } = run(['large', 'small'], records, makes);
    expect(found).toEqual(times(33, 'small'));
    expect(said).toEqual([
      'run/limit large (large) keeps the most where all rules together keep more than 1,000,000 characters',
    ]);
    expect(kept).toBe(33);
  });

  it('is the same record once', () => {
    const names = Array.from({ length: 20 }, (_, at) => `r${at}`);
    const { found, said } = run(names, times(20, names), false);
    expect(said).toEqual([]);
    expect(found).toHaveLength(400);
  });

  it('is bounded for many that keep as much as each other: some are stopped, and the others find what they find', () => {
    const names = Array.from({ length: 50 }, (_, at) => `r${at}`);
    const { found, said } = run(names, times(10, names), true);
    expect(said.every((one) => one.startsWith('run/limit'))).toBe(true);
    expect(said.length).toBeGreaterThan(30);
    expect(said.length).toBeLessThan(50);
    const whole = names.filter((name) => found.includes(name));
    expect(whole).toHaveLength(50 - said.length);
    for (const name of whole) expect(found.filter((one) => one === name)).toHaveLength(10);
  });
});
