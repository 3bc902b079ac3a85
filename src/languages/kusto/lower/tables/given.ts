import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Json } from '../../../../base/json.ts';
import { stringifyJson } from '../../../../base/json.ts';
import { call, field, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { ColumnType, NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { GivenRows } from '../../../../ir/view.ts';
import type { CallExpression, ExternalDataOperator, Operator } from '../../ast/index.ts';
import { declaredColumns } from '../columns/declared.ts';
import { broken, type Column, Columns, type Environment, type Table } from '../scope.ts';
import { asType, constantText, convert } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';
import { nothing } from './source.ts';

/** Tables that are no logs: the user gives their rows as files, and nothing is ever fetched. */

/** Rows as one constant, which is taken apart row by row: a plan that holds a large file stays small. */
function rowsOf(rows: readonly (readonly Json[])[], columns: readonly ColumnType[]): Plan {
  const data: Expr = { kind: 'literal', type: 'dynamic', value: stringifyJson(rows) };
  const one: Plan = { kind: 'rows', columns: [{ name: '$rows', type: 'dynamic' }], rows: [[data]] };
  const unnested: Plan = {
    kind: 'unnest',
    input: one,
    columns: [{ name: '$row', expr: field('$rows'), maps: 'whole' }],
    whenEmpty: 'drop',
  };
  const cell = (at: number): Expr =>
    call('kusto.member', [field('$row'), { kind: 'literal', type: 'long', value: String(at) }]);
  const made = columns.map(({ name, type }, at): NamedExpr => ({ name, expr: converted(cell(at), type) }));
  return { kind: 'project', input: unnested, columns: made };
}

/** A cell of a file as a value of its column's type: text in a dynamic column may be JSON. */
function converted(cell: Expr, type: ColumnType['type']): Expr {
  if (type === 'dynamic') return call('kusto.parse-json', [cell]);
  const value = convert({ expr: cell, type: 'dynamic' }, type);
  if (type !== 'string') return value;
  return { kind: 'cond', branches: [{ when: { kind: 'is-null', subject: value }, then: text('') }], otherwise: value };
}

/** What a run stops at. */
function missing(name: string, option: string, columns: readonly ColumnType[]): Plan {
  return { kind: 'table', name, columns, missing: `give its rows with ${option}` };
}

/** `externaldata(columns) [addresses] with (…)`: columns by their places in lines of cells, by their names in objects. */
export function lowerExternalData(node: Operator & ExternalDataOperator, environment: Environment): Table {
  const { context } = environment;
  const columns = declaredColumns(node.columns, environment);
  const rows: (readonly Json[])[] = [];
  const option = (name: string): string | undefined => {
    const value = node.with.find((one) => one.name.text.toLowerCase() === name)?.value;
    if (value?.kind === 'name') return value.name;
    return value?.kind === 'literal' ? String(value.value) : undefined;
  };
  const isText = ['txt', 'raw'].includes(option('format')?.toLowerCase() ?? '');
  const skipsFirst = option('ignorefirstrecord')?.toLowerCase() === 'true';
  let lacking: string | undefined;
  for (const from of node.from) {
    const address = constantText(lowerExpression(from, { ...environment, columns: undefined }));
    const given = address === undefined ? undefined : context.schema.given?.('external', address);
    if (given !== undefined) rows.push(...externalRows(given, columns, isText, skipsFirst));
    else {
      lacking = address ?? 'the address';
      const params = { name: `externaldata ${lacking}`, option: `--external ${lacking}=FILE` };
      context.report(diagnostic('kusto/not-given', params, from.span));
    }
  }
  const plan =
    lacking === undefined
      ? rowsOf(rows, columns)
      : missing(`externaldata ${lacking}`, `--external ${lacking}=FILE`, columns);
  return { plan, columns: new Columns(columns), shaped: true, made: [] };
}

function externalRows(
  given: GivenRows,
  columns: readonly ColumnType[],
  isText: boolean,
  skipsFirst: boolean,
): readonly (readonly Json[])[] {
  if (isText) return given.lines.slice(skipsFirst ? 1 : 0).map((line) => [line]);
  if (given.named) {
    const places = columns.map(({ name }) => given.columns.indexOf(name));
    return given.rows.map((row) => places.map((at) => row[at] ?? null));
  }
  // The first line of cells is a row unless the query says that it is not.
  return skipsFirst ? given.rows : [given.columns, ...given.rows];
}

/** Columns that every watchlist has besides its own. */
const OF_WATCHLISTS: readonly ColumnType[] = [
  { name: '_DTItemId', type: 'string' },
  { name: 'LastUpdatedTimeUTC', type: 'datetime' },
  { name: 'SearchKey', type: 'string' },
  { name: 'WatchlistItem', type: 'dynamic' },
];

/** `_GetWatchlist('alias')`: the columns of the file; its first one is what is searched by. */
export function lowerWatchlist(node: CallExpression, environment: Environment): Table {
  const { context } = environment;
  const first = node.args[0]?.value;
  const alias =
    first === undefined ? undefined : constantText(lowerExpression(first, { ...environment, columns: undefined }));
  if (alias === undefined) {
    context.report(diagnostic('kusto/constant-needed', { what: 'the alias of the watchlist' }, node.span));
    return nothing();
  }
  const given = context.schema.given?.('watchlist', alias);
  if (given === undefined) {
    const option = `--watchlist ${alias}=FILE`;
    context.report(diagnostic('kusto/not-given', { name: `the watchlist ${alias}`, option }, node.span));
    const plan = missing(`the watchlist ${alias}`, option, OF_WATCHLISTS);
    return { plan, columns: new Columns(OF_WATCHLISTS, true), shaped: true, made: [] };
  }
  const own = given.columns.map((name): ColumnType => ({ name, type: 'string' }));
  const items: NamedExpr[] = [
    { name: '_DTItemId', expr: text('') },
    { name: 'LastUpdatedTimeUTC', expr: { kind: 'literal', type: 'datetime', value: null } },
    { name: 'SearchKey', expr: own[0] === undefined ? text('') : field(own[0].name) },
    {
      name: 'WatchlistItem',
      expr: call(
        'kusto.pack-bag',
        own.flatMap(({ name }) => [text(name), field(name)]),
      ),
    },
  ];
  const taken = new Set(own.map(({ name }) => name));
  const added = items.filter(({ name }) => !taken.has(name));
  const plan: Plan = { kind: 'extend', input: rowsOf(given.rows, own), columns: added };
  const list: Column[] = [...own, ...OF_WATCHLISTS.filter(({ name }) => !taken.has(name))];
  return { plan, columns: new Columns(list), shaped: true, made: [] };
}

/** What Defender knows of a file, by its hash. */
const PROFILE: readonly ColumnType[] = [
  { name: 'SHA1', type: 'string' },
  { name: 'SHA256', type: 'string' },
  { name: 'MD5', type: 'string' },
  { name: 'FileSize', type: 'long' },
  { name: 'GlobalPrevalence', type: 'long' },
  { name: 'GlobalFirstSeen', type: 'datetime' },
  { name: 'GlobalLastSeen', type: 'datetime' },
  { name: 'Signer', type: 'string' },
  { name: 'Issuer', type: 'string' },
  { name: 'SignerHash', type: 'string' },
  { name: 'IsCertificateValid', type: 'bool' },
  { name: 'IsRootSignerMicrosoft', type: 'bool' },
  { name: 'SignatureState', type: 'string' },
  { name: 'IsExecutable', type: 'bool' },
  { name: 'ThreatName', type: 'string' },
  { name: 'Publisher', type: 'string' },
  { name: 'SoftwareName', type: 'string' },
  { name: 'ProfileAvailability', type: 'string' },
];

/** `invoke FileProfile(hash [, most])`: with what is known of the file, from the rows given under that name. */
export function lowerFileProfile(node: CallExpression, input: Table, environment: Environment): Table {
  const { context } = environment;
  const first = node.args[0]?.value;
  const hash = first?.kind === 'literal' ? String(first.value) : first?.kind === 'name' ? first.name : 'SHA1';
  const key = lowerExpression(
    { kind: 'name', name: hash, span: first?.span ?? node.span },
    { ...environment, columns: input.columns },
  );
  const given = context.schema.given?.('external', 'FileProfile');
  if (input.columns.failed) return broken(input);
  const places = PROFILE.map(({ name }) => given?.columns.indexOf(name) ?? -1);
  const rows = given?.rows.map((row) => places.map((at) => row[at] ?? null));
  const option = '--external FileProfile=FILE';
  if (rows === undefined) context.report(diagnostic('kusto/not-given', { name: 'FileProfile()', option }, node.span));
  const profiles = rows === undefined ? missing('FileProfile()', option, PROFILE) : rowsOf(rows, PROFILE);
  const by = hash.toUpperCase().includes('SHA256') ? 'SHA256' : hash.toUpperCase().includes('MD5') ? 'MD5' : 'SHA1';
  const known = input.columns.all();
  const own = new Set(known.map(({ name }) => name));
  const added = PROFILE.filter(({ name }) => !own.has(name));
  const plan: Plan = {
    kind: 'join',
    left: input.plan,
    right: profiles,
    on: [{ left: asType(key, 'string'), right: field(by) }],
    flavour: 'left',
    nulls: 'differ',
    columns: [
      ...known.map(({ name }) => ({ name, expr: field(name), side: 'left' as const })),
      ...added.map(({ name }) => ({ name, expr: field(name), side: 'right' as const })),
    ],
  };
  return {
    plan,
    columns: new Columns([...known, ...added], input.columns.open, input.columns.wanted),
    shaped: true,
    made: [],
  };
}
