import { type Entries, error } from './entry.ts';

/** What a rule asks for and no engine gives yet. Counted by code; a rule with one is not run, never approximated. */
export interface UnsupportedCodes {
  'unsupported/elastic-rule-type': { type: string };
  'unsupported/elastic-language': { language: string };
  'unsupported/sigma-modifier': { modifier: string };
  'unsupported/kusto-operator': { name: string };
  'unsupported/kusto-function': { name: string };
  'unsupported/language': { language: string };
}

export const unsupportedCodes: Entries<UnsupportedCodes> = {
  'unsupported/elastic-rule-type': error(
    (p) => `Elastic rule type \`${p.type}\` is not supported yet`,
    () => 'rules of type `query` with language `kuery` run',
  ),
  'unsupported/elastic-language': error((p) => `Elastic query language \`${p.language}\` is not supported yet`),
  'unsupported/sigma-modifier': error((p) => `Sigma modifier \`${p.modifier}\` is not supported yet`),
  'unsupported/kusto-operator': error((p) => `Kusto \`${p.name}\` is not supported yet`),
  'unsupported/kusto-function': error((p) => `Kusto function \`${p.name}\` is not supported yet`),
  'unsupported/language': error((p) => `query language \`${p.language}\` is not supported yet`),
};
