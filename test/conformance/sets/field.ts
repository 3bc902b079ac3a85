import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConformanceSet, type Outcome, unless } from '../case.ts';
import { type MatchAnswer, runCommand } from './run-command.ts';

interface WantedMatch {
  readonly rule: string;
  readonly file: string;
  readonly line?: number | undefined;
  readonly record?: number;
}

/** The lines of an audit event are one record, which may be said to stand on any of them. */
const AUDIT = /^(?:node=\S+ )?type=\w+ msg=audit\(/m;

/** What of a folder is no log. */
const NO_LOGS: readonly string[] = ['rule.yml', 'expected.txt', 'expected.json'];

/** Inputs on which users failed: those about logs are run, the others are told in prose and are tests of their parts. */
export const field: ConformanceSet = {
  name: 'field',
  read: (tree) => {
    const home = tree.find('field');
    if (home === undefined) return { absent: 'there is no folder field' };
    const folders = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).sort();
    const told = names.filter((name) => existsSync(join(home, name, 'expected.json')));
    console.log(
      `field: of ${names.length - told.length} folders what must come out is told in prose only; they are no cases`,
    );
    return { cases: told.map((name) => ({ id: `field/${name}`, run: () => run(join(home, name)) })) };
  },
};

async function run(folder: string): Promise<Outcome> {
  const text = readFileSync(join(folder, 'expected.json'), 'utf8');
  const { matches: wanted }: { readonly matches: readonly WantedMatch[] } = JSON.parse(text);
  const wrong: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (NO_LOGS.includes(file)) continue;
    const log = join(folder, file);
    const { matches } = await runCommand(join(folder, 'rule.yml'), log);
    const joined = AUDIT.test(readFileSync(log, 'latin1'));
    const here = wanted.filter((one) => one.file === file).map((one) => (joined ? { ...one, line: undefined } : one));
    const said = (found: MatchAnswer): string => `${found.rule_id} at ${file}:${found.source?.line ?? '(a row)'}`;
    wrong.push(
      ...here.filter((one) => !matches.some((found) => fits(one, found))).map((one) => `lost: ${one.rule} in ${file}`),
      ...matches.filter((found) => !here.some((one) => fits(one, found))).map((found) => `false: ${said(found)}`),
    );
  }
  return unless(wrong);
}

/** A place inside a file is told by line, or by record in its envelope. */
function fits(wanted: WantedMatch, { rule_id, source }: MatchAnswer): boolean {
  if (rule_id !== wanted.rule) return false;
  if (wanted.record !== undefined) return source?.record === wanted.record;
  return wanted.line === undefined || source?.line === wanted.line;
}
