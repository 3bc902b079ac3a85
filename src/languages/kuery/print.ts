import { strip, stripEnd } from '../../base/strip.ts';
import type { WildcardPart } from '../../ir/expr.ts';
import type { KueryField, KueryQuery, KueryTerm, KueryValue } from './ast.ts';

/** The query as text that parses to the same tree, with no bracket more than that needs. */
export function printKuery(ast: KueryQuery): string {
  switch (ast.kind) {
    case 'everything':
    case 'error':
      return '';
    case 'or':
      return ast.items.map((item) => inBrackets(printKuery(item), item.kind === 'or')).join(' or ');
    case 'and':
      return ast.items
        .map((item) => inBrackets(printKuery(item), item.kind === 'or' || item.kind === 'and'))
        .join(' and ');
    case 'not': {
      const { item } = ast;
      return `not ${inBrackets(printKuery(item), item.kind === 'or' || item.kind === 'and' || item.kind === 'not')}`;
    }
    case 'is': {
      const { value } = ast;
      const list = value.kind === 'or' || value.kind === 'and' || value.kind === 'not';
      return `${printField(ast.field)}:${inBrackets(printValue(value), list)}`;
    }
    case 'free-text':
      return printTerm(ast.value);
    case 'range':
      return `${printField(ast.field)} ${ast.op} ${printTerm(ast.value)}`;
    case 'nested':
      return `${printField(ast.path)}:{ ${printKuery(ast.query)} }`;
  }
}

function printValue(value: KueryValue): string {
  switch (value.kind) {
    case 'or':
      return value.items.map((item) => inBrackets(printValue(item), item.kind === 'or')).join(' or ');
    case 'and':
      return value.items
        .map((item) => inBrackets(printValue(item), item.kind === 'or' || item.kind === 'and'))
        .join(' and ');
    case 'not': {
      const { item } = value;
      return `not ${inBrackets(printValue(item), item.kind === 'or' || item.kind === 'and' || item.kind === 'not')}`;
    }
    case 'error':
      return '';
    case 'text':
    case 'wildcard':
    case 'constant':
      return printTerm(value);
  }
}

function printTerm(term: KueryTerm): string {
  switch (term.kind) {
    case 'text':
      return term.quoted ? printQuoted(term.text) : printWord([{ text: term.text }]);
    case 'wildcard':
      return printWord(term.parts);
    case 'constant':
      return String(term.value);
  }
}

function printField(field: KueryField): string {
  if (!field.quoted) return printWord(field.parts);
  return printQuoted(field.parts.map((part) => ('text' in part ? part.text : '')).join(''));
}

/** A literal in quotes. */
function printQuoted(text: string): string {
  return `"${text.replace(/[\\"]/g, (special) => `\\${special}`)}"`;
}

/** An unquoted value: special characters and keywords escaped, `*` for any run of characters. */
export function printWord(parts: readonly WildcardPart[]): string {
  let printed = '';
  for (const part of parts) {
    if (!('text' in part)) {
      printed += '*';
      continue;
    }
    printed += part.text.replace(/[\\():<>"*{}]/g, (special) => `\\${special}`);
  }
  printed = printed.replace(/(?<=^|[ \t\r\n\u00a0])(and|or|not)(?=$|[ \t\r\n\u00a0])/gi, (keyword) => `\\${keyword}`);
  return escapeOuterSpace(printed);
}

const SPACE = ' \t\r\n\u00a0';

/** Space at the ends of a value can only stand there escaped; a plain blank cannot at all and is written `\u0020`. */
function escapeOuterSpace(printed: string): string {
  const rest = stripEnd(printed, SPACE);
  const inner = strip(rest, SPACE);
  return escaped(rest.slice(0, rest.length - inner.length)) + inner + escaped(printed.slice(rest.length));
}

function escaped(space: string): string {
  return [...space].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

function inBrackets(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}
