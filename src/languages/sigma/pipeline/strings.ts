import type { WildcardPart } from '../../../ir/expr.ts';
import { parseSigmaString } from '../sigma-string.ts';
import type { SigmaValue, TemplatePart } from '../values.ts';
import type { PipelineScalar } from './definition.ts';

/** A string value, also one with placeholders. */
export type TextValue = SigmaValue & { readonly kind: 'text' | 'template' };

export function isText(value: SigmaValue): value is TextValue {
  return value.kind === 'text' || value.kind === 'template';
}

/** A string as it would be written, with backslashes as they are: what pipelines' patterns are tested on. */
export function writtenText(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => {
      if ('text' in part) return part.text.replace(/[*?]/g, '\\$&');
      if ('any' in part) return part.any === 'many' ? '*' : '?';
      return `%${part.placeholder}%`;
    })
    .join('');
}

/** A scalar of a pipeline as a value of a rule. */
export function fromScalar(scalar: PipelineScalar): SigmaValue {
  switch (typeof scalar) {
    case 'string':
      return textValue(parseSigmaString(scalar));
    case 'number':
      return { kind: 'number', value: scalar, written: undefined };
    case 'boolean':
      return { kind: 'boolean', value: scalar };
    default:
      return { kind: 'null' };
  }
}

/** A text out of parts, with neighbouring texts joined. */
export function textValue(parts: readonly TemplatePart[]): TextValue {
  const joined: TemplatePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if ('text' in part && last !== undefined && 'text' in last)
      joined[joined.length - 1] = { text: last.text + part.text };
    else if (!('text' in part) || part.text !== '') joined.push(part);
  }
  const plain = joined.filter((part): part is WildcardPart => !('placeholder' in part));
  return plain.length === joined.length
    ? { kind: 'text', parts: plain, source: undefined }
    : { kind: 'template', parts: joined };
}

/** The text with `%name%` read as placeholders again. */
export function rereadPlaceholders(parts: readonly WildcardPart[]): TextValue {
  return textValue(
    parts.flatMap((part): TemplatePart[] => {
      if (!('text' in part)) return [part];
      const found: TemplatePart[] = [];
      let at = 0;
      for (const match of part.text.matchAll(/(?<!\\)%([^%\s]+)%/g)) {
        found.push({ text: part.text.slice(at, match.index) }, { placeholder: match[1] ?? '' });
        at = match.index + match[0].length;
      }
      return [...found, { text: part.text.slice(at) }];
    }),
  );
}

/** Whether a value is what a scalar of a pipeline says: of the same kind, and equal. */
export function equalsScalar(value: SigmaValue, scalar: PipelineScalar): boolean {
  switch (typeof scalar) {
    case 'string':
      return isText(value) && JSON.stringify(value.parts) === JSON.stringify(parseSigmaString(scalar));
    case 'number':
      return value.kind === 'number' && Number(value.value) === scalar;
    case 'boolean':
      return value.kind === 'boolean' && value.value === scalar;
    default:
      return value.kind === 'null';
  }
}
