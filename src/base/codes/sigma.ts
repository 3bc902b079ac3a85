import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** Sigma rules: the condition, the detections with their modifiers, and the rule around them. */
export interface SigmaCodes {
  'sigma/condition-syntax': { expected: string; found: string };
  'sigma/undefined-detection': { name: string; near: readonly string[] };
  'sigma/selector-without-detections': { pattern: string; near: readonly string[] };
  'sigma/selector-count': { count: number; of: number };
  'sigma/too-deep': { most: number };
  'sigma/empty': { what: string };
  'sigma/value-type': { expected: string; found: string };
  'sigma/keyword': { found: string };
  'sigma/unknown-modifier': { modifier: string; near: readonly string[] };
  'sigma/modifier-combination': { modifier: string; reason: string };
  'sigma/modifier-value': { modifier: string; expected: string; found: string };
  'sigma/regex': { reason: string };
  'sigma/cidr': { network: string };
  'sigma/cidr-host-bits': { network: string; meant: string };
  'sigma/duplicate-key': { key: string };
  'sigma/unknown-action': { action: string; near: readonly string[] };
  'sigma/nothing-to-repeat': Record<string, never>;
  'sigma/metadata': { key: string; expected: string; found: string };
  'sigma/unused-detection': { name: string };
  'sigma/redundant-wildcard': { modifier: string };
  'sigma/all-of-one': Record<string, never>;
  'sigma/unused-timeframe': Record<string, never>;
  'sigma/timespan': { key: string; found: string };
  'sigma/correlation-type': { type: string; near: readonly string[] };
  'sigma/correlation-condition': { problem: string };
  'sigma/correlation-expression': { problem: string };
  'sigma/correlation-alias': { problem: string; near: readonly string[] };
  'sigma/repeated-reference': { reference: string };
  'sigma/unknown-reference': { reference: string; near: readonly string[] };
  'sigma/ambiguous-reference': { reference: string; files: readonly string[] };
  'sigma/broken-reference': { reference: string; status: string };
  'sigma/correlation-cycle': { path: readonly string[] };
  'sigma/filter-keeps': { filter: string };
  'sigma/filter-without-rule': { reference: string; near: readonly string[] };
  'sigma/filter-logsource': { reference: string };
}

export const sigmaCodes: Entries<SigmaCodes> = {
  'sigma/condition-syntax': error((p) => `expected ${p.expected}, found ${p.found}`),
  'sigma/undefined-detection': error(
    (p) => `the condition names \`${p.name}\`, and the rule has no such detection`,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/selector-without-detections': error(
    (p) => `no detection's name fits \`${p.pattern}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/selector-count': error((p) => `\`${p.count} of\` can never hold with ${p.of} detections`),
  'sigma/too-deep': error((p) => `nested more than ${p.most} levels deep`),
  'sigma/empty': error(
    (p) => `${p.what} is empty, so it says nothing about an event`,
    () => "`null` asks for a field that is absent, `''` for one that is present and empty",
  ),
  'sigma/value-type': error((p) => `expected ${p.expected}, found ${p.found}`),
  'sigma/keyword': error(
    (p) => `a keyword cannot be ${p.found}`,
    () => 'keywords are searched for in every value of the event',
  ),
  'sigma/unknown-modifier': error(
    (p) => `there is no modifier \`${p.modifier}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/modifier-combination': error((p) => `\`${p.modifier}\` cannot be used here: ${p.reason}`),
  'sigma/modifier-value': error((p) => `\`${p.modifier}\` takes ${p.expected}, found ${p.found}`),
  'sigma/regex': error((p) => `not a valid regular expression: ${p.reason}`),
  'sigma/cidr': error(
    (p) => `\`${p.network}\` is no network`,
    () => 'write an address and a number of bits, such as `10.0.0.0/8` or `fe80::/10`',
  ),
  'sigma/cidr-host-bits': warning(
    (p) => `\`${p.network}\` names a host inside a network; it is read as \`${p.meant}\``,
    (p) => `write \`${p.meant}\``,
  ),
  'sigma/duplicate-key': error(
    (p) => `\`${p.key}\` is written twice in one map, so one of the two is lost`,
    () => 'join the values in a list, or use a second detection',
  ),
  'sigma/unknown-action': error(
    (p) => `there is no action \`${p.action}\``,
    (p) => didYouMeanHint(p.near) || 'actions are `global`, `reset` and `repeat`',
  ),
  'sigma/nothing-to-repeat': error(() => '`action: repeat` needs a document before it'),
  'sigma/metadata': warning((p) => `\`${p.key}\` should be ${p.expected}, found ${p.found}; it is ignored`),
  'sigma/unused-detection': warning(
    (p) => `the condition does not use \`${p.name}\``,
    () => 'name it in the condition, or remove it',
  ),
  'sigma/redundant-wildcard': warning((p) => `the \`*\` at the edge does nothing: \`${p.modifier}\` has put one there`),
  'sigma/all-of-one': warning(
    () => '`all` of a single value is that value',
    () => 'remove `all`, or give a list',
  ),
  'sigma/timespan': error(
    (p) => `\`${p.key}\` must be a number above 0 with a unit, found ${p.found}`,
    () => 'units are s, m, h and d (and w, M for months, y): `90m`',
  ),
  'sigma/correlation-type': error(
    (p) => `there is no correlation type \`${p.type}\``,
    (p) =>
      didYouMeanHint(p.near) ||
      'types are event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile and value_median',
  ),
  'sigma/correlation-condition': error((p) => p.problem),
  'sigma/correlation-expression': error((p) => p.problem),
  'sigma/correlation-alias': error(
    (p) => p.problem,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/repeated-reference': error((p) => `\`${p.reference}\` is referred to twice`),
  'sigma/unknown-reference': error(
    (p) => `no rule with the id or name \`${p.reference}\` was loaded`,
    (p) => didYouMeanHint(p.near) || 'load the files of the rules together with the correlation',
  ),
  'sigma/ambiguous-reference': error(
    (p) => `several rules are named \`${p.reference}\`: in ${p.files.join(', ')}`,
    () => 'refer to the rule by its id',
  ),
  'sigma/broken-reference': error((p) => `the rule \`${p.reference}\` that this refers to is ${p.status}`),
  'sigma/correlation-cycle': error((p) => `the correlation refers to itself: ${p.path.join(' → ')}`),
  'sigma/filter-keeps': warning(
    (p) =>
      `the filter \`${p.filter}\` keeps only the events that its condition selects: the condition is added to rules with \`and\`, as it is written`,
    () => 'to leave those events out, write `not` before what selects them',
  ),
  'sigma/filter-without-rule': warning(
    (p) => `the filter refers to \`${p.reference}\`, and no loaded rule has that id or name`,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/filter-logsource': warning(
    (p) => `the filter does not apply to \`${p.reference}\`, which has another log source`,
    () => 'each of product, category and service that a filter names must be what the rule names',
  ),
  'sigma/unused-timeframe': warning(() => '`timeframe` only has a meaning with an aggregation; it is ignored'),
};
