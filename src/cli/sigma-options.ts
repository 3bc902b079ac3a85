/** The options of every command that loads rules, for Sigma rules among them. */
export interface SigmaArguments {
  readonly pipeline?: readonly string[];
  readonly placeholders?: readonly string[];
}

/** What `loadRules` is given for them. */
export function sigmaOptions({ pipeline, placeholders }: SigmaArguments): {
  readonly pipelines?: readonly string[];
  readonly placeholders?: readonly string[];
} {
  return { ...(pipeline && { pipelines: pipeline }), ...(placeholders && { placeholders }) };
}
