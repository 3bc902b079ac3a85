import { limitInWords } from '../alerts/drops.ts';
import { createSession } from '../detect/alerts/alert-session.ts';
import type { InputRecord, SessionOptions } from '../detect/session.ts';
import type { Explanation } from '../engines/memory/explain.ts';
import type { AlertThreshold } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import type { RecordSource } from '../logs/record.ts';

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
  const counted = new Map<RecordSource, number>();
  const session = createSession([rule], {
    ...options,
    engine: 'memory',
    onOutOfReach: ({ record }, number) => {
      if (record !== undefined) counted.set(record.source, number);
    },
  });
  try {
    await session.process(events);
    await session.advance('end');
    const { threshold: dropped } = session.drops(rule);
    if (dropped === 0) return explanations;
    return explanations.map((explanation, index) => {
      const source = events[index]?.source;
      // The rows of a run come out together or not at all, whatever records they are made of.
      const found = threshold.of === 'run' ? dropped : source && counted.get(source);
      if (explanation.verdict !== true || found === undefined) return explanation;
      const text = `all of: the logic of the rule, and its ${threshold.called}`;
      return { verdict: false, text, children: [explanation, unreached(rule, threshold, found)], span: rule.span };
    });
  } finally {
    await session.close();
  }
}

function unreached(rule: Rule, threshold: AlertThreshold, found: number): Explanation {
  const limit = `the ${threshold.called} is ${limitInWords(threshold)}`;
  const number = found.toLocaleString('en-US');
  const text =
    threshold.of === 'run'
      ? `${limit}; the run has ${number} ${found === 1 ? 'row' : 'rows'}`
      : `${limit}; its alert has ${number} ${found === 1 ? 'match' : 'matches'}`;
  return { verdict: false, text, children: [], span: rule.span };
}
