import { type Diagnostic, diagnostic, primarySpan } from '../../../base/diagnostic.ts';
import type { KustoText, LoadOutcome } from '../../../formats/rule-file.ts';
import { identityOf } from '../../../rules/load-rules.ts';
import { BINDER_PACKAGE, type Binder, type Opinion, openBinder } from './microsoft-binder.ts';

/** Microsoft's codes for names of tables, columns and functions that nothing declares: the schema in use decides about them. */
const UNKNOWN_NAME: ReadonlySet<string> = new Set(['KS142', 'KS204', 'KS211']);
/** What is said here of the same. */
const UNKNOWN_HERE = /^kusto\/(?:unknown-|not-given)/;

/**
 * Where Microsoft's binder and we part about Kusto rules: whether a query is one, and what columns its result has. Both are given the
 * same tables and functions. A rule that is unsupported here is not compared.
 */
export function secondOpinion(outcomes: readonly LoadOutcome[]): readonly Diagnostic[] {
  const asked = outcomes.flatMap((outcome) => (outcome.kusto === undefined ? [] : [{ outcome, kusto: outcome.kusto }]));
  if (asked.length === 0) return [];
  const binder = openBinder();
  if (binder === undefined) return [diagnostic('kusto/no-second-opinion', { package: BINDER_PACKAGE })];
  return asked.flatMap(({ outcome, kusto }) => differences(outcome, kusto, binder));
}

function differences(outcome: LoadOutcome, kusto: KustoText, binder: Binder): readonly Diagnostic[] {
  if (outcome.status === 'unsupported' || outcome.status === 'part') return [];
  let opinion: Opinion;
  try {
    opinion = binder.bind(kusto.text.text, kusto.schema);
  } catch (failed) {
    const reason = failed instanceof Error ? failed.message : String(failed);
    return [diagnostic('kusto/second-opinion-failed', { reason }, identityOf(outcome).span)];
  }
  const knowsUnknown = outcome.diagnostics.some(({ code }) => UNKNOWN_HERE.test(code));
  const [refusal] = opinion.errors.filter(({ Code }) => !(knowsUnknown && UNKNOWN_NAME.has(Code)));
  if (outcome.status === 'loaded' && refusal !== undefined) {
    const { Code, Message, Start, Length } = refusal;
    const span = kusto.text.span(Start, Start + Length);
    return [diagnostic('kusto/refused-by-microsoft', { code: Code, message: Message }, span)];
  }
  if (outcome.status === 'invalid') {
    const [ours] = outcome.diagnostics.filter(
      ({ severity, code }) => severity === 'error' && code.startsWith('kusto/'),
    );
    if (ours === undefined || opinion.errors.length > 0) return [];
    const { message } = ours;
    return [diagnostic('kusto/accepted-by-microsoft', { message }, primarySpan(ours) ?? identityOf(outcome).span)];
  }
  // A name that is unknown leaves the types of what is made of it open, on either side.
  if (knowsUnknown || opinion.errors.length > 0) return [];
  const difference = firstDifference(kusto, opinion);
  return difference === undefined ? [] : [diagnostic('kusto/other-columns', { difference }, identityOf(outcome).span)];
}

function firstDifference({ columns }: KustoText, { columns: theirs }: Opinion): string | undefined {
  if (columns === undefined || theirs === undefined) return undefined;
  const types = new Map(theirs.map(({ name, type }) => [name, type]));
  for (const { name, type } of columns) {
    const other = types.get(name);
    if (other === undefined) return `it has no column \`${name}\``;
    if (other !== 'unknown' && other !== type) return `\`${name}\` is ${other} there and ${type} here`;
  }
  const ours = new Set(columns.map(({ name }) => name));
  const more = theirs.find(({ name }) => !ours.has(name));
  return more && `it has a column \`${more.name}\``;
}
