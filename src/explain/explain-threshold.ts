import { limitInWords } from '../alerts/drops.ts';
import { createSession } from '../detect/alert-session.ts';
import type { InputRecord, SessionOptions } from '../detect/session.ts';
import type { Explanation } from '../engines/memory/explain.ts';
import type { Rule } from '../ir/rule.ts';

/**
 * What a run makes of explanations of single events: where a rule's threshold or trigger drops what its logic finds, the events
 * are no matches, and that is why.
 */
export async function withThreshold(
  rule: Rule,
  events: readonly InputRecord[],
  explanations: readonly Explanation[],
  options: SessionOptions,
): Promise<readonly Explanation[]> {
  const threshold = rule.alert?.threshold;
  if (threshold === undefined || !explanations.some(({ verdict }) => verdict === true)) return explanations;
  const session = createSession([rule], { ...options, engine: 'memory' });
  try {
    const matches = [...(await session.process(events)), ...(await session.advance('end'))];
    const dropped = session.drops(rule).threshold;
    if (dropped === 0) return explanations;
    const kept = new Set(matches.map(({ record }) => record?.source));
    const what = threshold.of === 'run' ? 'rows' : 'matches of one alert';
    const asked: Explanation = {
      verdict: false,
      text: `the ${threshold.called} of the rule: ${limitInWords(threshold)} ${what} in all; ${dropped.toLocaleString('en-US')} found here`,
      children: [],
      span: rule.span,
    };
    return explanations.map((explanation, index) => {
      if (explanation.verdict !== true || kept.has(events[index]?.source)) return explanation;
      const text = `all of: the logic of the rule, and its ${threshold.called}`;
      return { verdict: false, text, children: [explanation, asked], span: rule.span };
    });
  } finally {
    await session.close();
  }
}
