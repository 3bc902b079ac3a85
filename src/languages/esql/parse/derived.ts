import { cover, type Span } from '../../../base/span.ts';
import type { EsqlCommand, EsqlField, EsqlName } from '../ast.ts';
import { type CommandParts, spanOfAll } from './command-parts.ts';
import { parseMap } from './primary.ts';

/** dissect: value string ( name `=` constant )* */
export function parseDissect(span: Span, parts: CommandParts): EsqlCommand {
  const subject = parts.expressions.sum();
  const pattern = parts.string() ?? { kind: 'string', value: '', span };
  const options: EsqlField[] = [];
  while (parts.tokens.at('word')) {
    const name = parts.name() ?? null;
    if (name === null || parts.tokens.take('=') === undefined) break;
    const value = parts.expressions.sum();
    options.push({ name, value, span: cover(name.span, value.span) });
    if (parts.tokens.accept(',') === undefined) break;
  }
  return { kind: 'dissect', subject, pattern, options, span: spanOfAll([pattern, ...options], span) };
}

/** change-point: name ( `ON` name )? ( `AS` name `,` name )? ( `BY` expression ( `,` expression )* )? */
export function parseChangePoint(span: Span, parts: CommandParts): EsqlCommand {
  const value = parts.name();
  if (value === undefined) return { kind: 'error', span };
  const key = parts.tokens.acceptWord('on') === undefined ? null : (parts.name() ?? null);
  let type: EsqlName | null = null;
  let pvalue: EsqlName | null = null;
  if (parts.tokens.acceptWord('as') !== undefined) {
    type = parts.name() ?? null;
    parts.tokens.take(',');
    pvalue = parts.name() ?? null;
  }
  const by = parts.tokens.acceptWord('by') === undefined ? [] : parts.list(() => parts.expressions.expression());
  const last = by.at(-1) ?? pvalue ?? key ?? value;
  return { kind: 'change-point', value, key, type, pvalue, by, span: cover(span, last.span) };
}

/** completion: ( name `=` )? primary ( `WITH` map )? */
export function parseCompletion(span: Span, parts: CommandParts): EsqlCommand {
  const target = parts.assigned();
  const prompt = parts.expressions.sum();
  const options = parts.tokens.acceptWord('with') === undefined ? null : parseMap(parts.tokens, parts.expressions);
  return {
    kind: 'completion',
    target,
    prompt,
    options,
    span: spanOfAll([prompt, ...(options ? [options] : [])], span),
  };
}

/** parts: name `=` expression ( `WITH` map )? */
export function parseParts(
  command: 'URI_PARTS' | 'REGISTERED_DOMAIN' | 'USER_AGENT' | 'IP_LOCATION',
  span: Span,
  parts: CommandParts,
): EsqlCommand {
  const prefix = parts.name();
  parts.tokens.take('=');
  const value = parts.expressions.expression();
  const options = parts.tokens.acceptWord('with') === undefined ? null : parseMap(parts.tokens, parts.expressions);
  if (prefix === undefined) return { kind: 'error', span };
  return {
    kind: 'parts',
    command,
    prefix,
    value,
    options,
    span: spanOfAll([value, ...(options ? [options] : [])], span),
  };
}
