import type { LoadOutcome } from '../formats/rule-file.ts';
import type { WildcardPart } from '../ir/expr.ts';
import type { RuleFormat, RuleIdentity, RuleLabels, RuleSeverity } from '../ir/rule/rule.ts';
import { compileWildcard } from '../ir/wildcard.ts';

/**
 * Which of the rules that are loaded are wanted: those that meet each kind that is given, by one of its values, and are not excluded.
 * Texts are compared without regard to case, and `*` in them stands for anything.
 */
export interface RuleSelection {
  readonly levels?: readonly RuleSeverity[];
  readonly tags?: readonly string[];
  /** ATT&CK ids of techniques, each with its sub-techniques, and of tactics. */
  readonly techniques?: readonly string[];
  readonly ids?: readonly string[];
  readonly statuses?: readonly string[];
  readonly authors?: readonly string[];
  readonly vendors?: readonly RuleVendor[];
  /** Ids, files and folders. */
  readonly exclude?: readonly string[];
}

/** Whose rules they are. Sentinel's, Defender's and bare Kusto queries are Microsoft's. */
export type RuleVendor = RuleFormat | 'microsoft';

const OF_MICROSOFT: readonly RuleFormat[] = ['sentinel', 'defender', 'kusto'];

const NO_LABELS: RuleLabels = { severity: undefined, tags: [], techniques: [], tactics: [] };

/** Tells of a rule, loaded or not, whether it is wanted. What a rule does not say of itself, it does not meet. */
export function compileSelection(selection: RuleSelection): (outcome: LoadOutcome) => boolean {
  const { levels, vendors } = selection;
  const tags = anyOf(selection.tags);
  const techniques = anyOf(selection.techniques?.flatMap((one) => [one, `${one}.*`]));
  const ids = anyOf(selection.ids);
  const statuses = anyOf(selection.statuses);
  const authors = anyOf(selection.authors);
  const excludedIds = anyOf(selection.exclude);
  const excludedFiles = anyOf(
    selection.exclude?.map(withoutSlash).flatMap((one) => [one, `*/${one}`, `${one}/*`, `*/${one}/*`]),
  );
  return (outcome) => {
    const identity = outcome.status === 'loaded' ? outcome.rule : outcome.identity;
    const labels = outcome.status === 'loaded' ? outcome.rule : (outcome.identity.labels ?? NO_LABELS);
    return (
      (levels === undefined || levels.some((level) => level === labels.severity)) &&
      (vendors === undefined || vendors.some((vendor) => isOf(identity, vendor))) &&
      (tags === undefined || labels.tags.some(tags)) &&
      (techniques === undefined || [...labels.techniques, ...labels.tactics].some(techniques)) &&
      (ids === undefined || ids(identity.id)) &&
      (statuses === undefined || (labels.status !== undefined && statuses(labels.status))) &&
      (authors === undefined || (labels.authors ?? []).some(authors)) &&
      excludedIds?.(identity.id) !== true &&
      excludedFiles?.(identity.file) !== true
    );
  };
}

function isOf({ format }: RuleIdentity, vendor: RuleVendor): boolean {
  return format === vendor || (vendor === 'microsoft' && OF_MICROSOFT.includes(format));
}

function withoutSlash(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/$/, '');
}

/** Undefined where nothing is asked. */
function anyOf(asked: readonly string[] | undefined): ((text: string) => boolean) | undefined {
  const tests = asked?.map((one) => compileWildcard(partsOf(one), true));
  return tests && ((text) => tests.some((fits) => fits(text)));
}

function partsOf(asked: string): readonly WildcardPart[] {
  return asked
    .split('*')
    .flatMap((text, at): readonly WildcardPart[] => [
      ...(at > 0 ? [{ any: 'many' } as const] : []),
      ...(text === '' ? [] : [{ text }]),
    ]);
}
