import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { EsqlCommand, EsqlExpr, EsqlLike, EsqlQuery } from './ast.ts';
import { nameText } from './ast.ts';
import { subexpressions } from './walk.ts';

/** What is suspicious in a rule's query. `most`: how many alerts a run of the rule makes. */
export function lintEsql({ pipeline: { commands } }: EsqlQuery, most: number): readonly Diagnostic[] {
  const isAggregating = commands.some(({ kind }) => kind === 'stats');
  return [
    ...commands.flatMap((command) => lintConditions(command)),
    ...commands.flatMap((command) => lintAggregate(command)),
    ...lintLimit(commands, most),
    ...(isAggregating ? [] : lintIdentity(commands)),
  ];
}

function lintConditions(command: EsqlCommand): readonly Diagnostic[] {
  if (command.kind !== 'where') return [];
  return [...subexpressions(command.condition)].flatMap((expr): readonly Diagnostic[] => {
    if (expr.kind === 'rlike') return globs(expr);
    const denied = expr.kind === 'not' ? expr.item : expr;
    const isDenied = expr.kind === 'not' || (expr.kind === 'like' && expr.negated);
    if (!isDenied || denied.kind !== 'like' || denied.subject.kind !== 'name') return [];
    if (isNullTested(command.condition, nameText(denied.subject))) return [];
    return [diagnostic('esql/not-like-null', { field: nameText(denied.subject) }, expr.span)];
  });
}

/** Whether a condition says of nulls of the column what becomes of them. */
function isNullTested(condition: EsqlExpr, name: string): boolean {
  return [...subexpressions(condition)].some(
    (expr) => expr.kind === 'is-null' && expr.subject.kind === 'name' && nameText(expr.subject) === name,
  );
}

/** A `*` at the start of a regular expression repeats nothing; one that is written as a wildcard is meant for LIKE. */
function globs({ patterns }: EsqlLike): readonly Diagnostic[] {
  return patterns.flatMap((pattern) =>
    pattern.kind === 'string' && (/^\*/.test(pattern.value) || /^[\w\\:/ *-]*[\w\\:/ -]\*$/.test(pattern.value))
      ? [diagnostic('esql/glob-as-regex', { pattern: pattern.value }, pattern.span)]
      : [],
  );
}

/** Without BY there is a row, with a count of 0, where no event is. */
function lintAggregate(command: EsqlCommand): readonly Diagnostic[] {
  if (command.kind !== 'stats' || command.by.length > 0) return [];
  return [diagnostic('esql/alerts-on-nothing', {}, command.span)];
}

function lintLimit(commands: readonly EsqlCommand[], most: number): readonly Diagnostic[] {
  return commands.flatMap((command) => {
    if (command.kind !== 'limit' || command.count.kind !== 'number' || command.by.length > 0) return [];
    const limit = Number(command.count.text);
    return limit < most ? [diagnostic('esql/low-limit', { limit, most }, command.span)] : [];
  });
}

/** Without `_id` a document that two runs see makes two alerts. */
function lintIdentity(commands: readonly EsqlCommand[]): readonly Diagnostic[] {
  const [from] = commands;
  const hasId = from?.kind === 'from' && from.metadata.some((name) => nameText(name) === '_id');
  if (from?.kind !== 'from') return [];
  if (!hasId) return [diagnostic('esql/no-identity', { how: 'names' }, from.span)];
  const dropping = commands.find((command) => {
    if (command.kind === 'drop') return command.names.some((name) => fits(nameText(name)));
    return command.kind === 'keep' && !command.names.some((name) => fits(nameText(name)));
  });
  return dropping === undefined ? [] : [diagnostic('esql/no-identity', { how: 'keeps' }, dropping.span)];
}

/** Whether a pattern of columns has `_id` among them. */
function fits(pattern: string): boolean {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[^\w]/g, '\\$&'))
      .join('.*')}$`,
  ).test('_id');
}
