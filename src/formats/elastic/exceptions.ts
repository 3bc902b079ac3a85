import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { and, call, FALSE, field, list, match, not, or, TRUE, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { oneOf } from '../../ir/one-of.ts';
import type { Schema } from '../../ir/view.ts';
import { type KueryQuery, lowerKuery, targetOf } from '../../languages/kuery/index.ts';
import { parseDateTime } from '../../values/date-time.ts';
import { kindInWords, type LocatedTable, type LocatedText, repeatedKeys } from '../source/located.ts';
import type { NearRules } from './beside.ts';
import { KuerySearch } from './field-search.ts';
import { RuleFields } from './fields.ts';
import { lowerWildcard } from './filters.ts';

/** The exception items of an export, by the list that they are in. A list may be empty. */
export type ExceptionLists = ReadonlyMap<string, readonly LocatedTable[]>;

/** What Elastic keeps beside rules. */
export interface BesideRules {
  readonly lists: ExceptionLists;
  /** Exceptions of no list: they hold for every rule. */
  readonly forAll: readonly LocatedTable[];
  /** The values of a value list by its id. */
  readonly valuesOf: (id: string) => readonly string[] | undefined;
}

/** A value list as text: one value a line. */
export function valueLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The values of value lists among the objects of a file: items of Kibana's API for lists, by the list that they are in. */
export function readValueLists(tables: readonly LocatedTable[]): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (const table of tables) {
    const id = textAt(table, 'list_id');
    const value = textAt(table, 'value');
    if (id === undefined || value === undefined || table.entries.has('entries')) continue;
    const values = lists.get(id) ?? [];
    lists.set(id, values);
    values.push(value);
  }
  return lists;
}

/** A file's exceptions: those that belong to lists, and those of none. */
export function readBeside(tables: readonly LocatedTable[]): Pick<BesideRules, 'lists' | 'forAll'> {
  return {
    lists: readExceptionLists(tables),
    forAll: tables.filter((table) => table.entries.has('entries') && keyOf(table) === undefined),
  };
}

/** What the exceptions of a rule come to. */
export interface Exceptions {
  /** True of events that are excepted; undefined where no item is known. */
  readonly condition: Expr | undefined;
  /** Lists that are not in the file. */
  readonly elsewhere: readonly string[];
  /** With an error, the condition is not the whole truth and the rule must not run. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The exception lists among the objects of an export: containers, which name a list, and items, which belong to one. */
export function readExceptionLists(tables: readonly LocatedTable[]): ExceptionLists {
  const lists = new Map<string, LocatedTable[]>();
  for (const table of tables) {
    const key = keyOf(table);
    if (key === undefined || table.entries.has('value')) continue;
    const items = lists.get(key) ?? [];
    lists.set(key, items);
    if (table.entries.has('item_id') || table.entries.has('entries')) items.push(table);
  }
  return lists;
}

/** Lists are known by their id within a namespace: one space of Kibana, or all. */
function keyOf(table: LocatedTable): string | undefined {
  const id = textAt(table, 'list_id');
  return id === undefined ? undefined : `${textAt(table, 'namespace_type') ?? 'single'}\0${id}`;
}

function textAt(table: LocatedTable, key: string): string | undefined {
  const value = table.entries.get(key)?.value;
  return value?.kind === 'string' ? value.value : undefined;
}

/**
 * The exceptions that a rule's `exceptions_list` refers to, and those of no list (`forAll`). An event is excepted when any item of any
 * list fits it.
 */
export function readExceptions(
  fields: RuleFields,
  forAll: readonly LocatedTable[],
  near: NearRules,
  schema: Schema,
): Exceptions {
  const reader = new ExceptionReader(schema, near.valuesOf);
  const conditions: Expr[] = forAll.map((item) => reader.item(item));
  const elsewhere: string[] = [];
  for (const reference of fields.tables('exceptions_list')) {
    const items = near.lists(keyOf(reference) ?? '');
    if (items === undefined) elsewhere.push(textAt(reference, 'list_id') ?? textAt(reference, 'id') ?? 'unnamed');
    else conditions.push(...items.map((item) => reader.item(item)));
  }
  const span = fields.get('exceptions_list')?.span;
  const unknown =
    elsewhere.length === 0 ? [] : [diagnostic('elastic/exceptions-not-applied', { lists: elsewhere }, span)];
  return {
    condition: conditions.length === 0 ? undefined : or(conditions, span),
    elsewhere: [...elsewhere, ...reader.missingLists],
    diagnostics: [...unknown, ...reader.diagnostics],
  };
}

/** Reads items as Kibana's detection engine builds its filter of them: all entries of an item must fit. */
class ExceptionReader {
  readonly diagnostics: Diagnostic[] = [];
  /** Lists of values that nobody gave: an item that asks for one excepts nothing. */
  readonly missingLists: string[] = [];
  private readonly schema: Schema;
  private readonly valuesOf: BesideRules['valuesOf'];

  constructor(schema: Schema, valuesOf: BesideRules['valuesOf'] = () => undefined) {
    this.schema = schema;
    this.valuesOf = valuesOf;
  }

  item(item: LocatedTable): Expr {
    const fields = new RuleFields(item, item.span);
    const missing = this.missingLists.length;
    const entries = fields.tables('entries').map((entry) => this.entry(entry));
    const systems = fields.texts('os_types').map((system) => this.system(system));
    const expiry = fields.located('expire_time');
    this.diagnostics.push(...fields.diagnostics);
    for (const { key, span } of repeatedKeys(item)) {
      this.diagnostics.push(diagnostic('elastic/repeated-key', { key }, span));
    }
    if (entries.length === 0) return this.refused('an item without `entries`', item.span);
    if (this.missingLists.length > missing) return FALSE;
    const parts = [...entries, ...(systems.length > 0 ? [or(systems)] : [])];
    return and([...parts, ...(expiry === undefined ? [] : [this.before(expiry)])], item.span);
  }

  /** For operating systems, Kibana asks for either of two fields. */
  private system(name: string): Expr {
    const folded = match(field('host.os.name'), { kind: 'equals', value: name }, { collation: 'ignore-case' });
    return or([match(field('host.os.type'), { kind: 'equals', value: name }), folded]);
  }

  /** Kibana leaves out an item that has expired when a rule runs. */
  private before({ value, span }: LocatedText): Expr {
    if (parseDateTime(value) === undefined) {
      return this.refused(`\`expire_time\` must be a time, found \`${value}\``, span);
    }
    return call('elastic.date-range', [text(value, span), text('>'), text('now')], span);
  }

  private entry(entry: LocatedTable): Expr {
    const fields = new RuleFields(entry, entry.span);
    const name = fields.required('field');
    const type = fields.required('type');
    const operator = fields.text('operator') ?? 'included';
    this.diagnostics.push(...fields.diagnostics);
    if (name === undefined || type === undefined) return FALSE;
    if (operator !== 'included' && operator !== 'excluded') {
      return this.refused(`\`operator\` must be included or excluded, found \`${operator}\``, entry.span);
    }
    const condition = this.condition(name, type, entry);
    return operator === 'excluded' ? not(condition, entry.span) : condition;
  }

  private condition(name: LocatedText, type: LocatedText, entry: LocatedTable): Expr {
    switch (type.value) {
      case 'match':
      case 'match_any':
      case 'exists':
        return this.simple(name, type, entry, (query) => this.lower(query));
      case 'wildcard':
        return or(
          this.values(entry).map((value) => {
            const lowered = lowerWildcard(name, value, this.schema);
            this.diagnostics.push(...lowered.diagnostics);
            return lowered.condition;
          }),
          entry.span,
        );
      case 'nested':
        return this.nested(name, entry);
      case 'list':
        return this.listed(name, entry);
      default:
        return this.refused(`an entry has no type \`${type.value}\``, type.span);
    }
  }

  /** The entries that are queries of kuery too: a value is a phrase, as in quotes. */
  private simple(name: LocatedText, type: LocatedText, entry: LocatedTable, made: (query: KueryQuery) => Expr): Expr {
    const { span } = entry;
    const at = kueryField(name.value, name.span);
    if (type.value === 'exists') {
      return made({ kind: 'is', field: at, value: { kind: 'wildcard', parts: [{ any: 'many' }], span }, span });
    }
    const items = this.values(entry).map((value) => made(phrase(at, value)));
    return or(items, span);
  }

  /** The values of a list: each is looked for as in `match`, and a list of ranges of addresses holds all addresses in them. */
  private listed(name: LocatedText, entry: LocatedTable): Expr {
    const fields = new RuleFields(entry, entry.span);
    const table = fields.innerTable('list');
    const inner = new RuleFields(table ?? entry, entry.span);
    const id = table && inner.required('id');
    const type = inner.text('type') ?? 'keyword';
    if (table === undefined) fields.missing('list');
    this.diagnostics.push(...fields.diagnostics, ...inner.diagnostics);
    if (id === undefined) return FALSE;
    const values = this.valuesOf(id.value);
    if (values === undefined) {
      this.missingLists.push(id.value);
      this.diagnostics.push(diagnostic('elastic/value-list-not-given', { list: id.value }, id.span));
      return FALSE;
    }
    if (type === 'text') return this.listedText(name, values, entry.span);
    const at = kueryField(name.value, name.span);
    const search = new KuerySearch(this.schema);
    const items = values.map((value) => {
      const range = type.endsWith('_range') ? RANGE.exec(value) : null;
      if (range === null) return this.lower(phraseOf(at, value, entry.span));
      const [low = '', high = ''] = range.slice(1).flatMap((bound) => bound?.trim() ?? []);
      const bounds = { low: { text: low, inclusive: true }, high: { text: high, inclusive: true } };
      return search.range([{ text: name.value }], bounds, entry.span);
    });
    this.diagnostics.push(...search.diagnostics);
    return items.length === 0 ? FALSE : oneOf(items, entry.span);
  }

  /** Lists of texts are searched for what the event holds: a list's text with all its words is found. */
  private listedText(name: LocatedText, values: readonly string[], span: Span): Expr {
    const { subject } = targetOf(name.value, name.span, this.schema, undefined);
    return call('elastic.words-in', [subject, list(values.map((value) => text(value, span)))], span);
  }

  /** One element of a list of maps has to fit all entries. */
  private nested(path: LocatedText, entry: LocatedTable): Expr {
    const fields = new RuleFields(entry, entry.span);
    const queries: KueryQuery[] = [];
    for (const inner of fields.tables('entries')) {
      const query = this.inside(inner);
      if (query === undefined) return FALSE;
      queries.push(query);
    }
    this.diagnostics.push(...fields.diagnostics);
    if (queries.length === 0) return this.refused('a nested entry without `entries`', entry.span);
    const { span } = entry;
    return this.lower({
      kind: 'nested',
      path: kueryField(path.value, path.span),
      query: { kind: 'and', items: queries, span },
      span,
    });
  }

  private inside(entry: LocatedTable): KueryQuery | undefined {
    const fields = new RuleFields(entry, entry.span);
    const name = fields.required('field');
    const type = fields.required('type');
    const isExcluded = fields.text('operator') === 'excluded';
    this.diagnostics.push(...fields.diagnostics);
    if (name === undefined || type === undefined) return undefined;
    if (type.value !== 'match' && type.value !== 'match_any' && type.value !== 'exists') {
      this.unsupported(`an entry of type \`${type.value}\` inside a nested one`, type.span);
      return undefined;
    }
    const items: KueryQuery[] = [];
    this.simple(name, type, entry, (query) => {
      items.push(query);
      return TRUE;
    });
    const query: KueryQuery = { kind: 'or', items, span: entry.span };
    return isExcluded ? { kind: 'not', item: query, span: entry.span } : query;
  }

  /** `value`: one text, or several. */
  private values(entry: LocatedTable): readonly LocatedText[] {
    const value = entry.entries.get('value')?.value;
    const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
    const texts = items.filter((item): item is LocatedText => item.kind === 'string');
    const wrong = items.find((item) => item.kind !== 'string');
    if (wrong !== undefined) this.refused(`\`value\` must be text, found ${kindInWords(wrong)}`, wrong.span);
    else if (texts.length === 0) this.refused('an entry without `value`', entry.span);
    return texts;
  }

  private lower(query: KueryQuery): Expr {
    const lowered = lowerKuery(query, this.schema);
    this.diagnostics.push(...lowered.diagnostics);
    return lowered.ok ? lowered.value : FALSE;
  }

  private unsupported(what: string, span: Span): Expr {
    this.diagnostics.push(diagnostic('unsupported/elastic-exception', { what }, span));
    return FALSE;
  }

  private refused(reason: string, span: Span): Expr {
    this.diagnostics.push(diagnostic('elastic/bad-exception', { reason }, span));
    return FALSE;
  }
}

/** `1-3`, `10.0.0.1 - 10.0.0.9`, and for dates `2020-01-01,2020-02-01`. */
const RANGE = /^(-?[^,-]+)-((?:\s*-)?[^,-]+)$|^([^,]+),([^,]+)$/;

type KueryIs = KueryQuery & { kind: 'is' };

function kueryField(name: string, span: Span): KueryIs['field'] {
  return { kind: 'field', parts: [{ text: name }], quoted: true, span };
}

function phrase(at: KueryIs['field'], { value, span }: LocatedText): KueryQuery {
  return phraseOf(at, value, span);
}

function phraseOf(at: KueryIs['field'], value: string, span: Span): KueryQuery {
  return { kind: 'is', field: at, value: { kind: 'text', text: value, quoted: true, span }, span };
}
