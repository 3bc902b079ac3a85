import { didYouMean } from '../did-you-mean.ts';
import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** Files that cannot be read or are no rules. */
export interface InputCodes {
  'input/unreadable': { path: string; reason: string };
  'input/no-files': { what: string; path: string };
  'input/not-a-file': { path: string };
  'input/link-outside': { path: string; folder: string };
  'input/invalid-utf8': { path: string; line: number };
  'input/yaml': { reason: string };
  'input/yaml-duplicate-key': { key: string };
  'input/toml': { reason: string };
  'input/json': { reason: string };
  'input/not-a-rule': { reason: string };
  'input/missing-key': { key: string };
  'input/wrong-type': { key: string; expected: string; found: string };
  'input/duplicate-id': { id: string; other: string };
  'input/unknown-key': { key: string; known: readonly string[] };
  'input/internal': { reason: string };
}

export const inputCodes: Entries<InputCodes> = {
  'input/unreadable': error((p) => `cannot read ${p.path}: ${p.reason}`),
  'input/no-files': error(
    (p) => `no ${p.what} found at ${p.path}`,
    () => 'give a file, a folder or a quoted glob',
  ),
  'input/not-a-file': warning((p) => `${p.path} is neither a file nor a folder, skipped`),
  'input/link-outside': warning(
    (p) => `${p.path} is a link out of ${p.folder}, not followed`,
    () => 'what lies elsewhere is read where you name it yourself',
  ),
  'input/invalid-utf8': warning(
    (p) => `${p.path}: line ${p.line} is not valid UTF-8; bad bytes became U+FFFD`,
    () => 'save it as UTF-8',
  ),
  'input/yaml': error((p) => `not valid YAML: ${p.reason}`),
  'input/yaml-duplicate-key': warning((p) => `key \`${p.key}\` is written twice in one map; the last one counts`),
  'input/toml': error((p) => `not valid TOML: ${p.reason}`),
  'input/json': error((p) => `not valid JSON: ${p.reason}`),
  'input/not-a-rule': warning(
    (p) => `not a rule: ${p.reason}`,
    () => 'rules are Elastic TOML or NDJSON, Panther YAML, Sigma YAML, Sentinel/Defender YAML, or .kql files',
  ),
  'input/missing-key': error((p) => `\`${p.key}\` is missing`),
  'input/wrong-type': error((p) => `\`${p.key}\` must be ${p.expected}, found ${p.found}`),
  'input/duplicate-id': warning((p) => `rule id ${p.id} is also used by ${p.other}`),
  'input/unknown-key': error(
    (p) => `unknown key \`${p.key}\``,
    (p) => didYouMeanHint(didYouMean(p.key, p.known)) || `known keys are ${p.known.join(', ')}`,
  ),
  'input/internal': error(
    (p) => `internal error while loading this file: ${p.reason}`,
    () => 'this is a fault in dragoman: please report it with the file',
  ),
};
