import { isJsonObject, type JsonObject } from '../../src/base/json.ts';
import { WithoutPython } from '../../src/detect/python/python-outputs.ts';
import { compilePredicate, rowOf } from '../../src/engines/memory/index.ts';
import { createPythonEngine, type PythonEngine } from '../../src/engines/python/index.ts';
import { conditionOf, tierOf } from '../../src/engines/python/tiers.ts';
import type { Rule } from '../../src/ir/rule/rule.ts';
import { parseJson } from '../../src/logs/decode/json/json-value.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { plainly } from '../../test/plain-records.ts';
import { pythonRule } from '../../test/python-rule.ts';
import type { Random } from '../engine/random.ts';
import { hold, type Subject, type Target } from '../engine/target.ts';
import { tokenMutators } from '../mutate/tokens.ts';
import { holdSame } from './oracles.ts';
import { pythonEvent, pythonModule } from './python-grammar.ts';
import { inSections, ofBody, ofHead, sectionsOf } from './sections.ts';

/** Between the modules of an input. */
const BETWEEN = '\n# ----\n';
const MOST_RULES = 12;
const MOST_EVENTS = 24;
/** The interpreter is started anew after so many inputs: rules are never taken out of one. */
const INPUTS_PER_ENGINE = 150;

const clock = { now: fromEpochMs(0) };

function input(random: Random): Buffer {
  const modules = Array.from({ length: MOST_RULES }, () => pythonModule(random));
  const events = Array.from({ length: 12 }, () => pythonEvent(random));
  return inSections(modules.join(BETWEEN), events.join('\n'));
}

function eventsOf(body: Buffer): JsonObject[] {
  return body
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const parsed = parseJson(line);
      return parsed.ok && isJsonObject(parsed.value) ? [{ ...parsed.value, p_log_type: 'T' }] : [];
    })
    .slice(0, MOST_EVENTS);
}

/** Whether what is known of a rule without Python lets an event pass; undefined where nothing is known. */
type Judge = (event: JsonObject) => boolean;

function judgeOf(rule: Rule): { readonly tier: number; readonly judge: Judge | undefined } {
  const found = tierOf(rule)?.byLogType.get('T');
  const condition = found === undefined ? undefined : conditionOf(found);
  if (found === undefined || condition === undefined) return { tier: 3, judge: undefined };
  const decide = compilePredicate(plainly(condition), clock);
  return { tier: found.tier, judge: (event) => decide(rowOf(event)) === true };
}

class Comparison {
  private engine: PythonEngine | undefined;
  private inputs = 0;
  private readonly planted: boolean;

  constructor(planted: boolean) {
    this.planted = planted;
  }

  async run(bytes: Buffer): Promise<void> {
    const [head, body] = sectionsOf(bytes);
    const events = eventsOf(body);
    const rules = head
      .split(BETWEEN)
      .slice(0, MOST_RULES)
      .map((code, at) => pythonRule(`R${at}`, code));
    if (events.length === 0) return;
    const results = await (await this.python()).evaluate(
      rules,
      events.map((event) => ({ event, logType: 'T' })),
    );
    const said = new Map(results.map((result) => [`${rules.indexOf(result.rule)} ${result.event}`, result]));
    const without = new WithoutPython();
    for (const [at, rule] of rules.entries()) {
      // What does not load matches nothing, and the tiers say nothing of that.
      if (said.has(`${at} undefined`)) continue;
      const { tier, judge } = judgeOf(rule);
      for (const [place, event] of events.entries()) {
        const python = said.get(`${at} ${place}`);
        const isLimit =
          python?.kind === 'failed' &&
          python.diagnostics.some(({ code }) => /timeout|memory|crash|suspended/.test(code));
        if (isLimit) continue;
        const matches = python?.kind === 'matched';
        const where = (): string =>
          `on ${JSON.stringify(body.toString('utf8').split('\n')[place])} by\n${head.split(BETWEEN)[at]}`;
        const verdict = this.planted && tier === 1 && /\bnot in\b/.test(head) ? false : judge?.(event);
        if (tier === 1) hold(verdict === matches, () => `tier 1 says ${verdict}, Python ${python?.kind} ${where()}`);
        else hold(verdict !== false || !matches, () => `tier 2 says that it cannot match, and it does ${where()}`);
        const told = tier === 1 && verdict === false ? undefined : without.tell(rule, event, 'T');
        if (told === 'no match') hold(!matches, () => `without Python it does not match, and it does ${where()}`);
        else if (told !== undefined) {
          hold(
            python?.kind === 'matched',
            () => `without Python it matches, by Python it is ${python?.kind} ${where()}`,
          );
          holdSame(told, python.outputs, `what is told without Python ${where()}`);
        }
      }
    }
  }

  async close(): Promise<void> {
    await this.engine?.close();
    this.engine = undefined;
  }

  private async python(): Promise<PythonEngine> {
    this.inputs += 1;
    if (this.inputs % INPUTS_PER_ENGINE === 0) await this.close();
    this.engine ??= createPythonEngine({ timeLimitMs: 1_000 });
    return this.engine;
  }
}

const target: Target = {
  name: 'python-rules',
  about:
    'Python rules by grammar, over records: what is known without Python, and what the interpreter in TypeScript makes of a match, is what Python gives',
  seeds: [
    inSections(
      [
        'def rule(event):\n    return event.get("a") == "x"\n',
        'def rule(event):\n    return any(y in ("x", "X") for y in event.get("l", []))\ndef title(event):\n    return f"{event.get(\'s\')} {event.get(\'n\')!r}"\n',
      ].join(BETWEEN),
      '{"a":"x"}\n{"l":["X",1],"s":"é","n":2.5}\n{"a":null,"l":"x"}',
    ),
  ],
  words: [
    'event',
    'get',
    'deep_get',
    'not',
    'in',
    'not in',
    'is None',
    'and',
    'or',
    'True',
    'False',
    'None',
    'len(',
    'str(',
    'lower()',
    '==',
    '!=',
    '<',
    "'x'",
    '0',
    '1',
    '[0]',
  ],
  make: input,
  mutators: [
    ...tokenMutators.map(ofHead),
    ...tokenMutators.map(ofBody),
    ofBody((_, { random }) => Buffer.from(Array.from({ length: 12 }, () => pythonEvent(random)).join('\n'))),
    ofHead((head, { random }) => {
      const modules = head.toString('utf8').split(BETWEEN);
      modules[random.below(modules.length)] = pythonModule(random);
      return Buffer.from(modules.join(BETWEEN));
    }),
  ],
  mostBytes: 32 * 1024,
  mostMs: 60_000,
  short: 3,
  plantedWithin: 10,
  open(planted): Promise<Subject> {
    return Promise.resolve(new Comparison(planted));
  },
};

export default target;
