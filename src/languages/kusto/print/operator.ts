import type { ExpandedColumn, Expression, FindOutput, Operator, ParsePart, ScanStep } from '../ast/index.ts';
import {
  printAssignment,
  printAssignments,
  printDeclarations,
  printOptions,
  printPatterns,
  printProperties,
  printSortKeys,
  printWord,
} from './columns.ts';
import { printCall } from './expression.ts';
import { printText } from './literal.ts';
import { printName, printPattern } from './name.ts';
import { LEVEL, type Printing } from './printing.ts';

/** An operator by the name that Kusto's reference gives it, on one line. */
export function printOperator(node: Operator, print: Printing): string {
  const { expression } = print;
  const whole = (value: Expression): string => expression(value, LEVEL.or);
  switch (node.kind) {
    case 'where': {
      const name = node.name === undefined ? '' : `${printName(node.name.text)} = `;
      return `where ${printOptions(node.options, print)}${name}${whole(node.predicate)}`;
    }
    case 'extend':
    case 'project':
    case 'distinct':
      return `${node.kind} ${printOptions(node.options, print)}${printAssignments(node.columns, print)}`;
    case 'serialize':
    case 'print':
      return words(node.kind, printAssignments(node.columns, print));
    case 'project-away':
    case 'project-keep':
      return `${node.kind} ${printPatterns(node.patterns, printPattern)}`;
    case 'project-by-names':
      return `project-by-names ${node.names.map(whole).join(', ')}`;
    case 'project-rename':
      return `project-rename ${node.columns.map(({ to, from }) => `${printName(to.text)} = ${printName(from.text)}`).join(', ')}`;
    case 'project-reorder':
      return `project-reorder ${node.columns.map(({ pattern, order }) => words(printPattern(pattern.text), order)).join(', ')}`;
    case 'union':
      return `union ${printOptions(node.options, print)}${node.inputs.map(whole).join(', ')}`;
    case 'join':
    case 'lookup': {
      const on = node.on.length === 0 ? undefined : `on ${node.on.map(whole).join(', ')}`;
      return words(`${node.kind} ${printOptions(node.options, print)}${whole(node.right)}`, on);
    }
    case 'sort':
      return `sort ${printOptions(node.options, print)}by ${printSortKeys(node.keys, print)}`;
    case 'take':
    case 'sample':
      return `${node.kind} ${whole(node.count)}`;
    case 'sample-distinct':
      return `sample-distinct ${whole(node.count)} of ${whole(node.of)}`;
    case 'top':
      return `top ${printOptions(node.options, print)}${whole(node.count)} by ${printSortKeys(node.keys, print)}`;
    case 'top-hitters': {
      const by = node.by === undefined ? undefined : `by ${whole(node.by)}`;
      return words(`top-hitters ${whole(node.count)} of ${whole(node.of)}`, by);
    }
    case 'top-nested':
      return node.levels
        .map(({ count, of, others, by, direction }) =>
          words(
            'top-nested',
            count === undefined ? undefined : whole(count),
            `of ${printAssignment(of, print)}`,
            others === undefined ? undefined : `with others = ${whole(others)}`,
            `by ${printAssignment(by, print)}`,
            direction,
          ),
        )
        .join(', ');
    case 'count':
      return words('count', node.as === undefined ? undefined : `as ${printName(node.as.text)}`);
    case 'summarize': {
      const aggregates = `${printOptions(node.options, print)}${printAssignments(node.aggregates, print)}`;
      const by = node.by.length === 0 ? undefined : `by ${printAssignments(node.by, print)}`;
      return words('summarize', aggregates.trimEnd(), by);
    }
    case 'make-series': {
      const series = node.aggregates.map(({ column, default: value }) =>
        words(printAssignment(column, print), value === undefined ? undefined : `default = ${whole(value)}`),
      );
      return words(
        `make-series ${printOptions(node.options, print)}${series.join(', ')}`,
        `on ${printAssignment(node.on, print, LEVEL.sum)}`,
        ...(node.form === 'range'
          ? [
              `in range(${[node.from, node.to, node.step].map((end) => (end === undefined ? '' : whole(end))).join(', ')})`,
            ]
          : [
              node.from === undefined ? undefined : `from ${whole(node.from)}`,
              node.to === undefined ? undefined : `to ${whole(node.to)}`,
              `step ${whole(node.step)}`,
            ]),
        node.by.length === 0 ? undefined : `by ${printAssignments(node.by, print)}`,
      );
    }
    case 'mv-expand':
    case 'mv-apply':
      return words(
        `${node.kind} ${printOptions(node.options, print)}${node.columns.map((column) => printExpanded(column, print)).join(', ')}`,
        node.limit === undefined ? undefined : `limit ${whole(node.limit)}`,
        node.kind === 'mv-apply' ? `on (${print.operators(node.body)})` : undefined,
      );
    case 'parse':
    case 'parse-where':
      return `${node.kind} ${printOptions(node.options, print)}${whole(node.subject)} with ${node.pattern.map(printPart).join(' ')}`;
    case 'parse-kv':
      return `parse-kv ${whole(node.subject)} as (${printDeclarations(node.columns)})${printProperties(node.with, print)}`;
    case 'partition': {
      const body =
        node.body.kind === 'query' ? print.block(node.body.statements) : `(${print.operators(node.body.operators)})`;
      return `partition ${printOptions(node.options, print)}by ${whole(node.by)} ${body}`;
    }
    case 'fork':
      return words(
        'fork',
        ...node.branches.map(
          ({ name, operators }) =>
            `${name === undefined ? '' : `${printName(name.text)} = `}(${print.operators(operators)})`,
        ),
      );
    case 'facet': {
      const body = node.with.length === 0 ? undefined : `with (${print.operators(node.with)})`;
      return words(`facet by ${printPatterns(node.by, printName)}`, body);
    }
    case 'scan': {
      const declared = node.declares.map((column) =>
        words(printDeclarations([column]), column.value === undefined ? undefined : `= ${whole(column.value)}`),
      );
      return words(
        `scan ${printOptions(node.options, print)}`.trimEnd(),
        node.order.length === 0 ? undefined : `order by ${printSortKeys(node.order, print)}`,
        node.partition.length === 0
          ? undefined
          : `partition by ${node.partition.map((key) => expression(key, LEVEL.sum)).join(', ')}`,
        declared.length === 0 ? undefined : `declare (${declared.join(', ')})`,
        `with (${node.steps.map((step) => printStep(step, print)).join(' ')})`,
      );
    }
    case 'search':
      return `search ${printOptions(node.options, print)}${printAmong(node.in, print)}${whole(node.predicate)}`;
    case 'find':
      return words(
        `find ${printOptions(node.options, print)}${printAmong(node.in, print)}where ${whole(node.predicate)}`,
        node.output === undefined ? undefined : printFindOutput(node.output),
      );
    case 'reduce':
      return `reduce ${printOptions(node.options, print)}by ${whole(node.by)}${printProperties(node.with, print)}`;
    case 'evaluate': {
      const columns = node.schema === undefined ? '' : printDeclarations(node.schema.columns);
      const schema = [...(node.schema?.open === true ? ['*'] : []), ...(columns === '' ? [] : [columns])].join(', ');
      return `evaluate ${printOptions(node.options, print)}${printCall(node.call, print)}${node.schema === undefined ? '' : ` : (${schema})`}`;
    }
    case 'datatable':
      return `datatable (${printDeclarations(node.columns)}) [${node.values.map(whole).join(', ')}]`;
    case 'externaldata':
      return `externaldata (${printDeclarations(node.columns)}) [${node.from.map(whole).join(', ')}]${printProperties(node.with, print)}`;
    case 'range':
      return `range ${printName(node.column.text)} from ${whole(node.from)} to ${whole(node.to)} step ${whole(node.step)}`;
    case 'as':
      return `as ${printOptions(node.options, print)}${printName(node.name.text)}`;
    case 'invoke':
      return `invoke ${whole(node.call)}`;
    case 'getschema':
      return 'getschema';
    case 'assert-schema':
      return `assert-schema (${printDeclarations(node.columns)})`;
    case 'render': {
      const properties = node.with.map(
        ({ name, values }) => `${name.text}=${values.map((value) => printWord(value, print)).join(', ')}`,
      );
      return words(
        `render ${node.visualization.text}`,
        properties.length === 0 ? undefined : `with (${properties.join(', ')})`,
      );
    }
    case 'consume':
      return words('consume', printOptions(node.options, print).trimEnd());
    case 'other':
      return words(node.name.text, node.text);
    case 'bad-operator':
      return '';
  }
}

/** The words that are there, with blanks between them. */
function words(...all: readonly (string | undefined)[]): string {
  return all.filter((word) => word !== undefined && word !== '').join(' ');
}

function printExpanded({ column, type }: ExpandedColumn, print: Printing): string {
  return words(printAssignment(column, print), type === undefined ? undefined : `to typeof(${type.text})`);
}

function printPart(part: ParsePart): string {
  switch (part.kind) {
    case 'star':
      return '*';
    case 'text':
      return printText(part.text);
    case 'column':
      return `${printName(part.name.text)}${part.type === undefined ? '' : `: ${part.type.text}`}`;
  }
}

function printStep({ name, optional, output, condition, assignments }: ScanStep, print: Printing): string {
  const head = words(
    `step ${printName(name.text)}`,
    optional ? 'optional' : undefined,
    output === undefined ? undefined : `output=${output.text}`,
  );
  const made = assignments.length === 0 ? '' : ` => ${printAssignments(assignments, print)}`;
  return `${head}: ${print.expression(condition, LEVEL.or)}${made};`;
}

function printAmong(tables: readonly Expression[], print: Printing): string {
  return tables.length === 0 ? '' : `in (${tables.map((table) => print.expression(table, LEVEL.or)).join(', ')}) `;
}

function printFindOutput(output: FindOutput): string {
  switch (output.kind) {
    case 'project-smart':
      return 'project-smart';
    case 'project-away':
      return `project-away ${printPatterns(output.patterns, printPattern)}`;
    case 'project':
      return `project ${output.columns.map(({ name, type }) => `${printName(name.text)}${type === undefined ? '' : `: ${type.text}`}`).join(', ')}`;
  }
}
