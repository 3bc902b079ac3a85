import { expect, test } from 'vitest';
import { pythonRule } from '../../test/python-rule.ts';
import type { JsonObject } from '../base/json.ts';
import { createRuleSession } from './rule-session.ts';

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
