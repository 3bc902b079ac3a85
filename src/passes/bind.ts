import { and, call, FALSE, field, list, MISSING, or, PLAIN, STRICT, TRUE, text } from '../ir/construct.ts';
import type { Expr, Field, Leaves, Raw, Way } from '../ir/expr.ts';
import { keyedColumns, mapKeyedInputs } from '../ir/plan/keyed-inputs.ts';
import { madeNames } from '../ir/plan/made.ts';
import { mapExpressions, mapJoin } from '../ir/plan/map-expressions.ts';
import {
  type ColumnType,
  EVENT_TIME,
  type Join,
  type KeyedInput,
  type Matches,
  type Plan,
  type Source,
  type Step,
} from '../ir/plan/plan.ts';
import { type Query, readsOf } from '../ir/plan/query.ts';
import { keptSide } from '../ir/plan/relational.ts';
import { groupColumns, mapChildren } from '../ir/traverse.ts';
import type { SchemaName } from '../ir/types.ts';
import { EVERYTHING, type View, type ViewFamily, type ViewField } from '../ir/view.ts';
import { compileWildcard } from '../ir/wildcard.ts';
import { overParts } from './parts.ts';

/** One log type in one shape, as `bind` sees it. */
export interface Binding {
  readonly logType: string;
  /** Absent: the log type's records have but one. */
  readonly shape?: string;
  /** The view that gives a schema's (Kusto: a table's) fields, or undefined when the log type has none. */
  view(schema: SchemaName, table: string | undefined): View | undefined;
  /** When a record happened, in the log type's own fields: what the field `EVENT_TIME` is. */
  readonly time?: Expr;
  /** Where a field of the log type lies in the raw record. */
  locate(path: readonly string[]): readonly (readonly string[])[];
  /**
   * Where the records are documents of a schema already (a shipper wrote them), and where its fields lie in them: what a
   * document says itself counts, and the view where it says nothing.
   */
  readonly document?: DocumentFields;
}

/** The fields of a schema in a record that is its document. */
export interface DocumentFields {
  readonly schema: SchemaName;
  locate(path: readonly string[]): readonly (readonly string[])[];
}

/** What a name means at some point of a pipeline. */
interface Names {
  /** Columns that operators have made. */
  readonly made: ReadonlySet<string>;
  /** Whether names that no operator made are still the view's fields: not after `project` or `summarize`. */
  readonly open: boolean;
  /** Whether any other name may be a column: the members of a bag are known from the rows alone. */
  readonly any?: true;
  readonly view: View | undefined;
}

/**
 * Substitutes a log type's views into a plan: every `source` becomes the log type's records (filtered by the view's own
 * condition and the rule's scope), every `field` an expression over raw paths, or the column that an operator made.
 * A source without a view is `never`. The verdict on any record of the log type stays what the rule says of its view.
 */
export function bind(plan: Plan, binding: Binding): Plan {
  return bindPlan(plan, binding).plan;
}

/** As `bind`, for a query; its shared plans make the columns that are read of them. */
export function bindQuery({ shared, result }: Query, binding: Binding): Query {
  const plans = [...shared.map(({ plan }) => plan), result];
  return {
    shared: shared.map(({ name, plan }) => ({
      name,
      plan: withColumns(bindPlan(plan, binding), readsOf(name, plans) ?? [], binding),
    })),
    result: bind(result, binding),
  };
}

/** Binds what reads no records, but the rows of its inputs: every field is a column that they have, or missing. */
export function bindRows(plan: Plan): Plan {
  return bind(plan, NO_RECORDS);
}

const NO_RECORDS: Binding = { logType: '', view: () => undefined, locate: () => [] };

interface Bound {
  readonly plan: Plan;
  readonly names: Names;
}

function bindPlan(plan: Plan, binding: Binding): Bound {
  switch (plan.kind) {
    case 'source':
      return bindSource(plan, binding);
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'table':
    case 'shared':
      return { plan, names: closed(madeNames(plan)) };
    case 'matches':
      return { plan, names: matchNames(plan, binding) };
    case 'where': {
      const { plan: input, names } = bindPlan(plan.input, binding);
      const predicate = bindExpr(withParts(plan.predicate, names, binding), names, binding);
      return { plan: { ...plan, input, predicate }, names };
    }
    case 'ask':
    case 'distinct':
    case 'order':
    case 'limit':
    case 'extend':
    case 'unnest':
    case 'window': {
      const { plan: input, names } = bindPlan(plan.input, binding);
      const bound = mapExpressions({ ...plan, input }, (expr) => bindExpr(expr, names, binding));
      const added = madeNames(plan);
      return {
        plan: bound,
        names: added.length === 0 ? names : { ...names, made: new Set([...names.made, ...added]) },
      };
    }
    case 'unpack': {
      const { plan: input, names } = bindPlan(plan.input, binding);
      return { plan: { ...plan, input, bag: bindExpr(plan.bag, names, binding) }, names: { ...names, any: true } };
    }
    case 'scan': {
      const { plan: input, names } = bindPlan(plan.input, binding);
      const added = madeNames(plan);
      const inside = new Set([...names.made, ...added, ...plan.reads.map(({ name }) => name)]);
      const bound = mapExpressions({ ...plan, input }, (expr) => bindExpr(expr, { ...names, made: inside }, binding));
      return { plan: bound, names: { ...names, made: new Set([...names.made, ...added]) } };
    }
    case 'project':
    case 'summarize':
    case 'series': {
      const { plan: input, names } = bindPlan(plan.input, binding);
      const bound = mapExpressions({ ...plan, input }, (expr) => bindExpr(expr, names, binding));
      return { plan: bound, names: closed(madeNames(plan)) };
    }
    case 'union': {
      const bound = plan.inputs.map((input) => bindPlan(input, binding));
      const made = bound.flatMap(({ names }) => [...names.made]);
      return { plan: { kind: 'union', inputs: bound.map((one) => one.plan) }, names: closed(made) };
    }
    case 'join':
      return bindJoin(plan, binding);
    case 'apply': {
      const group = bindPlan(plan.input, binding);
      const { names } = group;
      const input = withColumns(group, groupColumns(plan), binding);
      const body = bindPlan(plan.body, binding);
      const bound = mapExpressions({ ...plan, input, body: body.plan }, (expr) => bindExpr(expr, names, binding));
      return { plan: bound, names: closed([...madeNames(plan), ...body.names.made]) };
    }
    case 'threshold':
    case 'first-seen':
    case 'sequence': {
      const bound = mapKeyedInputs(plan, (input) => bindKeyedInput(input, binding));
      return { plan: bound, names: closed(keyedColumns(plan)) };
    }
  }
}

/** A plan that has these columns: fields of records become columns where other plans read them by their names; others are missing. */
function withColumns({ plan, names }: Bound, columns: readonly ColumnType[], binding: Binding): Plan {
  const lacking = columns.filter(({ name }) => !names.made.has(name));
  if (lacking.length === 0) return plan;
  const made = lacking.map(({ name }) => ({ name, expr: bindExpr(field(name), names, binding) }));
  return { kind: 'extend', input: plan, columns: made };
}

function bindJoin(join: Join, binding: Binding): Bound {
  const left = bindPlan(join.left, binding);
  const right = bindPlan(join.right, binding);
  const pair = closed(join.columns.map(({ name }) => name));
  const plan = mapJoin(
    { ...join, left: left.plan, right: right.plan },
    (expr) => bindExpr(expr, left.names, binding),
    (expr) => bindExpr(expr, right.names, binding),
    (expr) => bindExpr(expr, pair, binding),
  );
  const kept = keptSide(join.flavour);
  if (join.into !== undefined) {
    return { plan, names: { ...left.names, made: new Set([...left.names.made, join.into]) } };
  }
  return { plan, names: kept === undefined ? pair : kept === 'left' ? left.names : right.names };
}

/** What names mean of the matches of a rule: columns that it makes, else fields of the record. */
function matchNames({ schema, columns }: Matches, binding: Binding): Names {
  return { made: new Set(columns.map(({ name }) => name)), open: true, view: binding.view(schema, undefined) };
}

function bindKeyedInput<I extends KeyedInput | Step>(input: I, binding: Binding): I {
  const { plan, names } = bindPlan(input.plan, binding);
  const one = (expr: Expr): Expr => bindExpr(expr, names, binding);
  return {
    ...input,
    plan,
    time: one(input.time),
    keys: input.keys.map((key) => (key === null ? null : one(key))),
    keep: input.keep.map(({ name, expr }) => ({ name, expr: one(expr) })),
    ...(input.tie && { tie: one(input.tie) }),
  };
}

function withParts(predicate: Expr, { view, open }: Names, binding: Binding): Expr {
  const parts = view?.parts;
  if (parts === undefined || !open) return predicate;
  return overParts(predicate, parts, {
    over: relocate(parts.over, binding),
    locate: (path) => binding.locate(path),
  });
}

function closed(made: readonly string[]): Names {
  return { made: new Set(made), open: false, view: undefined };
}

/** What was found for a binding: rules share a few sources and fields. */
interface Known {
  readonly sources: Map<Source, Bound>;
  readonly fields: Map<View, Map<string, Expr>>;
}

const known = new WeakMap<Binding, Known>();

function knownOf(binding: Binding): Known {
  const found = known.get(binding) ?? { sources: new Map(), fields: new Map() };
  known.set(binding, found);
  return found;
}

function bindSource(source: Source, binding: Binding): Bound {
  const { sources } = knownOf(binding);
  const found = sources.get(source) ?? boundSource(source, binding);
  sources.set(source, found);
  return found;
}

function boundSource(source: Source, binding: Binding): Bound {
  const view = binding.view(source.schema, source.table);
  if (view === undefined) return { plan: { kind: 'never' }, names: closed([]) };
  const names: Names = { made: new Set(), open: true, view };
  const conditions: Expr[] = [];
  if (view.when !== null) conditions.push(relocate(view.when, binding));
  if (source.scope !== null) conditions.push(bindScope(source.scope, names, view, binding));
  const records: Plan = { kind: 'records', logType: binding.logType };
  const plan: Plan = conditions.length === 0 ? records : { kind: 'where', input: records, predicate: and(conditions) };
  return { plan, names };
}

/** Whether records are of the log source that a rule is about. */
function bindScope(scope: Expr, names: Names, view: View, binding: Binding): Expr {
  const { sources } = view;
  // A log source that the view does not name is none: no field of a record says what the record is.
  if (sources === undefined) return bindExpr(scope, { ...names, view: { ...view, otherwise: 'missing' } }, binding);
  if (sources === 'any') return TRUE;
  return or(sources.map((fields) => bindExpr(scope, { ...names, view: { ...view, fields, ...ONLY_THESE } }, binding)));
}

const ONLY_THESE = { families: [], otherwise: 'missing' } as const;

function bindExpr(expr: Expr, names: Names, binding: Binding): Expr {
  if (expr.kind === 'field') return bindField(expr, names, binding);
  if (expr.kind === 'leaves') return names.view === undefined ? expr : bindLeaves(expr, names.view, binding);
  return mapChildren(expr, (child) => bindExpr(child, names, binding));
}

function bindField(field: Field, names: Names, binding: Binding): Expr {
  const { name, path, of, keys, arrays } = field;
  if (of !== undefined) return { kind: 'raw', paths: path === undefined ? dotted(name) : [path], keys, arrays, of };
  if (names.made.has(name) || names.any === true) return { kind: 'column', name };
  if (!names.open || names.view === undefined) return MISSING;
  const { fields } = knownOf(binding);
  const ofView = fields.get(names.view) ?? new Map<string, Expr>();
  fields.set(names.view, ofView);
  const isPlain = path === undefined && keys === 'exact' && arrays === 'each';
  const key = isPlain ? name : `\0${JSON.stringify([keys, arrays, path ?? name])}`;
  const found =
    ofView.get(key) ??
    (path === undefined ? sourceField(field, names.view, binding) : eventField(path, field, names.view, binding));
  ofView.set(key, found);
  return found;
}

/** What stands at a path of the whole event that a view makes of a record. */
function eventField(path: readonly string[], { keys, arrays }: Way, view: View, binding: Binding): Expr {
  const [first, ...more] = path;
  const declared = first === undefined || more.length > 0 ? undefined : viewField(view, first);
  if (declared !== undefined) return relocate(declared.expr, binding);
  if (view.event === undefined) return { kind: 'raw', paths: [path], keys, arrays };
  const event = call('view.event', [RECORD, text(view.schema), text(binding.logType), text(binding.shape ?? '')]);
  if (path.length === 0) return event;
  if (keys === 'ignore-case') return call('panther.at', [event, text(JSON.stringify(path))]);
  return path.reduce((map: Expr, key) => call('python.get', [map, text(key), FALSE]), event);
}

/** The raw record itself. */
const RECORD: Raw = { kind: 'raw', paths: [[]], ...STRICT };

/** A field of the source's records. */
function sourceField({ name, keys, arrays }: Field, view: View, binding: Binding): Expr {
  if (name === EVENT_TIME) return binding.time === undefined ? MISSING : relocate(binding.time, binding);
  const way: Way = { keys, arrays };
  const found = viewField(view, name);
  const made = found === undefined ? MISSING : relocate(found.expr, binding);
  if (binding.document?.schema === view.schema) return documentField(name, way, made, binding.document);
  if (found !== undefined || view.otherwise === 'missing') return made;
  return { kind: 'raw', paths: unique(dotted(name).flatMap((path) => binding.locate(path))), ...way };
}

/** What stands beside documents, not in them: which index they are in says what kind of log they are. */
const BESIDE = new Set(['_index', 'data_stream.type', 'data_stream.namespace']);

/** A field of a document: its own, else what the view makes. */
function documentField(name: string, way: Way, made: Expr, document: DocumentFields): Expr {
  if (BESIDE.has(name)) return made;
  const paths = unique(document.locate(name.split('.')));
  if (paths.length === 0) return made;
  if (made.kind === 'raw' && made.keys === way.keys && made.arrays === way.arrays) {
    return { ...made, paths: unique([...paths, ...made.paths]) };
  }
  const own: Raw = { kind: 'raw', paths, ...way };
  return made.kind === 'missing' ? own : call('view.coalesce', [own, made]);
}

/** The field of a view by its name: declared, or of a family. */
export function viewField(view: View, name: string): ViewField | undefined {
  const declared = view.fields.get(name);
  if (declared !== undefined) return declared;
  const family = view.families.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length);
  return family?.field(name.slice(family.prefix.length));
}

/** All values of a view are those of its fields; where the view passes raw fields through, those of the record. */
function bindLeaves(leaves: Leaves, view: View, binding: Binding): Expr {
  if (view.otherwise === 'raw') return leaves;
  const fits = leaves.name === null ? () => true : compileWildcard(leaves.name, false);
  const fields = [...view.fields].filter(([name]) => fits(name));
  const made = fields.map(([, found]) => relocate(found.expr, binding));
  // A document's own fields are all of its values, those of families among them.
  if (binding.document?.schema === view.schema) return list([leaves, ...made]);
  return list([...made, ...view.families.flatMap((family) => familyLeaves(leaves, family, view, binding))]);
}

/** The values of a family's members. A name that is declared, or of an earlier family, is none of them. */
function familyLeaves(leaves: Leaves, family: ViewFamily, view: View, binding: Binding): readonly Expr[] {
  const { prefix, members } = family;
  if (members === undefined || !mayBegin(leaves, prefix)) return [];
  const earlier = view.families.slice(0, view.families.indexOf(family)).map((other) => other.prefix);
  const taken = [...view.fields.keys(), ...earlier].filter((name) => name.startsWith(prefix));
  const except = [...taken.map((name) => name.slice(prefix.length)), ...(members.except ?? [])].map((name) =>
    text(name),
  );
  const pieces = (leaves.name ?? []).map((part) =>
    text('text' in part ? `=${part.text}` : part.any === 'many' ? '*' : '?'),
  );
  const roots = members.of === EVERYTHING ? rootsOf(binding) : [{ map: relocate(members.of, binding), cut: '' }];
  return roots.map(({ map, cut }) =>
    call('elastic.members', [map, text(cut), text(prefix), list(except), list(pieces)]),
  );
}

/** Whether a name that fits may begin so. */
function mayBegin({ name }: Leaves, prefix: string): boolean {
  const [first] = name ?? [];
  if (first === undefined || !('text' in first)) return name?.length !== 0;
  return first.text.startsWith(prefix) || (prefix.startsWith(first.text) && name?.length !== 1);
}

/** The maps that a log type's own fields lie in, each with what their names begin with there. */
function rootsOf(binding: Binding): readonly { readonly map: Expr; readonly cut: string }[] {
  const anyField = '*';
  return binding.locate([anyField]).flatMap((path) => {
    const last = path.at(-1) ?? '';
    if (!last.endsWith(anyField)) return [];
    const map: Expr = { kind: 'raw', paths: [path.slice(0, -1)], ...PLAIN };
    return [{ map, cut: last.slice(0, -anyField.length) }];
  });
}

/** An expression over a log type's own fields, with each replaced by where it lies in the record. */
export function relocate(expr: Expr, binding: Binding): Expr {
  if (expr.kind === 'raw' && expr.of === undefined) {
    const paths = unique(expr.paths.flatMap((path) => binding.locate(path)));
    return paths.length === 0 ? MISSING : ({ ...expr, paths } satisfies Raw);
  }
  return mapChildren(expr, (child) => relocate(child, binding));
}

/** A dotted name as a flat key, and as a path. */
function dotted(name: string): string[][] {
  return name.includes('.') ? [[name], name.split('.')] : [[name]];
}

function unique(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}
