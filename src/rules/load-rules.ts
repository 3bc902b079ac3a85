import { basename, extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Diagnostic, diagnostic, primarySpan } from '../base/diagnostic.ts';
import { fewOfEach } from '../base/few-of-each.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import type { LoadContext, LoadOutcome, RuleFile } from '../formats/rule-file.ts';
import { Readings } from '../formats/source/readings.ts';
import type { Rule, RuleIdentity } from '../ir/rule/rule.ts';
import type { EsqlParameters } from '../languages/esql/index.ts';
import { withSoundPlans } from './check-plans.ts';
import { findFiles } from './find-files.ts';
import type { BesidePaths } from './given/beside-rules.ts';
import type { KustoPaths } from './given/kusto-beside.ts';
import { loadSigmaMapping, type SigmaMappingPaths } from './given/sigma-mapping.ts';
import { loadContext } from './load-context.ts';
import { readTextFile } from './read-text.ts';
import { resolveRules } from './resolve-rules.ts';
import { candidateFormats, FormatRegistry, mayHoldRules, RULE_EXTENSIONS } from './rule-formats.ts';
import { compileSelection, type RuleSelection } from './select-rules.ts';

/** What became of everything below some paths. */
export interface RuleSet {
  /** Each rule, loaded or not, in the order of files and of places in them. */
  readonly outcomes: readonly LoadOutcome[];
  /** The rules of `outcomes` that run. */
  readonly rules: readonly Rule[];
  /** What is wrong with files as such, and with rules beside each other; what is wrong in a rule is with its outcome. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every text that spans point into, by the name that spans have for it. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Files that held rules or were meant to. */
  readonly files: number;
  /** Those of them of which nothing can be told, since they cannot be read or parsed: there may be rules in them. */
  readonly unreadable: number;
  /** How many rules, loaded or not, the selection keeps out; undefined without a selection. */
  readonly keptOut?: number;
}

export interface LoadOptions extends SigmaMappingPaths {
  /** What Elastic keeps beside rules. */
  readonly beside?: BesidePaths;
  /** The values of the parameters of ES|QL queries, by name or by place from 1. */
  readonly parameters?: EsqlParameters;
  /** What Kusto queries need beside their files. */
  readonly kusto?: KustoPaths;
  /** Which rules are wanted. What a wanted rule refers to (filters, the rules of a correlation) is there for it all the same. */
  readonly selection?: RuleSelection | undefined;
  /** Called now and then with the files done and the files there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

const TOLD_EVERY = 64;

/** Loads the rules of files, folders and globs, whatever their format. Never rejects for what a file holds. */
export async function loadRules(paths: readonly string[], options: LoadOptions = {}): Promise<RuleSet> {
  const found = await findFiles(paths, { what: 'rule files', accepts: mayHoldRules });
  const diagnostics: Diagnostic[] = [...found.diagnostics];
  const sources = new Map<string, SourceText>();
  const outcomes: LoadOutcome[] = [];
  const registry = new FormatRegistry();
  const sigma = await loadSigmaMapping(options, sources);
  diagnostics.push(...sigma.diagnostics);
  const beside =
    options.beside && (await (await import('./given/beside-rules.ts')).loadBeside(options.beside, sources));
  diagnostics.push(...(beside?.diagnostics ?? []));
  const kusto =
    options.kusto && (await (await import('./given/kusto-beside.ts')).loadKustoBeside(options.kusto, sources));
  diagnostics.push(...(kusto?.diagnostics ?? []));
  if (kusto !== undefined) registry.extend('kusto', kusto.extend);
  const foundBy = new Map(found.files.map(({ path, by }) => [path, by]));
  const context: LoadContext = {
    ...loadContext(registry.schemas, sources, diagnostics),
    ...beside?.parts,
    pathOf: (file) => foundBy.get(file),
    ...(options.parameters !== undefined && { parameters: options.parameters }),
    ...(sigma.mapping !== undefined && { sigma: sigma.mapping }),
  };
  let done = 0;
  let unreadable = 0;
  for (const file of found.files) {
    const { path } = file;
    const read = readTextFile(path);
    if (read.ok) {
      diagnostics.push(...read.diagnostics);
      const source = sourceText(path, read.text);
      sources.set(path, source);
      const loaded = await loadFile({ path, source, readings: new Readings(source) }, registry, context);
      outcomes.push(...loaded.outcomes);
      if (file.named) diagnostics.push(...loaded.diagnostics.map(asError));
      // Most text beside rules is about them: that no query stands in it says nothing.
      else if (!/\.md$/i.test(path)) diagnostics.push(...loaded.diagnostics);
      if (loaded.unreadable === true) unreadable += 1;
    } else {
      unreadable += 1;
      diagnostics.push(diagnostic('input/unreadable', { path, reason: read.reason }));
    }
    done += 1;
    if (done % TOLD_EVERY === 0 || done === found.files.length) {
      options.onProgress?.(done, found.files.length);
      // A bar has to be drawn meanwhile, and an interrupt heard.
      await setImmediate();
    }
  }
  diagnostics.push(...duplicateIds(outcomes));
  const resolved = await resolveRules(outcomes);
  diagnostics.push(...resolved.diagnostics);
  const sound = withSoundPlans(resolved.outcomes, (name) => registry.schemas.get(name));
  const isWanted = options.selection && compileSelection(options.selection);
  const wanted = isWanted === undefined ? sound : sound.filter((one) => one.status === 'part' || isWanted(one));
  return {
    outcomes: wanted,
    rules: wanted.flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : [])),
    diagnostics,
    sources,
    files: found.files.length,
    unreadable,
    ...(isWanted !== undefined && { keptOut: sound.length - wanted.length }),
  };
}

/** The identity of a rule, loaded or not. */
export function identityOf(outcome: LoadOutcome): RuleIdentity {
  return outcome.status === 'loaded' ? outcome.rule : outcome.identity;
}

interface Loaded {
  readonly outcomes: readonly LoadOutcome[];
  readonly diagnostics: readonly Diagnostic[];
  readonly unreadable?: true;
}

async function loadFile(file: RuleFile, registry: FormatRegistry, context: LoadContext): Promise<Loaded> {
  const start = file.source.span(0, 0);
  const text = file.source.text;
  const reject = (reason: string): Loaded => ({
    outcomes: [],
    diagnostics: [diagnostic('input/not-a-rule', { reason }, start)],
  });
  const candidates = candidateFormats(file.path, text);
  if (candidates.length === 0) return reject(`its name ends in none of ${RULE_EXTENSIONS.join(' ')}`);
  if (text.includes('\0')) return { ...reject('it is binary'), unreadable: true };
  if (text.trim() === '') return reject('it is empty');
  for (const name of candidates) {
    const format = await registry.get(name);
    try {
      const outcomes = format.load(file, context);
      if (outcomes !== undefined) {
        const few = outcomes.map((one) => ({ ...one, diagnostics: fewOfEach(one.diagnostics) }));
        return { outcomes: few, diagnostics: [] };
      }
    } catch (failed) {
      // A fault of ours in one file must not take the other files' rules with it.
      const reason = failed instanceof Error ? failed.message : String(failed);
      return { outcomes: [], diagnostics: [diagnostic('input/internal', { reason }, start)], unreadable: true };
    }
  }
  const syntax = await syntaxErrors(file);
  const [first] = syntax;
  if (first === undefined) return reject('no rule format knows what it holds');
  // In a folder a broken YAML file was most likely meant to be a rule; of the others only a part are rules.
  const diagnostics = isYaml(file)
    ? fewOfEach(syntax)
    : [diagnostic('input/not-a-rule', { reason: first.message }, primarySpan(first))];
  return { outcomes: [], diagnostics, unreadable: true };
}

function isYaml({ path }: RuleFile): boolean {
  return /\.ya?ml$/i.test(path);
}

/** Why a file that no format knows cannot be read at all, where that is the reason. */
async function syntaxErrors(file: RuleFile): Promise<readonly Diagnostic[]> {
  if (isYaml(file)) {
    const { yamlOf } = await import('../formats/source/yaml-source.ts');
    return yamlOf(file).diagnostics.filter((found) => found.severity === 'error');
  }
  if (/\.toml$/i.test(file.path)) {
    const { readToml } = await import('../formats/source/toml-source.ts');
    const read = readToml(file.source);
    return read.ok ? [] : read.diagnostics;
  }
  if (!/\.(?:nd)?json$/i.test(file.path)) return [];
  const { readJsonValues } = await import('../formats/source/json-source.ts');
  return readJsonValues(file.source).flatMap((item) => (item.ok ? [] : [item.diagnostic]));
}

/** A file that the user named was meant to be a rule: that it is none is an error, not a remark. */
function asError(found: Diagnostic): Diagnostic {
  return { ...found, severity: 'error' };
}

/** Rules that share an id with an earlier one of their format. Ids that are only a file's name are not ids. */
function duplicateIds(outcomes: readonly LoadOutcome[]): Diagnostic[] {
  const first = new Map<string, RuleIdentity>();
  const found: Diagnostic[] = [];
  for (const outcome of outcomes) {
    const rule = identityOf(outcome);
    if (isFileName(rule)) continue;
    const key = `${rule.format}\0${rule.id}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, rule);
    else found.push(diagnostic('input/duplicate-id', { id: rule.id, other: other.file }, rule.span));
  }
  return found;
}

function isFileName({ id, file }: RuleIdentity): boolean {
  const name = basename(file);
  return [name, basename(name, extname(name)), file].some((one) => id === one || id.startsWith(`${one}#`));
}
