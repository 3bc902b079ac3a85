import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { and, FALSE, field as fieldExpr, match, not, or, TRUE } from '../../ir/construct.ts';
import type { Expr, WildcardPart } from '../../ir/expr.ts';
import type { Schema } from '../../ir/view.ts';
import { type KueryQuery, type KueryTerm, lowerKuery, type Target, targetOf } from '../../languages/kuery/index.ts';
import {
  kindInWords,
  type Located,
  type LocatedEntry,
  type LocatedTable,
  type LocatedText,
  scalarText,
} from '../source/located.ts';
import { KuerySearch } from './field-search.ts';
import { nestedQuery } from './nested.ts';
import { lowerOverFields } from './over-fields.ts';

/** What a rule's filters come to. */
export interface Filters {
  readonly conditions: readonly Expr[];
  /** With an error, the conditions are not the whole truth and the rule must not run. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Kibana's `filters`: Elasticsearch queries that are added to a rule's own. Each is expressed exactly or reported:
 * `unsupported/elastic-filter` for what has no expression yet, `elastic/bad-filter` for what Elasticsearch would refuse.
 */
export function lowerFilters(filters: readonly LocatedTable[], schema: Schema): Filters {
  const lowering = new FilterLowering(schema);
  const conditions: Expr[] = [];
  for (const filter of filters) {
    const meta = filter.entries.get('meta')?.value;
    if (flag(meta, 'disabled')) continue;
    const condition = lowering.filter(filter);
    conditions.push(flag(meta, 'negate') ? not(condition, filter.span) : condition);
  }
  return { conditions, diagnostics: lowering.diagnostics };
}

/** A wildcard query on a field: `*`, `?`, and a backslash before a character that stands for itself. */
export function lowerWildcard(
  field: LocatedText,
  pattern: LocatedText,
  schema: Schema,
): { readonly condition: Expr; readonly diagnostics: readonly Diagnostic[] } {
  const lowering = new FilterLowering(schema);
  const condition = lowering.pattern(field, pattern);
  return { condition, diagnostics: lowering.diagnostics };
}

function flag(meta: Located | undefined, key: string): boolean {
  const value = meta?.kind === 'table' ? meta.entries.get(key)?.value : undefined;
  return value?.kind === 'boolean' && value.value;
}

class FilterLowering {
  private readonly found: Diagnostic[] = [];
  private readonly schema: Schema;
  private readonly search: KuerySearch;

  constructor(schema: Schema) {
    this.schema = schema;
    this.search = new KuerySearch(schema);
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.found, ...this.search.diagnostics];
  }

  /** The query stands under `query`; before Kibana 7.14 some kinds stood beside `meta`. */
  filter(filter: LocatedTable): Expr {
    const query = filter.entries.get('query')?.value;
    if (query !== undefined) return this.query(query);
    const own = [...filter.entries].filter(([key]) => key !== 'meta' && key !== '$state');
    if (own.length === 0) return this.refused('a filter has no query', filter.span);
    return this.query({ kind: 'table', entries: new Map(own), span: filter.span });
  }

  pattern(field: LocatedText, { value, span }: LocatedText): Expr {
    return this.wildcard(field, this.wildcardParts(value, span), NO_OPTIONS, span);
  }

  private query(query: Located): Expr {
    if (query.kind !== 'table') return this.refused(`a query must be a table, found ${kindInWords(query)}`, query.span);
    const [first, ...more] = query.entries;
    if (first === undefined || more.length > 0) {
      return this.refused('a query must have exactly one kind', query.span);
    }
    const [kind, { value, keySpan }] = first;
    if (value.kind !== 'table') return this.refused(`\`${kind}\` must be a table`, value.span);
    switch (kind) {
      case 'match_all':
        return TRUE;
      case 'match_none':
        return FALSE;
      case 'exists':
        return this.exists(value);
      case 'bool':
        return this.bool(value);
      case 'match':
      case 'match_phrase':
        return this.onField(value, ['query'], (field, given, options) => {
          const isPhrase = kind === 'match_phrase' || textOf(options.get('type')) === 'phrase';
          const others = [...options].filter(([key]) => key !== 'type' && key !== 'lenient' && key !== 'operator');
          const isEvery = textOf(options.get('operator'))?.toLowerCase() === 'and';
          if (others.length > 0) return this.unsupported(`\`${others[0]?.[0]}\` in \`${kind}\``, value.span);
          const words = isEvery && !isPhrase && this.isText(field) ? given.split(/\s+/) : [given];
          return and(
            words.map((word) => this.kuery(field, { kind: 'text', text: word, quoted: isPhrase, span: value.span })),
            value.span,
          );
        });
      case 'term':
        return this.onField(value, ['value'], (field, given, options) => this.term(field, given, options, value.span));
      case 'terms':
        return this.terms(value);
      case 'prefix':
        return this.onField(value, ['value'], (field, given, options) =>
          this.wildcard(field, [{ text: given }, { any: 'many' }], options, value.span),
        );
      case 'wildcard':
        return this.onField(value, ['value', 'wildcard'], (field, given, options) =>
          this.wildcard(field, this.wildcardParts(given, value.span), options, value.span),
        );
      case 'range':
        return this.range(value);
      case 'regexp':
        return this.onField(value, ['value'], (field, given, options) =>
          this.regexp(field, given, options, value.span),
        );
      case 'ids':
        return this.ids(value);
      case 'nested':
        return this.nested(value);
      case 'multi_match':
      case 'query_string':
        return this.overFields(kind, value);
      case 'constant_score': {
        const filter = value.entries.get('filter')?.value;
        return filter === undefined ? this.refused('`constant_score` needs `filter`', value.span) : this.query(filter);
      }
      default:
        return this.unsupported(`\`${kind}\` query`, keySpan);
    }
  }

  private exists(body: LocatedTable): Expr {
    const name = body.entries.get('field')?.value;
    if (name?.kind !== 'string' || body.entries.size > 1) return this.refused('`exists` needs `field`', body.span);
    return this.kuery(name, { kind: 'wildcard', parts: [{ any: 'many' }], span: name.span });
  }

  private bool(body: LocatedTable): Expr {
    const must: Expr[] = [];
    const should: Expr[] = [];
    let least: number | undefined;
    for (const [key, { value, keySpan }] of body.entries) {
      const queries = value.kind === 'list' ? value.items : [value];
      switch (key) {
        case 'must':
        case 'filter':
          must.push(...queries.map((query) => this.query(query)));
          break;
        case 'must_not':
          must.push(...queries.map((query) => not(this.query(query), query.span)));
          break;
        case 'should':
          should.push(...queries.map((query) => this.query(query)));
          break;
        case 'minimum_should_match':
          least = value.kind === 'number' || value.kind === 'string' ? Number(value.value) : Number.NaN;
          break;
        case 'boost':
          break;
        default:
          return this.unsupported(`\`${key}\` in \`bool\``, keySpan);
      }
    }
    // Without `must` and `filter` at least one `should` has to fit, with them none.
    const bare = !body.entries.has('must') && !body.entries.has('filter');
    const needed = least ?? (bare && should.length > 0 ? 1 : 0);
    if (!Number.isInteger(needed) || needed < 0) {
      return this.unsupported('`minimum_should_match` that is no number of clauses', body.span);
    }
    if (needed === 1) must.push(or(should, body.span));
    else if (needed > 1) must.push({ kind: 'at-least', count: needed, of: should, span: body.span });
    return and(must, body.span);
  }

  private terms(body: LocatedTable): Expr {
    const fields = [...body.entries].filter(([key]) => key !== 'boost');
    const [only] = fields;
    if (only === undefined || fields.length > 1) return this.refused('`terms` needs exactly one field', body.span);
    const [name, entry] = only;
    if (entry.value.kind !== 'list') return this.unsupported('`terms` that looks its values up', entry.value.span);
    const field = nameOf(name, entry);
    const any = entry.value.items.map((item) => {
      const given = scalarText(item);
      if (given === undefined) return this.refused(`a term must be a scalar, found ${kindInWords(item)}`, item.span);
      return this.term(field, given, NO_OPTIONS, item.span);
    });
    return or(any, body.span);
  }

  private term(field: LocatedText, given: string, options: Options, span: Span): Expr {
    const target = targetOf(field.value, field.span, this.schema, undefined);
    if (target.family === 'text') return this.unsupported(`\`term\` on the ${target.type} field ${field.value}`, span);
    const foldsCase = this.foldsCase(options, span);
    if (!foldsCase) return this.kuery(field, { kind: 'text', text: given, quoted: true, span });
    return match(target.subject, { kind: 'equals', value: given }, { collation: 'ignore-case', span });
  }

  private wildcard(field: LocatedText, parts: readonly WildcardPart[], options: Options, span: Span): Expr {
    const target = targetOf(field.value, field.span, this.schema, undefined);
    const collation = this.foldsCase(options, span) ? 'ignore-case' : target.collation;
    if (target.family === 'text')
      return match(target.subject, { kind: 'token-wildcard', parts, ...target.analyzer }, { span });
    if (!takesWildcards(target)) {
      return this.refused(`the ${target.type} field ${field.value} takes no wildcard`, span);
    }
    return match(target.subject, { kind: 'wildcard', parts }, { collation, span });
  }

  private regexp(field: LocatedText, given: string, options: Options, span: Span): Expr {
    const flags = textOf(options.get('flags')) ?? 'ALL';
    if (flags !== 'ALL') return this.unsupported(`\`flags\` of ${flags} in \`regexp\``, span);
    const rest = new Map([...options].filter(([key]) => key !== 'flags' && key !== 'max_determinized_states'));
    const found = this.search.regex([{ text: field.value }], given, span);
    return this.foldsCase(rest, span) && found.kind === 'match' ? { ...found, collation: 'ignore-case' } : found;
  }

  private ids(body: LocatedTable): Expr {
    const values = body.entries.get('values')?.value;
    const items = values?.kind === 'list' ? values.items : values === undefined ? [] : [values];
    const ids = items.flatMap((item) => scalarText(item) ?? []);
    if (ids.length !== items.length || ids.length === 0) return this.refused('`ids` needs `values`', body.span);
    return match(fieldExpr('_id', body.span), { kind: 'one-of', values: ids }, { span: body.span });
  }

  private overFields(kind: 'query_string' | 'multi_match', body: LocatedTable): Expr {
    const { condition, diagnostics } = lowerOverFields(kind, body, this.search);
    this.found.push(...diagnostics);
    return condition;
  }

  /** One element of a list of maps has to fit the query, whose fields are written with the path before them. */
  private nested(body: LocatedTable): Expr {
    const path = body.entries.get('path')?.value;
    const query = body.entries.get('query')?.value;
    if (path?.kind !== 'string' || query === undefined)
      return this.refused('`nested` needs `path` and `query`', body.span);
    const inner = nestedQuery(query, path.value);
    if (inner === undefined) return this.unsupported('this query inside `nested`', query.span);
    return this.lower({ kind: 'nested', path: kueryField(path), query: inner, span: body.span });
  }

  private isText(field: LocatedText): boolean {
    return targetOf(field.value, field.span, this.schema, undefined).family === 'text';
  }

  private foldsCase(options: Options, span: Span): boolean {
    for (const [key, { value }] of options) {
      if (key === 'case_insensitive' && value.kind === 'boolean') continue;
      this.unsupported(`option \`${key}\``, span);
    }
    const found = options.get('case_insensitive')?.value;
    return found?.kind === 'boolean' && found.value;
  }

  /** `*`, `?`, and a backslash before a character that stands for itself. */
  private wildcardParts(pattern: string, span: Span): readonly WildcardPart[] {
    const parts: WildcardPart[] = [];
    let pending = '';
    let warned = false;
    const flush = (): void => {
      if (pending !== '') parts.push({ text: pending });
      pending = '';
    };
    for (let at = 0; at < pattern.length; at += 1) {
      const character = pattern[at] ?? '';
      const next = pattern[at + 1];
      if (character === '\\' && next !== undefined) {
        if (!warned && !'\\*?'.includes(next)) {
          warned = true;
          const params = { value: pattern, escape: character + next };
          this.found.push(diagnostic('elastic/filter-escape', params, span));
        }
        pending += next;
        at += 1;
      } else if (character === '*' || character === '?') {
        flush();
        parts.push({ any: character === '*' ? 'many' : 'one' });
      } else {
        pending += character;
      }
    }
    flush();
    return parts;
  }

  private range(body: LocatedTable): Expr {
    const [first, ...more] = body.entries;
    if (first === undefined || more.length > 0) return this.refused('`range` needs exactly one field', body.span);
    const [name, entry] = first;
    if (entry.value.kind !== 'table') return this.refused('`range` needs bounds', entry.value.span);
    const field = nameOf(name, entry);
    const bounds: { low?: RangeBound; high?: RangeBound } = {};
    for (const [key, { value, keySpan }] of entry.value.entries) {
      const given = scalarText(value);
      // Its only format that changes nothing: the one that is read anyway.
      if ((key === 'format' && given === 'strict_date_optional_time') || key === 'boost') continue;
      const side = RANGE_SIDES.get(key);
      if (side === undefined) return this.unsupported(`\`${key}\` in \`range\``, keySpan);
      // Kibana's form writes null for an end that is open.
      if (value.kind === 'null') continue;
      if (given === undefined) return this.refused(`a bound must be a scalar, found ${kindInWords(value)}`, value.span);
      bounds[side] = { text: given, inclusive: key.endsWith('e') };
    }
    const { low, high } = bounds;
    return this.search.range([{ text: field.value }], { low, high }, body.span);
  }

  /** A body `{field: value}` or `{field: {key: value, …options}}`. */
  private onField(
    body: LocatedTable,
    keys: readonly string[],
    made: (field: LocatedText, given: string, options: Options) => Expr,
  ): Expr {
    const [first, ...more] = body.entries;
    if (first === undefined || more.length > 0) return this.refused('a query needs exactly one field', body.span);
    const [name, entry] = first;
    const field = nameOf(name, entry);
    const plain = scalarText(entry.value);
    if (plain !== undefined) return made(field, plain, NO_OPTIONS);
    if (entry.value.kind !== 'table') return this.refused(`\`${name}\` must have a value`, entry.value.span);
    const options = new Map(entry.value.entries);
    for (const key of keys) {
      const value = options.get(key)?.value;
      const given = value && scalarText(value);
      if (given === undefined) continue;
      for (const unused of [key, 'boost', 'rewrite']) options.delete(unused);
      return made(field, given, options);
    }
    return this.refused(`\`${name}\` needs \`${keys[0] ?? 'value'}\``, entry.value.span);
  }

  private kuery(field: LocatedText, value: KueryTerm): Expr {
    return this.lower({ kind: 'is', field: kueryField(field), value, span: value.span });
  }

  private lower(query: KueryQuery): Expr {
    const lowered = lowerKuery(query, this.schema);
    this.found.push(...lowered.diagnostics);
    return lowered.ok ? lowered.value : FALSE;
  }

  private unsupported(what: string, span: Span): Expr {
    this.found.push(diagnostic('unsupported/elastic-filter', { what }, span));
    return FALSE;
  }

  private refused(reason: string, span: Span): Expr {
    this.found.push(diagnostic('elastic/bad-filter', { reason }, span));
    return FALSE;
  }
}

type Options = ReadonlyMap<string, LocatedEntry>;

const NO_OPTIONS: Options = new Map();

interface RangeBound {
  readonly text: string;
  readonly inclusive: boolean;
}

const RANGE_SIDES: ReadonlyMap<string, 'low' | 'high'> = new Map([
  ['lt', 'high'],
  ['lte', 'high'],
  ['gt', 'low'],
  ['gte', 'low'],
]);

function textOf(entry: LocatedEntry | undefined): string | undefined {
  return entry?.value.kind === 'string' ? entry.value.value : undefined;
}

function takesWildcards(target: Target): boolean {
  return target.family === 'keyword' || target.family === 'whole' || target.family === 'unknown';
}

function nameOf(name: string, entry: LocatedEntry): LocatedText {
  const span = entry.keySpan;
  return {
    kind: 'string',
    value: name,
    span,
    source: () => ({ name: span.source, text: name, span: () => span }),
    escape: (text) => text,
  };
}

function kueryField(name: LocatedText): { kind: 'field'; parts: readonly WildcardPart[]; quoted: true; span: Span } {
  return { kind: 'field', parts: [{ text: name.value }], quoted: true, span: name.span };
}
