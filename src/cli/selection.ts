import { InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../base/did-you-mean.ts';
import type { RuleSelection, RuleSet, RuleVendor } from '../index.ts';
import type { Io } from './io.ts';
import { count } from './render/table.ts';

/** The options by which every command that loads rules chooses among them. */
export interface SelectionArguments {
  readonly level?: readonly Level[];
  readonly tag?: readonly string[];
  readonly technique?: readonly string[];
  readonly id?: readonly string[];
  readonly status?: readonly string[];
  readonly author?: readonly string[];
  readonly vendor?: readonly RuleVendor[];
  readonly exclude?: readonly string[];
}

type Level = NonNullable<RuleSelection['levels']>[number];

const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];
const VENDORS: readonly RuleVendor[] = ['elastic', 'panther', 'sigma', 'microsoft', 'sentinel', 'defender', 'kusto'];

/** Each may be repeated, and takes several separated by commas: a list that ends at a blank leaves the rules' paths alone. */
export function selectionOptions(): readonly Option[] {
  return [
    option('--level <level>', `only rules of these levels: ${LEVELS.join(', ')}; high+ is high and above`, levelsIn),
    option('--tag <tag>', 'only rules with one of these tags (* stands for anything)'),
    option('--technique <id>', 'only rules about these ATT&CK techniques, with their sub-techniques, or tactics'),
    option('--id <id>', 'only rules with these ids'),
    option('--status <status>', "only rules of this status (Sigma's `status`, Elastic's `maturity`, …)"),
    option('--author <name>', 'only rules by these authors (* stands for anything)'),
    option('--vendor <vendor>', `only rules of ${VENDORS.join(', ')}`, vendorsIn),
    option('--exclude <what>', 'no rules with these ids, or in these files and folders (* stands for anything)'),
  ];
}

function option(flags: string, words: string, read: (text: string) => readonly string[] = (text) => [text]): Option {
  const add = (text: string, before: readonly string[] = []): readonly string[] => {
    const written = text.split(',').flatMap((one) => one.trim() || []);
    return [...before, ...written.flatMap(read)];
  };
  return new Option(flags, words).argParser(add);
}

/** What `loadRules` is given for them. */
export function selectionOf(given: SelectionArguments): { readonly selection?: RuleSelection } {
  const selection: RuleSelection = {
    ...(given.level && { levels: given.level }),
    ...(given.tag && { tags: given.tag }),
    ...(given.technique && { techniques: given.technique }),
    ...(given.id && { ids: given.id }),
    ...(given.status && { statuses: given.status }),
    ...(given.author && { authors: given.author }),
    ...(given.vendor && { vendors: given.vendor }),
    ...(given.exclude && { exclude: given.exclude }),
  };
  return Object.keys(selection).length === 0 ? {} : { selection };
}

/** How many rules the options keep out, in words; undefined where there are none. */
export function notSelected({ keptOut = 0 }: RuleSet): string | undefined {
  return keptOut === 0 ? undefined : `${count(keptOut, 'rule')} not selected`;
}

/** Says that rules are there and none of them is wanted, where it is so: whoever chose so has to know. */
export async function saidNothingSelected({ outcomes, keptOut = 0 }: RuleSet, io: Io): Promise<boolean> {
  if (keptOut === 0 || outcomes.some(({ status }) => status !== 'part')) return false;
  const of = keptOut === 1 ? 'the one rule' : `any of the ${count(keptOut, 'rule')}`;
  await io.stderr.write(
    `error: the options do not select ${of}\nhint: --level, --tag, --technique, --id, --status, --author, --vendor and --exclude must all hold\n`,
  );
  return true;
}

function levelsIn(text: string): readonly Level[] {
  const written = text.toLowerCase();
  const isLeast = written.endsWith('+');
  const name = isLeast ? written.slice(0, -1) : written;
  const known = LEVELS.find((level) => level === name);
  if (known === undefined) throw new InvalidArgumentError(choicesFor(name, LEVELS));
  return isLeast ? LEVELS.slice(LEVELS.indexOf(known)) : [known];
}

function vendorsIn(text: string): readonly RuleVendor[] {
  const name = VENDORS.find((vendor) => vendor === text.toLowerCase());
  if (name === undefined) throw new InvalidArgumentError(choicesFor(text, VENDORS));
  return [name];
}

function choicesFor(text: string, choices: readonly string[]): string {
  const [near] = didYouMean(text, choices);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return `Allowed choices are ${choices.join(', ')}.${hint}`;
}
