import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { printPlan } from '../ir/print/print-plan.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { loadContext } from './load-context.ts';
import { type LoadOptions, loadRules, type RuleSet } from './load-rules.ts';

/** So far up from a rule folders of filters are looked for, where no repository says where it ends. */
const MOST_LEVELS = 5;
const YAML = ['.yml', '.yaml'];

/**
 * The files of Sigma filters that lie near rules that were loaded, are not among what was loaded, and would change them: in the
 * same repository, or where there is none in the rule's folder and in folders of filters above it.
 */
export async function filtersNearby(loaded: RuleSet, options: LoadOptions = {}): Promise<readonly string[]> {
  const rules = loaded.rules.filter(({ format }) => format === 'sigma');
  const candidates = filterFiles(rules, loaded);
  if (candidates.length === 0) return [];
  const files = [...new Set(rules.map(({ file }) => file))];
  const before = plansOf(loaded.rules);
  const changes = async (filters: readonly string[], among: readonly string[]): Promise<readonly string[]> => {
    const { rules: filtered } = await loadRules([...among, ...filters], options);
    return filtered.filter((rule) => isChanged(rule, before)).map(({ file }) => file);
  };
  const changed = [...new Set(await changes(candidates, files))];
  if (changed.length === 0) return [];
  const found: string[] = [];
  for (const candidate of candidates) if ((await changes([candidate], changed)).length > 0) found.push(candidate);
  return found;
}

function plansOf(rules: readonly Rule[]): ReadonlyMap<string, string> {
  return new Map(rules.map((rule) => [keyOf(rule), printPlan(rule.logic.plan)]));
}

function isChanged(rule: Rule, before: ReadonlyMap<string, string>): boolean {
  const plan = before.get(keyOf(rule));
  return plan !== undefined && plan !== printPlan(rule.logic.plan);
}

function keyOf({ file, id }: Rule): string {
  return `${file}\0${id}`;
}

/** YAML files that hold a filter, and that were not loaded. */
function filterFiles(rules: readonly Rule[], { sources }: RuleSet): readonly string[] {
  const known = new Set([...sources.keys()].map((path) => resolve(path)));
  const { listFiles, readText } = loadContext(new Map(), new Map(), []);
  const folders = new Set([...new Set(rules.map(({ file }) => dirname(resolve(file))))].flatMap(foldersOf));
  const files = new Set([...folders].flatMap((folder) => listFiles(folder, YAML)).filter((path) => !known.has(path)));
  return [...files].filter((path) => /^filter:/m.test(readText(path) ?? ''));
}

/** Where filters of the rules of a folder may lie. */
function foldersOf(folder: string): readonly string[] {
  const above = ancestors(folder);
  const repository = above.find((one) => existsSync(join(one, '.git')));
  if (repository !== undefined) return [repository];
  return [folder, ...above.slice(0, MOST_LEVELS).flatMap(filterFolders)];
}

function ancestors(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function filterFolders(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && /filter/i.test(entry.name))
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
