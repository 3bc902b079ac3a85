import { didYouMeanHint, type Entries, error, info, warning } from './entry.ts';

/** Sigma processing pipelines: the files that users map fields with. */
export interface PipelineCodes {
  'pipeline/shape': { key: string; expected: string; found: string };
  'pipeline/missing-key': { key: string; what: string };
  'pipeline/unknown-key': { key: string; what: string; near: readonly string[] };
  'pipeline/unknown-transformation': { type: string; near: readonly string[] };
  'pipeline/unknown-condition': { type: string; of: string; near: readonly string[] };
  'pipeline/expression': { expected: string; found: string };
  'pipeline/undefined-condition': { name: string; near: readonly string[] };
  'pipeline/unused-condition': { name: string };
  'pipeline/regex': { reason: string };
  'pipeline/include-and-exclude': Record<string, never>;
  'pipeline/mapped-twice': { field: string };
  'pipeline/mapped-before': { field: string; to: string };
  'pipeline/too-deep': { most: number };
  'pipeline/not-a-pipeline': { reason: string };
  'pipeline/no-effect': { key: string; reason: string };
  'pipeline/not-supported': { type: string; reason: string };
  'pipeline/nothing-left': { step: string };
  'pipeline/value': { transformation: string; reason: string };
  'pipeline/too-many-values': { most: number };
}

export const pipelineCodes: Entries<PipelineCodes> = {
  'pipeline/shape': error((p) => `\`${p.key}\` must be ${p.expected}, found ${p.found}`),
  'pipeline/missing-key': error((p) => `\`${p.key}\` is missing in ${p.what}`),
  'pipeline/unknown-key': error(
    (p) => `${p.what} has no \`${p.key}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'pipeline/unknown-transformation': error(
    (p) => `there is no transformation \`${p.type}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'pipeline/unknown-condition': error(
    (p) => `there is no condition \`${p.type}\` in \`${p.of}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'pipeline/expression': error((p) => `expected ${p.expected}, found ${p.found}`),
  'pipeline/undefined-condition': error(
    (p) => `the expression names \`${p.name}\`, and there is no such condition`,
    (p) => didYouMeanHint(p.near) || 'with an expression, conditions are a map of names to conditions',
  ),
  'pipeline/unused-condition': error((p) => `the expression does not use the condition \`${p.name}\``),
  'pipeline/regex': error((p) => `not a regular expression that can be run: ${p.reason}`),
  'pipeline/include-and-exclude': error(() => '`include` and `exclude` cannot be used together'),
  'pipeline/mapped-twice': warning(
    (p) => `\`${p.field}\` is mapped twice in one mapping; the last one counts`,
    () => 'to ask for several fields, map to a list: `Image: [process.executable, process.path]`',
  ),
  'pipeline/mapped-before': warning(
    (p) => `\`${p.field}\` has been mapped to ${p.to} before, so this mapping meets it no more`,
    () => 'map to a list for several fields, or put conditions on the first mapping',
  ),
  'pipeline/too-deep': error((p) => `pipelines nested more than ${p.most} levels deep`),
  'pipeline/not-a-pipeline': error(
    (p) => `not a processing pipeline: ${p.reason}`,
    () => "a pipeline is a map with a list `transformations`, as pySigma's YAML pipelines are",
  ),
  'pipeline/no-effect': info((p) => `\`${p.key}\` has no effect: ${p.reason}`),
  'pipeline/not-supported': warning(
    (p) => `the transformation \`${p.type}\` is not supported (${p.reason}); rules that need it are not run`,
  ),
  'pipeline/nothing-left': error((p) => `the pipeline drops everything that this rule asks for (${p.step})`),
  'pipeline/value': error((p) => `\`${p.transformation}\` cannot be applied to this value: ${p.reason}`),
  'pipeline/too-many-values': error((p) => `its placeholders unfold to more than ${p.most} values`),
};
