import type {
  EsqlAggregate,
  EsqlCommand,
  EsqlExpr,
  EsqlField,
  EsqlOrder,
  EsqlPipeline,
  EsqlQuery,
  EsqlSource,
} from '../ast.ts';
import { printExpression as printInner, printName, printString } from './expression.ts';

/** The query as text that parses to the same tree, with no bracket more than that needs. */
export function printEsql({ settings, pipeline }: EsqlQuery): string {
  const set = settings.map(({ name, value }) => `SET ${name.text} = ${printExpression(value)};\n`);
  return `${set.join('')}${printPipeline(pipeline, '\n| ')}`;
}

function printPipeline({ commands }: EsqlPipeline, pipe = ' | '): string {
  return commands.map(printCommand).join(pipe);
}

function printExpression(expr: EsqlExpr): string {
  return printInner(expr, (pipeline) => printPipeline(pipeline));
}

function printCommand(command: EsqlCommand): string {
  switch (command.kind) {
    case 'from':
    case 'ts': {
      const metadata = command.metadata.length === 0 ? '' : ` METADATA ${command.metadata.map(printName).join(', ')}`;
      return `${command.kind.toUpperCase()} ${command.sources.map(printSource).join(', ')}${metadata}`;
    }
    case 'row':
    case 'eval':
      return `${command.kind.toUpperCase()} ${command.fields.map(printField).join(', ')}`;
    case 'show':
      return 'SHOW INFO';
    case 'where':
      return `WHERE ${printExpression(command.condition)}`;
    case 'keep':
    case 'drop':
      return `${command.kind.toUpperCase()} ${command.names.map(printName).join(', ')}`;
    case 'rename':
      return `RENAME ${command.renamings.map(({ from, to }) => `${printName(from)} AS ${printName(to)}`).join(', ')}`;
    case 'sort':
      return `SORT ${command.orders.map(printOrder).join(', ')}`;
    case 'limit': {
      const by = command.by.length === 0 ? '' : ` BY ${command.by.map(printExpression).join(', ')}`;
      return `LIMIT ${printExpression(command.count)}${by}`;
    }
    case 'stats':
    case 'inline-stats': {
      const by = command.by.length === 0 ? '' : ` BY ${command.by.map(printField).join(', ')}`;
      const aggregates = command.aggregates.length === 0 ? '' : ` ${command.aggregates.map(printAggregate).join(', ')}`;
      return `${command.kind === 'stats' ? 'STATS' : 'INLINE STATS'}${aggregates}${by}`;
    }
    case 'mv-expand':
      return `MV_EXPAND ${printName(command.name)}`;
    case 'grok':
      return `GROK ${printExpression(command.subject)} ${command.patterns.map(({ value }) => printString(value)).join(', ')}`;
    case 'dissect': {
      const options = command.options.map(printField).join(', ');
      const pattern = printString(command.pattern.value);
      return `DISSECT ${printExpression(command.subject)} ${pattern}${options === '' ? '' : ` ${options}`}`;
    }
    case 'enrich': {
      const fields = command.fields.map(({ name, field }) =>
        name === null ? printName(field) : `${printName(name)} = ${printName(field)}`,
      );
      const on = command.on === null ? '' : ` ON ${printName(command.on)}`;
      return `ENRICH ${printIndex(command.policy.text)}${on}${fields.length === 0 ? '' : ` WITH ${fields.join(', ')}`}`;
    }
    case 'join':
      return `${command.type.toUpperCase()} JOIN ${printIndex(command.target.text)} ON ${command.on.map(printExpression).join(', ')}`;
    case 'fork':
      return `FORK ${command.branches.map((branch) => `(${printPipeline(branch)})`).join(' ')}`;
    case 'sample':
      return `SAMPLE ${printExpression(command.probability)}`;
    case 'change-point': {
      const { value, key, type, pvalue, by } = command;
      const on = key === null ? '' : ` ON ${printName(key)}`;
      const as = type === null || pvalue === null ? '' : ` AS ${printName(type)}, ${printName(pvalue)}`;
      const keys = by.length === 0 ? '' : ` BY ${by.map(printExpression).join(', ')}`;
      return `CHANGE_POINT ${printName(value)}${on}${as}${keys}`;
    }
    case 'completion': {
      const target = command.target === null ? '' : `${printName(command.target)} = `;
      const options = command.options === null ? '' : ` WITH ${printExpression(command.options)}`;
      return `COMPLETION ${target}${printExpression(command.prompt)}${options}`;
    }
    case 'parts': {
      const options = command.options === null ? '' : ` WITH ${printExpression(command.options)}`;
      return `${command.command} ${printName(command.prefix)} = ${printExpression(command.value)}${options}`;
    }
    case 'other':
      return `${command.name} ${command.text}`.trim();
    case 'error':
      return '';
  }
}

function printSource(source: EsqlSource): string {
  return source.kind === 'subquery' ? `(${printPipeline(source.pipeline)})` : printIndex(source.text);
}

/** A pattern that has other signs in it than a plain one may have goes between quotes, but for what joins its parts. */
function printIndex(text: string): string {
  return text
    .split(/(::?)/)
    .map((part) => (/^::?$/.test(part) || /^(?:[^:"=|,[\]/()\s]|\/(?![/*]))+$/.test(part) ? part : printString(part)))
    .join('');
}

function printField({ name, value }: EsqlField): string {
  return name === null ? printExpression(value) : `${printName(name)} = ${printExpression(value)}`;
}

function printAggregate({ where, ...field }: EsqlAggregate): string {
  return where === null ? printField(field) : `${printField(field)} WHERE ${printExpression(where)}`;
}

function printOrder({ value, direction, nulls }: EsqlOrder): string {
  const words = [
    printExpression(value),
    direction?.toUpperCase(),
    nulls === null ? null : `NULLS ${nulls.toUpperCase()}`,
  ];
  return words.filter((word) => word).join(' ');
}
