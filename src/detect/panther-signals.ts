import type { Match } from '../alerts/match.ts';
import { correlate, type Signal } from '../alerts/panther-correlation.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isJsonObject, type Json } from '../base/json.ts';
import type { CorrelationLogic, Rule, SignalCorrelation } from '../ir/rule.ts';
import { parseDateTime, toEpochMs } from '../values/date-time.ts';
import { displayText } from '../values/text-of.ts';

/** What one correlation keeps of matches at the most. */
const MOST_SIGNALS = 1_000_000;

interface MatchSignal extends Signal {
  /** The match; undefined for one of a correlation rule. */
  readonly match: Match | undefined;
}

interface Member {
  readonly id: string;
  readonly rule: string;
  /** The fields whose values the correlation asks for. */
  readonly fields: readonly string[];
}

interface Part {
  readonly rule: Rule;
  readonly correlation: SignalCorrelation;
  readonly members: readonly Member[];
  readonly signals: Map<string, MatchSignal[]>;
  kept: number;
  dropped: number;
}

/** Runs correlation rules over the matches of the rules they name. Their own matches come at the end, in order of time. */
export class PantherSignals {
  private readonly parts: readonly Part[];
  private readonly byRule = new Map<string, { readonly part: Part; readonly member: Member }[]>();
  private readonly warnings: Diagnostic[] = [];
  private latest = 0;

  constructor(rules: readonly Rule[]) {
    const ids = new Set(rules.map((rule) => rule.id));
    const correlations = rules.flatMap((rule) =>
      rule.logic.kind === 'correlation' ? [{ rule, logic: rule.logic }] : [],
    );
    this.parts = inOrder(correlations).flatMap(({ rule, logic }) =>
      logic.correlations.map((correlation) => partOf(rule, correlation)),
    );
    for (const part of this.parts) {
      for (const member of part.members) {
        const held = this.byRule.get(member.rule);
        if (held === undefined) this.byRule.set(member.rule, [{ part, member }]);
        else held.push({ part, member });
      }
      for (const { rule, span } of part.correlation.members) {
        if (ids.has(rule)) continue;
        this.warnings.push(diagnostic('panther/missing-member', { rule: part.rule.id, member: rule }, span));
      }
    }
  }

  /** Takes note of a match. */
  add(match: Match): void {
    // Reading the time may mean to parse the record.
    if (this.parts.length === 0) return;
    const wanted = this.byRule.get(match.rule.id);
    const time = timeOf(match);
    if (time !== undefined && time > this.latest) this.latest = time;
    if (wanted === undefined) return;
    // A match without a time happened when the latest before it did.
    for (const each of wanted) this.keep(each, match, time ?? this.latest, (field) => valuesOf(match, field));
  }

  private keep(
    { part, member }: { readonly part: Part; readonly member: Member },
    match: Match | undefined,
    time: number,
    read: (field: string) => ReadonlySet<string>,
  ): void {
    if (part.kept >= MOST_SIGNALS) {
      part.dropped += 1;
      return;
    }
    part.kept += 1;
    const signal: MatchSignal = { time, values: new Map(member.fields.map((field) => [field, read(field)])), match };
    const held = part.signals.get(member.id);
    if (held === undefined) part.signals.set(member.id, [signal]);
    else held.push(signal);
  }

  /** The matches of all correlation rules, once all others have been added. */
  finish(): Match[] {
    const found: Match[] = [];
    for (const part of this.parts) {
      const { rule, correlation } = part;
      for (const { values, signals, first, last } of correlate(correlation, part.signals, 'lookback')) {
        const match: Match = {
          rule,
          record: signals.findLast((signal) => signal.match?.record !== undefined)?.match?.record,
          time: new Date(last).toISOString(),
          title: rule.name,
          dedup: values.length === 0 ? `defaultDedupString:${rule.id}` : values.join(', '),
          fields: {
            values: [...values],
            signals: signals.length,
            rules: [...new Set(signals.flatMap((signal) => signal.match?.rule.id ?? []))],
            first_time: new Date(first).toISOString(),
            last_time: new Date(last).toISOString(),
          },
        };
        found.push(match);
        // A correlation may be over others: what it has in common is found at every field.
        for (const each of this.byRule.get(rule.id) ?? []) this.keep(each, undefined, last, () => new Set(values));
      }
      part.signals.clear();
    }
    return found.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : (a.time ?? '') > (b.time ?? '') ? 1 : 0));
  }

  /** What could not be looked at. */
  diagnostics(): readonly Diagnostic[] {
    const dropped = this.parts.flatMap(({ rule, dropped: number }) =>
      number === 0 ? [] : [diagnostic('panther/signals-dropped', { rule: rule.id, dropped: number }, rule.span)],
    );
    return [...this.warnings, ...dropped];
  }
}

/** Correlations that others name come before those. */
function inOrder(
  rules: readonly { readonly rule: Rule; readonly logic: CorrelationLogic }[],
): { readonly rule: Rule; readonly logic: CorrelationLogic }[] {
  const byId = new Map(rules.map((each) => [each.rule.id, each]));
  const done = new Set<string>();
  const ordered: { rule: Rule; logic: CorrelationLogic }[] = [];
  const visit = (id: string): void => {
    const each = byId.get(id);
    if (each === undefined || done.has(id)) return;
    done.add(id);
    for (const { members } of each.logic.correlations) for (const { rule } of members) visit(rule);
    ordered.push(each);
  };
  for (const { rule } of rules) visit(rule.id);
  // Of two rules with one id the second was not visited.
  return [...ordered, ...rules.filter((each) => !ordered.includes(each))];
}

function partOf(rule: Rule, correlation: SignalCorrelation): Part {
  const members = correlation.members.map(({ id, rule: named }) => {
    const grouped = correlation.criteria.flatMap(({ fields }) =>
      fields.flatMap(({ member, field }) => (member === id ? [field] : [])),
    );
    const stepped = correlation.transitions.flatMap(({ from, to, match }) => [
      ...(match !== undefined && from === id ? [match.from] : []),
      ...(match !== undefined && to === id ? [match.to] : []),
    ]);
    return { id, rule: named, fields: [...new Set([...grouped, ...stepped])] };
  });
  return { rule, correlation, members, signals: new Map(), kept: 0, dropped: 0 };
}

function timeOf(match: Match): number | undefined {
  const moment = match.time === undefined ? undefined : parseDateTime(match.time);
  return moment === undefined ? undefined : toEpochMs(moment);
}

const CONTEXT = 'p_alert_context';

/** The texts at a field of a match: of its alert context, or of its event. A list has several. */
function valuesOf(match: Match, field: string): ReadonlySet<string> {
  const [first, ...rest] = field.split('.');
  const event = match.record?.event;
  const value =
    first === CONTEXT
      ? at(match.alertContext, rest)
      : event === undefined
        ? undefined
        : (event[field] ?? at(event, field.split('.')));
  const items: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return new Set(items.flatMap((item) => displayText(item) ?? []));
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let reached = value;
  for (const step of path) reached = isJsonObject(reached) && Object.hasOwn(reached, step) ? reached[step] : undefined;
  return reached;
}
