import type { JsonObject } from '../base/json.ts';
import { compileExpr, compilePredicate, type Row } from '../engines/memory/index.ts';
import type { AlertTemplate, Rule, RuleSeverity } from '../ir/rule.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { displayText, toJson } from '../values/text-of.ts';
import type { Match } from './match.ts';

/** Longer titles and dedup texts are cut, as those of Python rules are. */
const LONGEST_TEXT = 1000;
const TRUNCATED = '... (truncated)';

type Told = Required<Pick<Match, 'title' | 'dedup' | 'alertContext'>> & { readonly severity?: RuleSeverity };

/** What a rule's alert says of an event. */
export type Teller = (event: JsonObject, logType: string | undefined) => Told;

const tellers = new WeakMap<Rule, Teller>();

/** How a rule's matches are told; made once for each rule. */
export function tellerOf(rule: Rule, template: AlertTemplate): Teller {
  const known = tellers.get(rule);
  if (known !== undefined) return known;
  const made = compileTemplate(rule, template);
  tellers.set(rule, made);
  return made;
}

function compileTemplate(rule: Rule, template: AlertTemplate): Teller {
  const clock = { now: fromEpochMs(0) };
  const title = template.title && compileExpr(template.title, clock);
  const dedup = template.dedup && compileExpr(template.dedup, clock);
  const context = template.context.map(({ name, expr }) => ({ name, read: compileExpr(expr, clock) }));
  const severities = template.severities.map(({ when, severity }) => ({
    holds: compilePredicate(when, clock),
    severity,
  }));
  const cut = (text: string): string =>
    text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT - TRUNCATED.length) + TRUNCATED;
  return (event, logType) => {
    const row = pantherRow(event, logType);
    const severity = severities.find(({ holds }) => holds(row) === true)?.severity ?? rule.severity;
    const own = title === undefined ? '' : cut(displayText(title(row)) ?? '');
    const group = dedup === undefined ? own : cut(displayText(dedup(row)) ?? '');
    return {
      title: title === undefined ? rule.id : own,
      dedup: group === '' ? `defaultDedupString:${rule.id}` : group,
      alertContext: Object.fromEntries(context.map(({ name, read }) => [name, toJson(read(row) ?? null)])),
      ...(severity !== undefined && { severity }),
    };
  };
}

/** An event as Panther's expressions see it: with its log type. */
function pantherRow(event: JsonObject, logType: string | undefined): Row {
  const known = logType !== undefined && !Object.hasOwn(event, 'p_log_type');
  return { event, columns: new Map(known ? [['p_log_type', logType]] : []) };
}
