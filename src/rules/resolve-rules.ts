import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isError, refused } from '../formats/refused.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import type { CorrelationLink } from '../formats/sigma/link.ts';
import type { ColumnType } from '../ir/plan/plan.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { type RuleRef, refTo } from '../ir/rule/rule-ref.ts';
import type { correlationPlan, RuleReference } from '../languages/sigma/index.ts';
import { applyFilters } from './resolve-filters.ts';
import { resolveSignals } from './resolve-signals.ts';
import { RuleIndex } from './rule-index.ts';

export interface Resolved {
  readonly outcomes: readonly LoadOutcome[];
  /** What is wrong between rules, and not in one of them. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Correlations of correlations, so deep. */
const DEEPEST = 50;

/**
 * Makes what needs other rules, when all are loaded: Sigma filters change the rules they are for, correlations are over the
 * matches of those they refer to. Filters leave the outcomes; correlations come out loaded or with what is wrong.
 */
export async function resolveRules(outcomes: readonly LoadOutcome[]): Promise<Resolved> {
  const signals = await resolveSignals(outcomes);
  const kinds = new Set(outcomes.map((outcome) => outcome.link?.kind));
  if (!kinds.has('correlation') && !kinds.has('filter')) return { outcomes: signals, diagnostics: [] };
  const { correlationPlan, correlationColumns, filterEvents } = await import('../languages/sigma/index.ts');
  const filtered = applyFilters(signals, filterEvents);
  const resolver = new Resolver(filtered.outcomes, correlationPlan, correlationColumns);
  return { outcomes: resolver.resolve(), diagnostics: filtered.diagnostics };
}

type MakePlan = typeof correlationPlan;
type Columns = (by: readonly string[]) => readonly ColumnType[];

interface Referred {
  readonly rule: RuleRef;
  readonly columns: readonly ColumnType[];
  readonly fieldName: (name: string) => string;
  readonly name: string;
  readonly outcome: LoadOutcome;
  readonly loaded: Rule;
}

class Resolver {
  private readonly outcomes: readonly LoadOutcome[];
  private readonly index: RuleIndex;
  private readonly makePlan: MakePlan;
  private readonly columns: Columns;
  /** Correlations that are made, by what they were made of. */
  private readonly made = new Map<LoadOutcome, LoadOutcome>();
  private readonly open: LoadOutcome[] = [];
  private readonly silent = new Set<LoadOutcome>();

  constructor(outcomes: readonly LoadOutcome[], makePlan: MakePlan, columns: Columns) {
    this.outcomes = outcomes;
    this.index = new RuleIndex(outcomes);
    this.makePlan = makePlan;
    this.columns = columns;
  }

  resolve(): LoadOutcome[] {
    const all = this.outcomes.map((outcome) => ({ outcome, made: this.make(outcome) }));
    return all.map(({ outcome, made }) => {
      if (made.status !== 'loaded' || !this.silent.has(outcome)) return made;
      return { ...made, rule: { ...made.rule, silent: true } };
    });
  }

  private make(outcome: LoadOutcome): LoadOutcome {
    const { link } = outcome;
    if (link?.kind !== 'correlation' || outcome.status === 'invalid') return outcome;
    const known = this.made.get(outcome);
    if (known !== undefined) return known;
    this.open.push(outcome);
    const made = this.correlation(link, outcome);
    this.open.pop();
    this.made.set(outcome, made);
    return made;
  }

  private correlation(link: CorrelationLink, outcome: LoadOutcome): LoadOutcome {
    const { identity, definition, metadata } = link;
    // What the document said while it waited for the others no longer counts.
    const diagnostics = outcome.diagnostics.filter((found) => found.severity !== 'error');
    const referred = new Map<string, Referred>();
    for (const reference of definition.rules) {
      const target = this.target(reference, link, diagnostics);
      if (target === undefined) continue;
      const loaded = this.loaded(reference, target, diagnostics);
      if (loaded === undefined || loaded.logic.kind !== 'plan') continue;
      const mapped = target.link?.kind === 'rule' ? target.link.fieldName : undefined;
      const fieldName = mapped ?? ((name: string): string => name);
      const { columns = [] } = loaded.logic;
      const { text: name } = reference;
      referred.set(name, { rule: refTo(loaded), columns, fieldName, name, outcome: target, loaded });
    }
    const same = (reference: RuleReference): string | undefined => {
      if (referred.has(reference.text)) return reference.text;
      const [target] = this.index.find(reference.text, identity.file);
      return [...referred.values()].find((one) => one.outcome === target)?.name;
    };
    if (diagnostics.some(isError)) return refused(link.identity, diagnostics);
    const plan = this.makePlan(definition, referred, same, (found) => {
      diagnostics.push(found);
    });
    if (plan === undefined) return refused(link.identity, diagnostics);
    // A correlation that does not run silences nothing.
    if (!link.generate) for (const one of referred.values()) this.silent.add(one.outcome);
    return {
      status: 'loaded',
      rule: {
        ...identity,
        ...metadata,
        enabled: true,
        schema: 'sigma',
        logic: { kind: 'plan', plan, columns: this.columns(definition.groupBy) },
        uses: [...referred.values()].map(({ loaded }) => loaded),
        tests: [],
      },
      diagnostics,
      lint: () => [],
      link,
    };
  }

  private target(reference: RuleReference, link: CorrelationLink, found: Diagnostic[]): LoadOutcome | undefined {
    const { file } = link.identity;
    const targets = this.index.find(reference.text, file);
    const [target] = targets;
    if (target === undefined) {
      const near = this.index.near(reference.text);
      found.push(diagnostic('sigma/unknown-reference', { reference: reference.text, near }, reference.span));
    } else if (targets.length > 1) {
      const files = [...new Set(targets.map((one) => this.index.identity(one).file))];
      found.push(diagnostic('sigma/ambiguous-reference', { reference: reference.text, files }, reference.span));
      return undefined;
    }
    return target;
  }

  private loaded(reference: RuleReference, target: LoadOutcome, found: Diagnostic[]): Rule | undefined {
    const at = this.open.indexOf(target);
    if (at >= 0 || this.open.length > DEEPEST) {
      const path = this.open.slice(Math.max(0, at)).map((one) => this.index.identity(one).name);
      const again = this.index.identity(target).name;
      found.push(
        at >= 0
          ? diagnostic('sigma/correlation-cycle', { path: [...path, again] }, reference.span)
          : diagnostic('sigma/too-deep', { most: DEEPEST }, reference.span),
      );
      return undefined;
    }
    const made = this.make(target);
    if (made.status === 'loaded') return made.rule;
    const params = { reference: reference.text, status: made.status };
    const code = made.status === 'invalid' ? 'sigma/broken-reference' : 'unsupported/sigma-reference';
    found.push(diagnostic(code, params, reference.span));
    return undefined;
  }
}
