import type { JsonObject } from '../../base/json.ts';
import { call, list, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { View, ViewFamily, ViewField } from '../../ir/view.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import { kustoColumnType } from '../../schemas/kusto.ts';
import type { LogType } from '../log-type.ts';
import { type DocumentMoves, documentShape, originalEvent, recogniseDocument } from './documents.ts';
import { kustoTable } from './kusto-view.ts';
import { pantherView } from './panther-view.ts';
import { direct } from './shapes.ts';
import { agentFields, column, constant, fieldOf, mapped, own } from './view-terms.ts';

/**
 * What a view's field is: an expression, or the own names of one thing with `|` between them, of which the first that is there counts.
 * `@name` stands for all names of the row of `names` that has this one.
 */
export type Term = Expr | string;
export type Terms = Readonly<Record<string, Term>>;

/** A log type whose records are JSON objects, or were made such of lines, and what each schema's fields are in them. */
export interface Declaration {
  readonly name: string;
  readonly description: string;
  readonly recognises: (event: JsonObject) => boolean;
  readonly time: Term;
  /**
   * All names of one thing in a row, `|` between them: as the forms have them that records come in, and as Sigma's rules write them. Each
   * is a field of Sigma's view, and is the first of them that the record has.
   */
  readonly names?: readonly string[];
  readonly sigma?: {
    /** A constant, or an expression. */
    readonly product?: Term;
    readonly category?: Term;
    readonly service?: Term;
    readonly fields?: Terms;
  };
  readonly ecs?: {
    readonly module: string;
    readonly dataset: string;
    readonly indices?: readonly string[];
    readonly fields?: Terms;
    readonly families?: readonly ViewFamily[];
    /** Where it has documents of this log type: where own fields went in them. */
    readonly documents?: DocumentMoves;
  };
  /** What Panther calls it, or each of several parts of it by an expression; the whole event is the record, or what `event` makes of it. */
  readonly panther?: string | Expr;
  readonly event?: View['event'];
  readonly tables?: Readonly<Record<string, Terms>>;
}

export function declare(declaration: Declaration): LogType {
  const { name, description, recognises, ecs } = declaration;
  const term = termsOf(declaration.names ?? []);
  const ecsView = ecs === undefined ? undefined : makeEcs(name, declaration.time, ecs, term);
  const isDocument = ecs?.documents !== undefined && ecsView !== undefined;
  return {
    name,
    declared: true,
    description,
    shapes: [direct(recognises), ...(isDocument ? [documentShape(name, ecsView, ecs.documents)] : [])],
    ...(isDocument && { family: recogniseDocument }),
    time: term(declaration.time),
    views: [
      ...(ecsView === undefined ? [] : [ecsView]),
      ...makeSigma(declaration, term),
      ...makePanther(declaration),
      ...Object.entries(declaration.tables ?? {}).map(([table, columns]) =>
        makeTable(name, table, declaration, columns, term),
      ),
    ],
  };
}

/** How terms are read, where these rows of names are known. */
function termsOf(rows: readonly string[]): (term: Term) => Expr {
  const byName = new Map<string, readonly string[]>();
  for (const row of rows) {
    const names = row.split('|');
    for (const name of names) if (!byName.has(name)) byName.set(name, names);
  }
  return (term) => {
    if (typeof term !== 'string') return term;
    return own(
      ...term.split('|').flatMap((name) => (name.startsWith('@') ? byName.get(name.slice(1)) : undefined) ?? [name]),
    );
  };
}

type ReadTerm = ReturnType<typeof termsOf>;

function makeSigma({ name, names = [], sigma }: Declaration, term: ReadTerm): readonly View[] {
  if (sigma === undefined && names.length === 0) return [];
  const source = (key: 'product' | 'category' | 'service'): readonly (readonly [string, ViewField])[] => {
    const value = sigma?.[key];
    if (value === undefined) return [];
    return [[`logsource.${key}`, typeof value === 'string' ? constant(value) : fieldOf(value)]];
  };
  const same = names.flatMap((row) => {
    const all = own(...row.split('|'));
    return row.includes('|') ? row.split('|').map((one) => [one, fieldOf(all)] as const) : [];
  });
  return [
    {
      schema: 'sigma',
      logType: name,
      when: null,
      fields: new Map([
        ...source('product'),
        ...source('category'),
        ...source('service'),
        ...same,
        ...Object.entries(sigma?.fields ?? {}).map(([field, value]) => [field, fieldOf(term(value))] as const),
      ]),
      families: [],
      otherwise: 'raw',
    },
  ];
}

function makeEcs(
  logType: string,
  time: Term,
  { module, dataset, indices, fields = {}, families = [] }: NonNullable<Declaration['ecs']>,
  term: ReadTerm,
): View {
  return {
    schema: 'ecs',
    logType,
    when: null,
    fields: new Map<string, ViewField>([
      ...agentFields({ module, dataset, indices: indices ?? [`logs-${dataset}-default`, 'filebeat-8.0.0'] }),
      ['@timestamp', fieldOf(term(time), 'date')],
      ...Object.entries(fields).map(
        ([name, value]) => [name, fieldOf(term(value), ecsSchema.typeOf(name) ?? 'keyword')] as const,
      ),
    ]),
    families,
    otherwise: 'missing',
  };
}

function makePanther({ name, panther, event, ecs }: Declaration): readonly View[] {
  if (panther === undefined) return [];
  const isDocument = ecs?.documents !== undefined;
  const whole = event ?? (isDocument ? originalEvent : undefined);
  return [pantherView(name, panther, whole)];
}

function makeTable(logType: string, table: string, { time }: Declaration, columns: Terms, term: ReadTerm): View {
  // A row of the table has its columns itself.
  const at: Expr = call('view.coalesce', [own('TimeGenerated'), term(time)]);
  const all: Terms = { TimeGenerated: at, Type: text(table), ...columns };
  return kustoTable(
    logType,
    table,
    null,
    // Tables of one kind share their columns; each has those that it has.
    Object.entries(all).flatMap(([name, value]) => {
      const type = kustoColumnType(table, name);
      return type === undefined ? [] : [[name, column(type, term(value))] as const];
    }),
    (name) => own(name),
  );
}

/**
 * The fields that say which data stream a document is in, where that depends on the record: each of a few values with its dataset. A rule's
 * index patterns are held against these and no others.
 */
export function streams(value: Expr, datasets: Readonly<Record<string, string>>): Terms {
  const dataset = mapped(value, datasets);
  const index = Object.fromEntries(Object.entries(datasets).map(([from, to]) => [from, `logs-${to}-default`]));
  return {
    'event.dataset': dataset,
    'data_stream.dataset': dataset,
    _index: list([text('filebeat-8.0.0'), mapped(value, index)]),
  };
}

/** A family of fields below a prefix: the own field of the rest of the name, in the names that `own` makes of it. */
export function below(prefix: string, toOwn: (rest: string) => Expr): ViewFamily {
  return { prefix, field: (rest) => fieldOf(toOwn(rest)) };
}
