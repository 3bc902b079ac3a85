import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** The Kusto query language (Microsoft). */
export interface KustoCodes {
  'kusto/bad-character': { character: string };
  'kusto/bad-escape': { escape: string };
  'kusto/unterminated-string': Record<never, never>;
  'kusto/expected': { expected: string; found: string };
  'kusto/too-deep': Record<never, never>;
  'kusto/too-large': { what: string };
  'kusto/bad-literal': { type: string; text: string };
  'kusto/empty-query': Record<never, never>;
  'kusto/no-result': Record<never, never>;
  'kusto/several-queries': Record<never, never>;
  'kusto/unknown-operator': { name: string; near: readonly string[] };
  'kusto/unknown-function': { name: string; near: readonly string[] };
  'kusto/unknown-aggregate': { name: string; near: readonly string[] };
  'kusto/unknown-column': { name: string; near: readonly string[] };
  'kusto/unknown-name': { name: string; near: readonly string[] };
  'kusto/unknown-type': { name: string };
  'kusto/unknown-table': { name: string; near: readonly string[] };
  'kusto/no-such-member': { name: string; type: string };
  'kusto/argument-count': { name: string; expected: string; found: number | 'none' };
  'kusto/argument-type': { name: string; parameter: number; expected: string; found: string };
  'kusto/operand-type': { operator: string; left: string; right: string };
  'kusto/expected-type': { expected: string; found: string };
  'kusto/not-a-table': { what: string };
  'kusto/not-a-scalar': { what: string };
  'kusto/aggregate-outside-summarize': { name: string };
  'kusto/duplicate-column': { name: string };
  'kusto/bad-regex': { reason: string };
  'kusto/constant-needed': { what: string };
  'kusto/assignment-in-where': { name: string };
  'kusto/ingestion-time': Record<never, never>;
  'kusto/restricted': { name: string };
  'kusto/not-given': { name: string; option: string };
  'kusto/bad-datetime': { text: string };
  'kusto/presentation-ignored': { name: string };
  'kusto/no-second-opinion': { package: string };
  'kusto/second-opinion-failed': { reason: string };
  'kusto/refused-by-microsoft': { code: string; message: string };
  'kusto/accepted-by-microsoft': { message: string };
  'kusto/other-columns': { difference: string };
}

export const kustoCodes: Entries<KustoCodes> = {
  'kusto/bad-character': error((p) => `unexpected character \`${p.character}\``),
  'kusto/bad-escape': error(
    (p) => `\`${p.escape}\` is no escape sequence`,
    () => 'write the backslash twice, or put @ before the string to take it as it stands',
  ),
  'kusto/unterminated-string': error(() => 'the string has no end'),
  'kusto/expected': error((p) => `expected ${p.expected}, found ${p.found}`),
  'kusto/too-deep': error(() => 'nested too deeply'),
  'kusto/too-large': error((p) => `${p.what} becomes too large when its parts are written out`),
  'kusto/bad-literal': error((p) => `\`${p.text}\` is no ${p.type}`),
  'kusto/empty-query': error(
    () => 'the query gives no rows: it ends without a tabular expression',
    () => 'after the last `let` there must be a table, `union`, `print` or the name of a tabular `let`',
  ),
  'kusto/no-result': warning(
    () => 'the query only declares names: it gives no rows',
    () => 'to use its functions in other rules, give its folder with --functions',
  ),
  'kusto/several-queries': error(
    () => 'a second query starts here',
    () => 'a rule is one query; put each into its own file',
  ),
  'kusto/unknown-operator': error(
    (p) => `unknown operator \`${p.name}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'kusto/unknown-function': error(
    (p) => `unknown function \`${p.name}\``,
    (p) =>
      didYouMeanHint(p.near) || 'if it is saved in the workspace, give the folder of its file with --functions FOLDER',
  ),
  'kusto/unknown-aggregate': error(
    (p) => `\`${p.name}\` is no aggregate`,
    (p) =>
      didYouMeanHint(p.near) || '`summarize` takes aggregates such as count(), dcount(x), make_set(x), arg_max(x, *)',
  ),
  'kusto/unknown-column': warning(
    (p) => `there is no column \`${p.name}\` here; it is empty unless the rows have it`,
    (p) => didYouMeanHint(p.near) || 'give the columns of the table with --table-schema, or rows that have them',
  ),
  'kusto/unknown-name': error(
    (p) => `\`${p.name}\` is neither a column nor a \`let\` name`,
    (p) => didYouMeanHint(p.near),
  ),
  'kusto/unknown-type': error(
    (p) => `unknown type \`${p.name}\``,
    () => 'types are bool, int, long, real, decimal, string, datetime, timespan, guid, dynamic',
  ),
  'kusto/unknown-table': warning(
    (p) => `the schema does not know the table \`${p.name}\`; its columns are taken as they come`,
    (p) => didYouMeanHint(p.near),
  ),
  'kusto/no-such-member': error(
    (p) => `a ${p.type} has no member \`${p.name}\``,
    () => 'only dynamic values have members; parse_json() makes one of text',
  ),
  'kusto/argument-count': error((p) => `${p.name}() takes ${p.expected}, found ${p.found}`),
  'kusto/argument-type': error((p) => `argument ${p.parameter} of ${p.name}() must be ${p.expected}, found ${p.found}`),
  'kusto/operand-type': error(
    (p) => `\`${p.operator}\` cannot be used between ${p.left} and ${p.right}`,
    () => 'convert one side: tostring(), tolong(), todatetime(), …',
  ),
  'kusto/expected-type': error((p) => `expected ${p.expected}, found ${p.found}`),
  'kusto/not-a-table': error((p) => `${p.what} is no table`),
  'kusto/not-a-scalar': error((p) => `${p.what} is a table where one value is expected`),
  'kusto/aggregate-outside-summarize': error((p) => `${p.name}() is an aggregate: it can only stand in \`summarize\``),
  'kusto/duplicate-column': error((p) => `the column \`${p.name}\` is made twice`),
  'kusto/bad-regex': error((p) => `not a valid regular expression (RE2): ${p.reason}`),
  'kusto/constant-needed': error((p) => `${p.what} must be a constant`),
  'kusto/assignment-in-where': warning(
    (p) => `\`${p.name} = …\` compares nothing: it only gives the condition a name`,
    () => 'write == to compare',
  ),
  'kusto/restricted': error(
    (p) => `\`${p.name}\` is not among the tables that the query restricts itself to`,
    () => 'name it in restrict access to (…)',
  ),
  'kusto/not-given': warning(
    (p) => `the rows of ${p.name} are not given: the query cannot run without them`,
    (p) => `give them with ${p.option}`,
  ),
  'kusto/bad-datetime': warning(
    (p) => `\`${p.text}\` is not a date: it is null`,
    () => 'write it as datetime(2026-02-06 12:00:00)',
  ),
  'kusto/ingestion-time': warning(() => 'raw logs carry no time of arrival: ingestion_time() is the event time here'),
  'kusto/presentation-ignored': { severity: 'info', message: (p) => `\`${p.name}\` changes no rows and is left out` },
  'kusto/no-second-opinion': error(
    () => "Microsoft's binder for Kusto is not installed, so there is no second opinion",
    (p) => `install it where Dragoman is installed: npm install ${p.package}`,
  ),
  'kusto/second-opinion-failed': warning((p) => `Microsoft's binder failed on this query: ${p.reason}`),
  'kusto/refused-by-microsoft': warning(
    (p) => `Microsoft's binder refuses the query (${p.code}): ${p.message}`,
    () => 'Sentinel and Defender do not save such a rule',
  ),
  'kusto/accepted-by-microsoft': warning(
    (p) => `Microsoft's binder takes the query, which is refused here: ${p.message}`,
  ),
  'kusto/other-columns': warning((p) => `Microsoft's binder gives the result other columns: ${p.difference}`),
};
