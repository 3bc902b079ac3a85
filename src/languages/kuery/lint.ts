import { type Diagnostic, diagnostic, type Fix } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { WildcardPart } from '../../ir/expr.ts';
import { lackedName, outsideClosedList } from '../../ir/schema-names.ts';
import type { Schema } from '../../ir/view.ts';
import { compileWildcard } from '../../ir/wildcard.ts';
import { isLoneStar, type KueryField, type KueryQuery, type KueryTerm, type KueryValue, plainName } from './ast.ts';
import { lintClauses } from './lint-clauses.ts';
import { splitAtSpaces } from './lower-term.ts';
import type { KueryParse } from './parser.ts';
import { printWord } from './print.ts';

/**
 * What is legal and yet most likely not meant. The query's own parse and lowering say what is wrong; this says what is
 * suspicious: wildcards in quotes, wildcards that Kibana cuts at spaces, fields that cannot be there.
 */
export function lintKuery({ ast, capitals }: KueryParse, schema: Schema): readonly Diagnostic[] {
  const lint = new Lint(schema);
  lint.query(ast, '');
  return [...capitals.map(capitalKeyword), ...lint.diagnostics, ...lintClauses(ast)];
}

function capitalKeyword(span: Span): Diagnostic {
  return diagnostic('kuery/capital-keyword', {}, span);
}

class Lint {
  readonly diagnostics: Diagnostic[] = [];
  private readonly schema: Schema;

  constructor(schema: Schema) {
    this.schema = schema;
  }

  /** `prefix` is the path of the braces around, with its dot. */
  query(ast: KueryQuery, prefix: string): void {
    switch (ast.kind) {
      case 'everything':
      case 'error':
        return;
      case 'or':
      case 'and':
        for (const item of ast.items) this.query(item, prefix);
        return;
      case 'not':
        this.query(ast.item, prefix);
        return;
      case 'is':
        this.field(ast.field, prefix);
        this.mixedTypes(ast.field, prefix);
        this.value(ast.value, ast.field, prefix);
        return;
      case 'free-text':
        this.term(ast.value, undefined);
        this.freeText(ast.value);
        return;
      case 'range':
        this.field(ast.field, prefix);
        this.numberAsDate(ast.value, nameIn(prefix, ast.field));
        return;
      case 'nested': {
        const name = plainName(ast.path);
        this.query(ast.query, name === undefined ? prefix : `${prefix}${name}.`);
      }
    }
  }

  private field(field: KueryField, prefix: string): void {
    const name = plainName(field);
    if (name === undefined) return;
    const full = prefix + name;
    const suggestions = lackedName(full, this.schema);
    if (suggestions === undefined) return;
    const [best] = suggestions;
    const fixes: Fix[] = [];
    if (best !== undefined && suggestions.length === 1 && best.startsWith(prefix)) {
      const edits = [{ span: field.span, text: printWord([{ text: best.slice(prefix.length) }]) }];
      fixes.push({ title: `Use \`${best}\``, edits });
    }
    this.diagnostics.push(diagnostic('kuery/unknown-field', { field: full, suggestions }, field.span, { fixes }));
  }

  private value(value: KueryValue, field: KueryField, prefix: string): void {
    switch (value.kind) {
      case 'or':
      case 'and':
        for (const item of value.items) this.value(item, field, prefix);
        return;
      case 'not':
        this.value(value.item, field, prefix);
        return;
      case 'error':
        return;
      case 'text':
      case 'wildcard':
      case 'constant': {
        this.numberAsDate(value, nameIn(prefix, field));
        this.term(value, nameIn(prefix, field));
      }
    }
  }

  /** A number that Elasticsearch takes for milliseconds, and that would be a moment of 1970. */
  private numberAsDate(term: KueryTerm, field: string | undefined): void {
    if (term.kind !== 'text' || field === undefined || !isEarlyNumber(term.text)) return;
    const type = this.schema.typeOf(field);
    if (type !== 'date' && type !== 'datetime') return;
    this.diagnostics.push(diagnostic('kuery/number-as-date', { field, value: term.text }, term.span));
  }

  /** A wildcard in a field's name that stands for fields of which each reads the value in another way. */
  private mixedTypes({ parts, span }: KueryField, prefix: string): void {
    if (isLoneStar(parts) || parts.every((part) => 'text' in part)) return;
    const fits = compileWildcard([{ text: prefix }, ...parts], false);
    const types = new Set<string>();
    for (const name of this.schema.fieldNames() ?? []) if (fits(name)) types.add(readAs(this.schema.typeOf(name)));
    if (types.size < 2) return;
    const field = parts.map((part) => ('text' in part ? part.text : '*')).join('');
    this.diagnostics.push(diagnostic('kuery/mixed-types', { field, types: [...types].sort() }, span));
  }

  /** `event.action failed`: the name of a field that no colon follows. */
  private freeText(term: KueryTerm): void {
    if (term.kind === 'constant' || (term.kind === 'text' && term.quoted)) return;
    const text = term.kind === 'text' ? term.text : printWord(term.parts);
    const field = /^(\S+)\s+\S/.exec(text)?.[1];
    if (field === undefined || !field.includes('.') || this.schema.typeOf(field) === undefined) return;
    this.diagnostics.push(diagnostic('kuery/missing-colon', { field, text }, term.span));
  }

  private term(term: KueryTerm, field: string | undefined): void {
    if (term.kind === 'text') {
      if (field !== undefined) this.diagnostics.push(...outsideClosedList(field, term.text, term.span, this.schema));
      if (term.quoted && meansWildcard(term.text)) this.quotedWildcard(term.text, term, field);
      return;
    }
    if (term.kind !== 'wildcard' || field === undefined) return;
    const type = this.splits(field);
    if (type === undefined || splitAtSpaces(term.parts).length < 2) return;
    this.diagnostics.push(diagnostic('kuery/split-wildcard', { value: printWord(term.parts), type }, term.span));
  }

  /** The field's type, if wildcards in it are cut at spaces. */
  private splits(field: string): string | undefined {
    const type = this.schema.typeOf(field);
    const whole = type === 'wildcard' || type === 'constant_keyword' || type === 'flattened';
    return whole || type === 'text' || type === 'match_only_text' ? type : undefined;
  }

  private quotedWildcard(value: string, term: KueryTerm, field: string | undefined): void {
    const fixes: Fix[] = [];
    const unquoted = withoutQuotes(value);
    // Where Kibana would cut it at the spaces, it would mean something else without quotes.
    const cut = /\s/.test(value) && (field === undefined || this.splits(field) !== undefined);
    if (unquoted !== undefined && !cut) {
      fixes.push({ title: 'Take the quotes off', edits: [{ span: term.span, text: unquoted }] });
    }
    this.diagnostics.push(diagnostic('kuery/quoted-wildcard', { value }, term.span, { fixes, label: 'plain text' }));
  }
}

/**
 * A star that someone will have meant as a wildcard. Not the value `*` alone: permissions are granted on "*", and whoever
 * looks for any value writes `field:*`. Not behind a backslash that escapes it, as unquoted values do; in a path the
 * backslash separates. Not in `\\\\*\\IPC$`: that is how Windows itself spells a share.
 */
function meansWildcard(value: string): boolean {
  if (value === '*' || /^\\\\\*\\/.test(value)) return false;
  const isPath = /\\(?!\*)/.test(value);
  return isPath ? value.includes('*') : /(?<!\\)\*/.test(value);
}

/** The value as an unquoted wildcard; undefined where quotes are needed to keep the spaces at its ends. */
function withoutQuotes(value: string): string | undefined {
  if (value.trim() !== value) return undefined;
  const parts: WildcardPart[] = [];
  const isPath = /\\(?!\*)/.test(value);
  for (const piece of value.split(isPath ? /(\*+)/ : /(\\\*|\*+)/)) {
    if (/^\*+$/.test(piece)) parts.push({ any: 'many' });
    else if (piece !== '') parts.push({ text: piece });
  }
  return printWord(parts);
}

function nameIn(prefix: string, field: KueryField): string | undefined {
  const name = plainName(field);
  return name === undefined ? undefined : prefix + name;
}

/** Milliseconds from 1970 to 1980. */
const EARLY = 315_532_800_000;

/** Four digits are a year. */
function isEarlyNumber(text: string): boolean {
  return /^-?\d+$/.test(text) && text.length !== 4 && Number(text) < EARLY;
}

/** What a value has to be for a field of a type. */
function readAs(type: ReturnType<Schema['typeOf']>): string {
  switch (type) {
    case 'long':
    case 'double':
    case 'int':
    case 'real':
    case 'decimal':
      return 'number';
    case 'date':
    case 'datetime':
      return 'date';
    case 'boolean':
    case 'bool':
      return 'boolean';
    case 'ip':
    case 'version':
    case 'geo_point':
    case 'timespan':
      return type;
    case 'keyword':
    case 'wildcard':
    case 'constant_keyword':
    case 'flattened':
    case 'text':
    case 'match_only_text':
    case 'string':
    case 'guid':
    case 'object':
    case 'nested':
    case 'dynamic':
    case undefined:
      return 'text';
  }
}
