import { diagnostic } from '../../../../base/diagnostic.ts';
import { and, call, field, match, not, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { ValueType } from '../../../../ir/types.ts';
import { compileRegex } from '../../../../patterns/regex/index.ts';
import type { Operator, ParseOperator, ParsePart } from '../../ast/index.ts';
import { optionWord } from '../option.ts';
import { broken, type Environment, type Table } from '../scope.ts';
import { asText, convert } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';

type ParseNode = Operator & ParseOperator;

interface ParsedColumn {
  readonly name: string;
  readonly type: ValueType;
  /** Which group of the regex it is. */
  readonly group: number;
}

/**
 * `parse` and `parse-where`: the text is taken apart by a regex. `simple` and `regex` need the whole pattern, and every value to be one
 * of its column's type; otherwise all of the columns are empty. `relaxed` leaves those empty alone whose values are not.
 */
export function lowerParse(node: ParseNode, input: Table, environment: Environment): Table {
  const { context } = environment;
  const kind = optionWord(node.options, 'kind') ?? 'simple';
  if (!['simple', 'regex', 'relaxed'].includes(kind)) {
    const expected = 'simple, regex or relaxed';
    context.report(
      diagnostic('kusto/expected', { expected, found: `\`${kind}\`` }, node.options[0]?.span ?? node.keyword),
    );
    return broken(input);
  }
  for (const [at, part] of node.pattern.entries()) {
    // Nothing says where a text ends that a column follows.
    const before = node.pattern[at - 1];
    const isText = before?.kind === 'column' && (before.type?.type ?? 'string') === 'string';
    if (part.kind !== 'column' || !isText) continue;
    context.report(diagnostic('kusto/expected', { expected: 'a string', found: `\`${part.name.text}\`` }, part.span));
  }
  const subject = asText(lowerExpression(node.subject, environment));
  const { source, columns } = regexOf(node.pattern, kind === 'regex');
  const flags = kind === 'regex' ? (optionWord(node.options, 'flags') ?? '') : '';
  const pattern = `(?${[...new Set(`s${flags}`)].join('')})${source}`;
  const compiled = compileRegex(pattern, { flavour: 're2', ignoreCase: false, flags: '', anchored: false });
  if (!compiled.ok) {
    context.report(diagnostic('kusto/bad-regex', { reason: compiled.reason }, node.span));
    return broken(input);
  }
  const found = match(
    subject,
    { kind: 'regex', source: pattern, flavour: 're2', flags: '', anchored: false },
    { quantifier: 'whole' },
  );
  const raw = (column: ParsedColumn): Expr =>
    call('kusto.extract', [text(pattern), { kind: 'literal', type: 'long', value: String(column.group) }, subject]);
  const typed = columns.some(({ type }) => type !== 'string');
  const steps = typed
    ? convertedStep(columns, raw, found, kind === 'relaxed')
    : [columns.map((column) => ({ name: column.name, expr: raw(column) }))];
  const before: Plan =
    node.kind === 'parse-where' && !typed ? { kind: 'where', input: input.plan, predicate: found } : input.plan;
  const extended = steps.reduce<Plan>((plan, made) => ({ kind: 'extend', input: plan, columns: made }), before);
  const plan: Plan =
    node.kind === 'parse-where' && typed ? { kind: 'where', input: extended, predicate: field(MATCHED) } : extended;
  const made = [...new Set([...input.made, ...columns.map(({ name }) => name)])];
  return { plan, columns: input.columns.with(columns), shaped: input.shaped, made };
}

/** Whether the text fits the pattern as a whole; no query can name it. */
const MATCHED = '$parsed';

/** Columns whose values are of no text: the texts first, then whether all are what they should be, then the columns. */
function convertedStep(
  columns: readonly ParsedColumn[],
  raw: (column: ParsedColumn) => Expr,
  found: Expr,
  relaxed: boolean,
): readonly (readonly NamedExpr[])[] {
  const hidden = ({ group }: ParsedColumn): string => `$parsed${group}`;
  const values = columns.map((column) => ({
    name: hidden(column),
    expr: convert({ expr: raw(column), type: 'string' }, column.type),
  }));
  const isThere = (column: ParsedColumn): Expr => not({ kind: 'is-null', subject: field(hidden(column)) });
  const whole = relaxed ? found : and([found, ...columns.filter(({ type }) => type !== 'string').map(isThere)]);
  const columnOf = (column: ParsedColumn): NamedExpr => ({
    name: column.name,
    expr: {
      kind: 'cond',
      branches: [{ when: field(MATCHED), then: field(hidden(column)) }],
      otherwise: column.type === 'string' ? text('') : { kind: 'literal', type: column.type, value: null },
    },
  });
  return [values, [{ name: MATCHED, expr: whole }], columns.map(columnOf)];
}

/**
 * The pattern as a regex from the start of the text. In `regex` mode what stands for a column is as long as it can be; else it ends
 * before the first text that comes next. Behind the last column the text must end.
 */
function regexOf(
  parts: readonly ParsePart[],
  isRegex: boolean,
): { readonly source: string; readonly columns: readonly ParsedColumn[] } {
  const columns: ParsedColumn[] = [];
  let source = '^';
  let groups = 0;
  for (const [at, part] of parts.entries()) {
    const isLast = at + 1 === parts.length;
    switch (part.kind) {
      case 'star':
        source += isLast ? '' : isRegex ? '.*' : '.*?';
        break;
      case 'text':
        source += isRegex ? `(?:${part.text})` : part.text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
        groups += isRegex ? groupsIn(part.text) : 0;
        break;
      case 'column':
        groups += 1;
        columns.push({ name: part.name.text, type: part.type?.type ?? 'string', group: groups });
        source += columnPattern(part.type?.type, parts[at + 1], isRegex);
        if (isLast) source += '$';
        break;
    }
  }
  return { source, columns };
}

/** A number ends by itself, where nothing else says where. */
function columnPattern(type: ValueType | undefined, next: ParsePart | undefined, isRegex: boolean): string {
  const endsItself = isRegex || next?.kind === 'star' || next?.kind === 'column';
  if (endsItself && (type === 'int' || type === 'long')) return '([-+]?\\d+)';
  if (endsItself && (type === 'real' || type === 'decimal')) return '([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)';
  return isRegex ? '(.*)' : '(.*?)';
}

/** How many groups a regex has. */
function groupsIn(source: string): number {
  return [
    ...source
      .replace(/\\./g, '')
      .replace(/\[\^?\]?[^\]]*\]?/g, '')
      .matchAll(/\((?!\?(?!P?<))/g),
  ].length;
}
