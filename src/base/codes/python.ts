import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** What goes wrong when rules run as Python. `rule` is the rule's id. */
export interface PythonCodes {
  'python/syntax': { rule: string; reason: string };
  'python/import': { rule: string; module: string; reason: string };
  'python/load': { rule: string; error: string; reason: string };
  'python/no-function': { rule: string; function: string };
  'python/exception': { rule: string; error: string; reason: string };
  'python/return-type': { rule: string; function: string; expected: string; found: string };
  'python/timeout': { rule: string; milliseconds: number };
  'python/memory': { rule: string };
  'python/crash': { rule: string; reason: string };
  'python/suspended': { rule: string; times: number };
  'python/tampered': { rule: string; what: string };
  'python/output': { rule: string; function: string; error: string; reason: string };
  'python/test-failed': { rule: string; test: string; expected: boolean; found: string };
  'python/start': { reason: string };
  'python/restarted': { repository: string; reason: string };
  'python/tier-disagrees': { rule: string };
  'python/always-raises': { rule: string; reason: string; records: number };
  'python/never-true': { rule: string };
  'python/unknown-attribute': { rule: string; name: string; near: readonly string[] };
}

export const pythonCodes: Entries<PythonCodes> = {
  'python/syntax': error((p) => `rule ${p.rule} is not valid Python: ${p.reason}`),
  'python/import': error(
    (p) => `rule ${p.rule} imports what is not there: ${p.reason}`,
    (p) =>
      p.module === ''
        ? ''
        : `rules can import the standard library, their repository's own global modules and \`panther_core\`; there is no \`${p.module}\``,
  ),
  'python/load': error((p) => `rule ${p.rule} fails while its module is loaded: ${p.error}: ${p.reason}`),
  'python/no-function': error((p) => `rule ${p.rule} has no function \`${p.function}\``),
  'python/exception': error((p) => `rule ${p.rule} raised ${p.error}: ${p.reason}`),
  'python/return-type': error(
    (p) => `rule ${p.rule}: \`${p.function}\` must return ${p.expected}, it returned ${p.found}`,
    (p) => (p.expected === 'bool' ? 'wrap the result in `bool(…)`' : ''),
  ),
  'python/timeout': error((p) => `rule ${p.rule} took more than ${p.milliseconds} ms and was stopped`),
  'python/memory': error((p) => `rule ${p.rule} used more memory than rules may`),
  'python/crash': error((p) => `rule ${p.rule} broke the Python interpreter: ${p.reason}`),
  'python/tampered': error(
    (p) =>
      `rule ${p.rule} changed what other rules share: ${p.what === 'event' ? 'the event that it was given' : `\`${p.what}\``}`,
    () => 'it is not run any more, and what it said meanwhile does not count; the other rules ran without it',
  ),
  'python/suspended': error(
    (p) => `rule ${p.rule} is not run any more: it had to be stopped ${p.times} times`,
    () => 'events after that were not looked at by this rule',
  ),
  'python/output': warning(
    (p) => `rule ${p.rule}: \`${p.function}\` failed, its default is used: ${p.error}: ${p.reason}`,
  ),
  'python/test-failed': error((p) => `test \`${p.test}\` of rule ${p.rule}: expected ${p.expected}, got ${p.found}`),
  'python/tier-disagrees': warning(
    (p) => `rule ${p.rule} matches by its translation and not by its Python; Python counts`,
    () => 'this is a mistake of the translator; `--strict-errors` runs every rule as Python',
  ),
  'python/always-raises': error(
    (p) => `rule ${p.rule} raises on every event: ${p.reason}`,
    (p) => (p.records === 0 ? '' : `${p.records} ${p.records === 1 ? 'record was' : 'records were'} given to it`),
  ),
  'python/never-true': warning(
    (p) => `rule ${p.rule} never matches: \`rule\` returns True for no event`,
    () => 'only True itself is a match',
  ),
  'python/unknown-attribute': error(
    (p) => `rule ${p.rule}: events have no attribute \`${p.name}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'python/restarted': warning(
    (p) =>
      `Python was started anew for ${p.repository === '' ? 'rules that are in no repository' : `the rules of ${p.repository}`}: ${p.reason}`,
    () => 'what rules keep in their modules from one event to the next was lost; this is said once',
  ),
  'python/start': error((p) => `Python cannot be started: ${p.reason}`),
};
