import { regex } from '../modifiers.ts';
import { parseSigmaString } from '../sigma-string.ts';
import type { SigmaValue, TemplatePart } from '../values.ts';
import type { PipelineScalar, PlaceholderChoice } from './definition.ts';
import { textValue } from './strings.ts';

export const MOST_EXPANDED = 250_000;

/** One thing that stands for a placeholder: as a string's parts, and as a piece of a regular expression. */
export interface Choice {
  readonly parts: readonly TemplatePart[];
  readonly source: string;
}

/** What stands for a placeholder; undefined leaves it open. */
export type Replace = (name: string) => readonly Choice[] | undefined;

export function isChosen(name: string, { include, exclude }: PlaceholderChoice): boolean {
  return (include === undefined || include.has(name)) && (exclude === undefined || !exclude.has(name));
}

/** A wildcard in the place of a placeholder. */
export const anyText: readonly Choice[] = [{ parts: [{ any: 'many' }], source: '.*' }];

/** Values as a rule would write them: in a string with their wildcards, in a regular expression as they are. */
export function asWritten(values: readonly PipelineScalar[]): readonly Choice[] {
  return values.map((value) => ({ parts: parseSigmaString(String(value)), source: String(value) }));
}

export type Filled =
  | { readonly kind: 'values'; readonly values: readonly SigmaValue[] }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'regex'; readonly reason: string };

/** A value with its placeholders replaced, in every combination; undefined where it has none that are replaced. */
export function fill(value: SigmaValue, replace: Replace): Filled | undefined {
  if (value.kind !== 'template' && value.kind !== 'regex-template') return undefined;
  let made: (readonly TemplatePart[])[] = [[]];
  let changed = false;
  for (const part of value.parts) {
    const choices = 'placeholder' in part ? replace(part.placeholder) : undefined;
    if (choices !== undefined) changed = true;
    const inRegex = value.kind === 'regex-template';
    const next = choices?.map((one) => (inRegex ? [{ text: one.source }] : one.parts)) ?? [[part]];
    if (made.length * next.length > MOST_EXPANDED) return { kind: 'too-many' };
    made = made.flatMap((before) => next.map((choice) => [...before, ...choice]));
  }
  if (!changed) return undefined;
  if (value.kind === 'template') return { kind: 'values', values: made.map(textValue) };
  const values: SigmaValue[] = [];
  for (const parts of made) {
    if (parts.some((part) => 'placeholder' in part)) {
      values.push({ kind: 'regex-template', parts, flags: value.flags });
      continue;
    }
    const compiled = regex(parts.map((part) => ('text' in part ? part.text : '')).join(''), value.flags);
    if (compiled.kind === 'problem') {
      return { kind: 'regex', reason: 'reason' in compiled ? compiled.reason : 'it cannot be run' };
    }
    values.push(compiled);
  }
  return { kind: 'values', values };
}
