import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** What is wrong with Panther's rule files. */
export interface PantherCodes {
  'panther/analysis-type': { type: string; near: readonly string[] };
  'panther/unknown-key': { key: string; near: readonly string[] };
  'panther/severity': { severity: string };
  'panther/missing-file': { file: string };
  'panther/method-without-file': { method: string };
  'panther/attack-id': { text: string };
}

export const pantherCodes: Entries<PantherCodes> = {
  'panther/analysis-type': error(
    (p) => `\`${p.type}\` is no AnalysisType`,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/unknown-key': warning(
    (p) => `rules have no key \`${p.key}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/severity': error(
    (p) => `\`${p.severity}\` is no severity`,
    () => 'one of Info, Low, Medium, High, Critical',
  ),
  'panther/missing-file': error(
    (p) => `there is no file \`${p.file}\` beside this one`,
    () => '`Filename` is the Python file, relative to the folder of the YAML file',
  ),
  'panther/method-without-file': error(
    (p) => `the mapping names method \`${p.method}\`, and the data model has no \`Filename\``,
  ),
  'panther/attack-id': warning(
    (p) => `\`${p.text}\` is no ATT&CK tactic and technique`,
    () => 'write `TA0006:T1040`',
  ),
};
