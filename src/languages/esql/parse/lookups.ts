import { cover, type Span } from '../../../base/span.ts';
import type { EsqlCommand, EsqlName } from '../ast.ts';
import { type CommandParts, spanOfAll } from './command-parts.ts';
import { parseIndex } from './names.ts';

/** enrich: policy ( `ON` pattern )? ( `WITH` ( pattern `=` )? pattern ( `,` … )* )? */
export function parseEnrich(span: Span, parts: CommandParts): EsqlCommand {
  const policy = parseIndex(parts.tokens) ?? { kind: 'index', text: '', span };
  const on = parts.tokens.acceptWord('on') === undefined ? null : (parts.pattern() ?? null);
  const fields = parts.tokens.acceptWord('with') === undefined ? [] : parts.list(() => enriched(parts));
  return { kind: 'enrich', policy, on, fields, span: spanOfAll([policy, ...(on ? [on] : []), ...fields], span) };
}

function enriched(parts: CommandParts): { name: EsqlName | null; field: EsqlName; span: Span } | undefined {
  const first = parts.pattern();
  if (first === undefined) return undefined;
  const second = parts.tokens.accept('=') === undefined ? undefined : parts.pattern();
  if (second === undefined) return { name: null, field: first, span: first.span };
  return { name: first, field: second, span: cover(first.span, second.span) };
}

/** join: `LOOKUP` `JOIN` index-pattern `ON` boolean-expression ( `,` boolean-expression )* */
export function parseJoin(word: string, span: Span, parts: CommandParts): EsqlCommand {
  const type =
    word === 'LEFT JOIN' ? 'left' : word === 'RIGHT JOIN' ? 'right' : word === 'FULL JOIN' ? 'full' : 'lookup';
  const target = parseIndex(parts.tokens) ?? { kind: 'index', text: '', span };
  const on = parts.tokens.takeWord('on') === undefined ? [] : parts.list(() => parts.expressions.expression());
  return { kind: 'join', type, target, on, span: spanOfAll([target, ...on], span) };
}
