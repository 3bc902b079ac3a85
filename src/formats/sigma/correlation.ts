import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { RuleIdentity } from '../../ir/rule/rule.ts';
import { readCorrelation, type ValueTree } from '../../languages/sigma/index.ts';
import type { CorrelationLink } from './link.ts';
import { readMetadata } from './metadata.ts';

/** Reads a document with a `correlation` map. Undefined when something in it is wrong, which was reported. */
export function readCorrelationRule(
  tree: ValueTree,
  identity: RuleIdentity,
  report: (found: Diagnostic) => void,
): CorrelationLink | undefined {
  const correlation = tree.get('correlation');
  if (correlation === undefined) return undefined;
  const metadata = readMetadata(tree, report);
  const definition = readCorrelation(correlation, report);
  // The specification has `generate` beside `correlation`, the reference implementation inside it.
  const generate = [correlation.get('generate'), tree.get('generate')].find((value) => value !== undefined);
  if (generate !== undefined && generate.kind !== 'boolean' && generate.kind !== 'null') {
    const params = { key: 'generate', expected: 'true or false', found: generate.kindInWords };
    report(diagnostic('input/wrong-type', params, generate.span));
    return undefined;
  }
  return (
    definition && {
      kind: 'correlation',
      name: nameOf(tree),
      identity,
      metadata,
      definition,
      generate: generate?.scalar() === true,
    }
  );
}

/** The `name` of a rule, by which others may refer to it. */
export function nameOf(tree: ValueTree): string | undefined {
  const name = tree.get('name')?.scalar();
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
}
