import { expect, test } from 'vitest';
import { pythonRule } from '../../../test/python-rule.ts';
import type { JsonObject } from '../../base/json.ts';
import { createRuleSession } from '../rule-session.ts';

const RULE = 'def rule(event):\n    return event.get("a") != "quiet"\n\n';
const rules = [
  pythonRule(
    'python',
    `${RULE}import time\n\ndef title(event):\n    return "p" + str(event.get("a")) + str(time.time())[:0]\n`,
  ),
  pythonRule('told', `${RULE}def title(event):\n    return f"t{event.get('a')}"\n`),
  pythonRule('broken', `${RULE}LIMIT = 1 // 0\n`),
  pythonRule('sometimes', `${RULE}def title(event):\n    return "s" + event.get("a")\n`),
];
const events: readonly JsonObject[] = [{ a: 'x' }, { a: 'quiet' }, { a: 1 }, { a: 'y' }];

async function run(strictErrors: boolean): Promise<{ titles: readonly string[]; codes: readonly string[] }> {
  const session = createRuleSession(rules, { strictErrors });
  try {
    const records = events.map((event, at) => ({
      event: { ...event, p_log_type: 'T' },
      source: { file: 'log', line: at + 1 },
    }));
    const found = await session.process(records);
    const { diagnostics } = session;
    return {
      titles: found.map(({ record, title }) => `${record?.source.line} ${title}`),
      codes: diagnostics.map(({ code }) => code),
    };
  } finally {
    await session.close();
  }
}

test('matches told here and by Python stand in the order of records and rules; what fails is told', async () => {
  const wanted = {
    titles: ['1 px', '1 tx', '1 sx', '3 p1', '3 t1', '3 sometimes', '4 py', '4 ty', '4 sy'],
    codes: ['python/load', 'python/output'],
  };
  expect(await run(false)).toEqual(wanted);
  expect(await run(true)).toEqual(wanted);
}, 60_000);

test('what modules keep from one event to the next is not stored, which is said once; where the rules stay it goes on', async () => {
  const counting = pythonRule(
    'counting',
    'SEEN = []\n\ndef rule(event):\n    SEEN.append(1)\n    return True\n\ndef title(event):\n    return str(len(SEEN))\n',
  );
  const record = (line: number) => ({ event: { p_log_type: 'T' }, source: { file: 'log', line } });
  const session = createRuleSession([counting]);
  const next = createRuleSession([counting]);
  try {
    const titles = async (of: typeof session, line: number) =>
      (await of.process([record(line)])).map(({ title }) => title);
    expect(await titles(session, 1)).toEqual(['1']);
    expect(next.restore(session.snapshot()).map(({ code, severity }) => [code, severity])).toEqual([
      ['checkpoint/python', 'info'],
    ]);
    expect(await titles(next, 2)).toEqual(['1']);
    const plain = pythonRule('plain', 'def rule(event):\n    return False\n');
    expect((await session.replaceRules([counting])).map(({ code }) => code)).toEqual([]);
    expect(await titles(session, 2)).toEqual(['2']);
    expect((await session.replaceRules([counting, plain])).map(({ code }) => code)).toEqual(['checkpoint/python']);
    expect(await titles(session, 3)).toEqual(['1']);
  } finally {
    await Promise.all([session.close(), next.close()]);
  }
}, 60_000);
