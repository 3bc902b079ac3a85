import { type Entries, error } from './entry.ts';

/** What a rule asks for and no engine gives yet. Counted by code; a rule with one is not run, never approximated. */
export interface UnsupportedCodes {
  'unsupported/elastic-language': { language: string };
  'unsupported/elastic-machine-learning': { jobs: readonly string[] };
  'unsupported/elastic-saved-query': { id: string };
  'unsupported/elastic-filter': { what: string };
  'unsupported/elastic-exception': { what: string };
  'unsupported/eql-pipe': { name: string };
  'unsupported/kuery-in-nested': { what: string };
  'unsupported/sigma-modifier': { modifier: string };
  'unsupported/sigma-variants': { modifier: string };
  'unsupported/sigma-aggregation': { function: string };
  'unsupported/sigma-correlation': { type: string };
  'unsupported/sigma-reference': { reference: string; status: string };
  'unsupported/sigma-filter': { title: string };
  'unsupported/sigma-placeholder': { name: string };
  'unsupported/sigma-selector': { count: number | 'all'; of: number };
  'unsupported/sigma-regex': { reason: string };
  'unsupported/sigma-transformation': { type: string };
  'unsupported/sigma-pipeline-failure': { message: string };
  'unsupported/sigma-pipeline': { pipeline: string };
  'unsupported/sentinel-kind': { kind: string };
  'unsupported/sentinel-expression': { expression: string };
  'unsupported/kusto-operator': { name: string };
  'unsupported/kusto-function': { name: string };
  'unsupported/panther-correlation': { what: string };
  'unsupported/panther-query': { dialect: string };
  'unsupported/esql': { what: string };
  'unsupported/esql-function': { name: string };
  'unsupported/esql-command': { name: string };
  'unsupported/esql-change-point': Record<never, never>;
  'unsupported/esql-completion': Record<never, never>;
  'unsupported/language': { language: string };
}

export const unsupportedCodes: Entries<UnsupportedCodes> = {
  'unsupported/elastic-machine-learning': error(
    () => 'the rule reads anomalies that machine learning jobs of Elasticsearch find, and has no query',
    (p) => `it needs ${p.jobs.length === 0 ? 'a job that it does not name' : p.jobs.join(', ')}`,
  ),
  'unsupported/elastic-saved-query': error(
    (p) => `the query of the rule is kept in Kibana, under the id \`${p.id}\``,
    () => 'export the rule with its query: `query` and `language` beside `saved_id`',
  ),
  'unsupported/elastic-language': error((p) => `Elastic query language \`${p.language}\` is not supported yet`),
  'unsupported/elastic-filter': error((p) => `filter is not supported yet: ${p.what}`),
  'unsupported/elastic-exception': error((p) => `exception is not supported yet: ${p.what}`),
  'unsupported/eql-pipe': error(
    (p) => `the pipe \`${p.name}\` is not supported in rules`,
    () => 'a rule is about every match; `dragoman query` runs it',
  ),
  'unsupported/kuery-in-nested': error((p) => `${p.what} inside a nested query is not supported yet`),
  'unsupported/sigma-modifier': error((p) => `Sigma modifier \`${p.modifier}\` is not supported yet`),
  'unsupported/sigma-variants': error(
    (p) => `\`${p.modifier}\` makes too many alternatives of what is written here`,
    () => 'write fewer values, shorter ones, or ones with fewer option dashes (each is written in five ways)',
  ),
  'unsupported/sigma-aggregation': error(
    (p) => `the aggregation ${p.function} is not supported`,
    () => 'write the conditions as rules of their own, and correlation rules over them',
  ),
  'unsupported/sigma-correlation': error((p) => `this Sigma correlation is not supported: ${p.type}`),
  'unsupported/sigma-reference': error((p) => `the rule \`${p.reference}\` that this refers to is ${p.status}`),
  'unsupported/sigma-filter': error((p) => `the Sigma filter ${p.title} alone changes no rule`),
  'unsupported/sigma-placeholder': error(
    (p) => `the placeholder \`%${p.name}%\` has no values`,
    () => 'the rule must be given the values of your environment, or be dropped',
  ),
  'unsupported/sigma-selector': error((p) => `\`${p.count} of\` ${p.of} detections has too many combinations`),
  'unsupported/sigma-regex': error((p) => `this regular expression cannot run in linear time: ${p.reason}`),
  'unsupported/sigma-transformation': error((p) => `the pipeline's transformation \`${p.type}\` is not supported`),
  'unsupported/sigma-pipeline-failure': error((p) => `the pipeline refuses this rule: ${p.message}`),
  'unsupported/sigma-pipeline': error((p) => `the pipeline ${p.pipeline} has errors, so no rule is run through it`),
  'unsupported/sentinel-kind': error(
    (p) => `Sentinel rule kind \`${p.kind}\` is not supported: it has no query`,
    () => 'kinds Scheduled, NRT and CustomDetection, and hunting queries, run',
  ),
  'unsupported/sentinel-expression': error(
    (p) => `the query is the template expression \`${p.expression}\`, which only a deployment computes`,
    () => 'export the rule from the workspace, or write its query out',
  ),
  'unsupported/kusto-operator': error((p) => `Kusto \`${p.name}\` is not supported yet`),
  'unsupported/kusto-function': error((p) => `Kusto function \`${p.name}\` is not supported yet`),
  'unsupported/panther-correlation': error((p) => `${p.what} is not supported yet in correlation rules`),
  'unsupported/panther-query': error(
    (p) => `the query is ${p.dialect}, which runs in the service's own store only`,
    () => 'scheduled rules run on rows of it: `dragoman run --log-type QUERYNAME`',
  ),
  'unsupported/esql': error((p) => `ES|QL: ${p.what} is not supported yet`),
  'unsupported/esql-function': error((p) => `ES|QL function \`${p.name}\` is not supported`),
  'unsupported/esql-command': error((p) => `ES|QL command \`${p.name}\` is not supported`),
  'unsupported/esql-change-point': error(
    () => 'CHANGE_POINT is not supported',
    () => 'it judges series by statistics that only Elasticsearch computes',
  ),
  'unsupported/esql-completion': error(
    () => 'COMPLETION asks a language model, which nothing here does',
    () => 'the commands before it run in `dragoman query`, without those behind it',
  ),
  'unsupported/language': error((p) => `query language \`${p.language}\` is not supported yet`),
};
