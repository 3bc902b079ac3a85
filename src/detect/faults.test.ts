import { expect, test, vi } from 'vitest';
import { sourceText } from '../base/source-text.ts';
import { sigmaFormat } from '../formats/sigma/sigma.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { resolveRules } from '../rules/resolve-rules.ts';
import { sigmaSchema } from '../schemas/sigma.ts';
import { createSession } from './alerts/alert-session.ts';

/** Fails where what is given holds the text: a fault of ours in one place, for one rule. */
const { plant } = vi.hoisted(() => ({
  plant: (place: string, given: unknown): void => {
    if (JSON.stringify(given).includes(`planted: ${place}`)) throw new Error(`fault: ${place}`);
  },
}));

vi.mock('../engines/pipeline.ts', async (original) => {
  const real = await original<typeof import('../engines/pipeline.ts')>();
  const pipeline: typeof real.pipeline = {
    ...real.pipeline,
    prepare: (plan, ...more) => {
      plant('prepare', plan);
      return real.pipeline.prepare(plan, ...more);
    },
    residual: (plan, ...more) => {
      plant('bind', plan);
      return real.pipeline.residual(plan, ...more);
    },
  };
  return { ...real, pipeline };
});

vi.mock('../engines/record-engines.ts', async (original) => {
  const { recordEngines: real } = await original<typeof import('../engines/record-engines.ts')>();
  const stream: typeof real.stream = {
    ...real.stream,
    compile: (filters, work) => {
      plant('index', filters);
      const program = real.stream.compile(filters, work);
      if (!JSON.stringify(filters).includes('planted: matching')) return program;
      const candidates = (): never => {
        throw new Error('fault: matching');
      };
      return { ...program, candidates };
    },
  };
  return { recordEngines: { ...real, stream } };
});

vi.mock('../engines/memory/index.ts', async (original) => {
  const real = await original<typeof import('../engines/memory/index.ts')>();
  const wrapped: Partial<typeof real> = {
    compilePipeline: (plan, clock) => {
      plant('compiling', plan);
      const run = real.compilePipeline(plan, clock);
      return (row) => {
        plant('a step', plan);
        return run(row);
      };
    },
    compilePredicate: (expr, clock) => {
      plant('matching', expr);
      return real.compilePredicate(expr, clock);
    },
    operatorTree: (plan, clock, options) => {
      plant('making operators', plan);
      const tree = real.operatorTree(plan, clock, options);
      if (tree === undefined) return undefined;
      return Object.assign(Object.create(tree) as typeof tree, {
        push: (...given: Parameters<typeof tree.push>) => {
          plant('pushing rows', plan);
          tree.push(...given);
        },
        advance: (...given: Parameters<typeof tree.advance>) => {
          plant('advancing', plan);
          return tree.advance(...given);
        },
      });
    },
  };
  return { ...real, ...wrapped };
});

vi.mock('../alerts/alert-template.ts', async (original) => {
  const real = await original<typeof import('../alerts/alert-template.ts')>();
  const tellerOf: typeof real.tellerOf = (rule) => {
    plant('telling', rule);
    return real.tellerOf(rule);
  };
  return { ...real, tellerOf };
});

const simple = (name: string, more = ''): string =>
  `title: ${name}\nname: ${name}\nlogsource: {}\ndetection: {s: {x: 1}, condition: s}\n${more}`;
const bad = (place: string): string =>
  `title: bad\nname: bad\nlogsource: {}\ndetection: {s: {x: 1}, t: {y|contains: "planted: ${place}"}, condition: s or t}\n`;
/** Over a harmless rule; the place stands in what it groups by. */
const badCorrelation = (place: string): string =>
  `title: bad\nname: bad\ncorrelation: {type: event_count, rules: first, group-by: ["planted: ${place}"], timespan: 1m, condition: {gte: 1}}\ngenerate: true\n`;
const correlation =
  'title: last\nname: last\ncorrelation: {type: event_count, rules: first, timespan: 1m, condition: {gte: 2}}\n';

async function load(texts: readonly string[]): Promise<Rule[]> {
  const context = { readText: () => undefined, listFiles: () => [], schema: () => sigmaSchema };
  const source = sourceText('r.yml', texts.join('---\n'));
  const { outcomes } = await resolveRules(sigmaFormat.load({ path: 'r.yml', source }, context) ?? []);
  return outcomes.map((outcome) => {
    if (outcome.status !== 'loaded') throw new Error(outcome.diagnostics.map(({ message }) => message).join());
    return outcome.rule;
  });
}

const events = [0, 1, 2].map((n) => ({
  event: { time: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(), x: 1 },
  source: { file: 'f', line: n + 1 },
}));

/** How often each rule matched, and what was said. */
async function run(texts: readonly string[], options: Parameters<typeof createSession>[1] = {}) {
  const session = createSession(await load(texts), options);
  try {
    const found = [...(await session.process(events)), ...(await session.advance('end'))];
    const counts = Object.fromEntries(
      ['first', 'bad', 'second', 'last'].map((name) => [name, found.filter(({ rule }) => rule.name === name).length]),
    );
    return { counts, said: session.diagnostics.map(({ code, message }) => `${code}: ${message}`) };
  } finally {
    await session.close();
  }
}

/** What comes of `around` where the bad rule fails. */
const failing = (place: string): object => ({
  counts: { first: 3, bad: 0, second: 3, last: 1 },
  said: [expect.stringMatching(`^run/rule-fault: bad \\(r.yml\\) failed.*: fault: ${place}$`)],
});

const around = (text: string): string[] => [simple('first'), text, simple('second'), `${correlation}generate: true\n`];

test('without a fault all match', async () => {
  expect(await run(around(bad('nothing')))).toEqual({ counts: { first: 3, bad: 3, second: 3, last: 1 }, said: [] });
});

test.each(['prepare', 'bind', 'index', 'matching'])(
  'a fault of ours in %s for one rule is told with its name, and the others match',
  async (place) => {
    expect(await run(around(bad(place)))).toEqual(failing(place));
  },
);

test.each(['prepare', 'bind', 'compiling', 'a step'])('so in %s in the memory engine', async (place) => {
  expect(await run(around(bad(place)), { engine: 'memory' })).toEqual(failing(place));
});

test.each(['prepare', 'making operators', 'pushing rows', 'advancing'])(
  'a fault in %s of a rule over others is told with its name, and these match',
  async (place) => {
    for (const options of [{}, { allowedLateness: 0 }]) {
      const { counts, said } = await run(around(badCorrelation(place)), options);
      expect(counts).toMatchObject({ first: 3, bad: 0, second: 3 });
      expect(counts['last']).toBeGreaterThan(0);
      expect(said).toEqual([expect.stringMatching(`^run/rule-fault: bad \\(r.yml\\) failed.*: fault: ${place}$`)]);
    }
  },
);

test('a match stays one where what is to be said of it fails', async () => {
  const { counts, said } = await run(around(simple('bad', 'description: "planted: telling"\n')));
  expect(counts).toMatchObject({ first: 3, bad: 3, second: 3, last: 1 });
  expect(said).toEqual([expect.stringMatching(/^run\/rule-fault: bad .*, 3 times: fault: telling$/)]);
});

test('a record that fails before a rule has it costs that record', async () => {
  const session = createSession(await load([simple('first')]));
  const damaged = {
    source: { file: 'f', line: 9 },
    get event(): never {
      throw new Error('fault: record');
    },
  };
  const found = await session.process([...events.slice(0, 1), damaged, ...events.slice(1)]);
  expect(found.map(({ record }) => record?.source.line)).toEqual([1, 2, 3]);
  await session.advance('end');
  expect(session.diagnostics.map(({ message }) => message)).toEqual([
    'a record could not be given to rules on f:9: fault: record',
  ]);
  await session.close();
});
