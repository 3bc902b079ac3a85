import type { Span } from '../../base/span.ts';
import { type KueryQuery, plainName } from './ast.ts';

export interface NamedField {
  readonly name: string;
  readonly span: Span;
}

/** The fields that a query names without a wildcard, by their full names. */
export function fieldsOf(ast: KueryQuery, prefix = ''): readonly NamedField[] {
  switch (ast.kind) {
    case 'and':
    case 'or':
      return ast.items.flatMap((item) => fieldsOf(item, prefix));
    case 'not':
      return fieldsOf(ast.item, prefix);
    case 'is':
    case 'range': {
      const name = plainName(ast.field);
      return name === undefined ? [] : [{ name: prefix + name, span: ast.field.span }];
    }
    case 'nested': {
      const name = plainName(ast.path);
      return fieldsOf(ast.query, name === undefined ? prefix : `${prefix}${name}.`);
    }
    case 'free-text':
    case 'everything':
    case 'error':
      return [];
  }
}

/** Whether nothing can match a query that lacks one of some fields: a place where it asks for one, where there is such. */
export function needed(ast: KueryQuery, isMeant: (name: string) => boolean): Span | undefined {
  switch (ast.kind) {
    case 'and':
      return ast.items.map((item) => needed(item, isMeant)).find((span) => span !== undefined);
    case 'or': {
      const spans = ast.items.map((item) => needed(item, isMeant));
      return spans.includes(undefined) ? undefined : spans[0];
    }
    case 'is':
    case 'range': {
      const name = plainName(ast.field);
      return name !== undefined && isMeant(name) ? ast.field.span : undefined;
    }
    case 'not':
    case 'nested':
    case 'free-text':
    case 'everything':
    case 'error':
      return undefined;
  }
}
