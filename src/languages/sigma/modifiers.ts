import type { WildcardPart } from '../../ir/expr.ts';
import { compileRegex } from '../../patterns/regex/index.ts';
import { base64, base64Offsets, dashVariants, type Utf16, utf16Bytes, utf16Text } from './encodings.ts';
import { readNetwork } from './network.ts';
import { hasWildcard, mapText, openEnd, openStart, plainText } from './sigma-string.ts';
import type { Bound, SigmaValue, TemplatePart } from './values.ts';

/** What a modifier makes of one value: another value, or why it cannot. */
type Applied = SigmaValue | Problem;

export type Problem =
  | { readonly kind: 'problem'; readonly code: 'value'; readonly reason: string }
  | {
      readonly kind: 'problem';
      readonly code: 'regex';
      readonly reason: string;
      readonly at: number;
      readonly linear: boolean;
    }
  | { readonly kind: 'problem'; readonly code: 'network'; readonly reason: string }
  | { readonly kind: 'problem'; readonly code: 'variants' };

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** What a modifier does to its whole item. */
type ItemEffect = 'all' | 'neq' | 'cased' | TimePart;

/** One modifier of the specification. */
export interface Modifier {
  /** The kinds of value it takes; `*` for any. */
  readonly takes: readonly SigmaValue['kind'][] | '*';
  /** The expected value in words, for messages. */
  readonly expects: string;
  /** It must be the first of its item: it reads the value as written. */
  readonly first?: boolean;
  readonly effect?: ItemEffect;
  /** It can be used on keywords, which have no field. */
  readonly keywords: boolean;
  readonly apply?: (value: SigmaValue, warn: (warning: Warning) => void) => Applied;
}

export interface Warning {
  readonly code: 'host-bits';
  readonly network: string;
  readonly meant: string;
}

const problem = (reason: string): Problem => ({ kind: 'problem', code: 'value', reason });

/** contains, startswith, endswith: on strings wildcards, on references and regular expressions the same meaning. */
function position(how: 'contains' | 'startswith' | 'endswith'): Modifier {
  const open = <P extends TemplatePart>(parts: readonly P[]): readonly (P | WildcardPart)[] => {
    if (how === 'contains') return openEnd(openStart(parts));
    return how === 'startswith' ? openEnd(parts) : openStart(parts);
  };
  const wrap: Record<typeof how, (source: string) => string> = {
    contains: (source) => source,
    startswith: (source) => `\\A(?:${source})`,
    endswith: (source) => `(?:${source})\\z`,
  };
  return {
    takes: ['text', 'template', 'regex', 'reference'],
    expects: 'a string',
    keywords: true,
    apply: (value) => {
      if (value.kind === 'template') return { kind: 'template', parts: open(value.parts) };
      if (value.kind === 'reference') return { ...value, how };
      if (value.kind === 'regex') return regex(wrap[how](value.source), value.flags);
      return value.kind === 'text' ? { kind: 'text', parts: open(value.parts), source: undefined } : value;
    },
  };
}

function compare(op: Bound): Modifier {
  return {
    takes: ['number'],
    expects: 'a number (without quotes)',
    keywords: false,
    apply: (value) => (value.kind === 'number' ? { kind: 'bound', op, value: Number(value.value) } : value),
  };
}

function flag(letter: 'i' | 'm' | 's'): Modifier {
  return {
    takes: ['regex', 'regex-template'],
    expects: 'a regular expression: write it behind `re`',
    keywords: true,
    apply: (value) => {
      if (value.kind === 'regex-template') return { ...value, flags: value.flags.replace(letter, '') + letter };
      if (value.kind !== 'regex' || value.flags.includes(letter)) return value;
      return regex(value.source, value.flags + letter);
    },
  };
}

function utf16(encoding: Utf16): Modifier {
  return {
    takes: ['text'],
    expects: 'a string',
    keywords: true,
    apply: (value) => {
      if (value.kind !== 'text') return value;
      const parts = utf16Text(value.parts, encoding);
      if (parts !== undefined) return { kind: 'text', parts, source: undefined };
      if (hasWildcard(value.parts)) return problem('a string with wildcards can only be encoded when it is ASCII');
      return { kind: 'bytes', bytes: utf16Bytes(plainText(value.parts), encoding), text: undefined };
    },
  };
}

function encode(make: (bytes: Uint8Array) => SigmaValue): Modifier {
  return {
    takes: ['text', 'bytes'],
    expects: 'a string',
    keywords: true,
    apply: (value) => {
      if (value.kind === 'bytes') return make(value.bytes);
      if (value.kind !== 'text') return value;
      if (hasWildcard(value.parts)) {
        return problem('a string with wildcards has no Base64 form: write `contains` and its like behind `base64`');
      }
      return make(Buffer.from(plainText(value.parts), 'utf8'));
    },
  };
}

const written = (text: string): SigmaValue => ({
  kind: 'text',
  parts: text === '' ? [] : [{ text }],
  source: undefined,
});

function timePart(effect: TimePart): Modifier {
  return {
    takes: ['number'],
    expects: 'a whole number',
    keywords: false,
    effect,
    apply: (value) => {
      if (value.kind === 'number' && !Number.isInteger(Number(value.value)))
        return problem('a part of a time is a whole number');
      return value;
    },
  };
}

/** A regular expression that is known to run. */
export function regex(source: string, flags: string): Applied {
  const options = {
    flavour: 'pcre',
    ignoreCase: flags.includes('i'),
    flags: flags.replace('i', ''),
    anchored: false,
  } as const;
  const compiled = compileRegex(source, options);
  if (compiled.ok) return { kind: 'regex', source, flags };
  return { kind: 'problem', code: 'regex', reason: compiled.reason, at: compiled.at, linear: !isPcre(source) };
}

/** Whether a backtracking engine takes an expression that ours refused: then it is right, but not linear. */
function isPcre(source: string): boolean {
  try {
    return new RegExp(source.replace(/^\(\?[a-z]+\)/, '')) instanceof RegExp;
  } catch {
    return false;
  }
}

const PLACEHOLDER = /(?<!\\)%([^%\s]+)%/g;

/** The placeholders of a run of text, and the text between them; `\%` is a plain percent sign. */
function withPlaceholders(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const plain = (piece: string): void => {
    if (piece !== '') parts.push({ text: piece.replaceAll('\\%', '%') });
  };
  let at = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    plain(text.slice(at, found.index));
    parts.push({ placeholder: found[1] ?? '' });
    at = found.index + found[0].length;
  }
  plain(text.slice(at));
  return parts;
}

function expand(value: SigmaValue): Applied {
  if (value.kind === 'regex') {
    const parts = withPlaceholders(value.source);
    const named = parts.some((part) => 'placeholder' in part);
    return named ? { kind: 'regex-template', parts, flags: value.flags } : value;
  }
  if (value.kind !== 'text') return value;
  const parts = value.parts.flatMap((part) => ('text' in part ? withPlaceholders(part.text) : [part]));
  if (parts.some((part) => 'placeholder' in part)) return { kind: 'template', parts };
  return { kind: 'text', parts: mapText(value.parts, (text) => text.replaceAll('\\%', '%')), source: undefined };
}

const re: Modifier = {
  takes: ['text'],
  expects: 'a string',
  first: true,
  keywords: true,
  apply: (value) => (value.kind === 'text' ? regex(value.source ?? '', '') : value),
};

/**
 * The modifiers of specification 2.1 (appendix "Sigma Modifiers") and the longer names that pySigma has for three of
 * them. They are applied in the order written; a modifier that cannot take what the one before it gives is an error.
 */
export const modifiers: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ['contains', position('contains')],
  ['startswith', position('startswith')],
  ['endswith', position('endswith')],
  ['all', { takes: '*', expects: 'values', keywords: true, effect: 'all' }],
  ['neq', { takes: '*', expects: 'values', keywords: false, effect: 'neq' }],
  ['cased', { takes: ['text', 'template'], expects: 'a string', keywords: true, effect: 'cased' }],
  [
    'exists',
    {
      takes: ['boolean'],
      expects: '`true` or `false` (without quotes)',
      first: true,
      keywords: false,
      apply: (value) => (value.kind === 'boolean' ? { kind: 'presence', wanted: value.value } : value),
    },
  ],
  ['re', re],
  ['i', flag('i')],
  ['m', flag('m')],
  ['s', flag('s')],
  ['ignorecase', flag('i')],
  ['multiline', flag('m')],
  ['dotall', flag('s')],
  [
    'cidr',
    {
      takes: ['text'],
      expects: 'a network such as `10.0.0.0/8`',
      first: true,
      keywords: true,
      apply: (value, warn) => {
        if (value.kind !== 'text') return value;
        const read = readNetwork(value.source ?? '');
        if (read === undefined) return { kind: 'problem', code: 'network', reason: value.source ?? '' };
        if (read.hostBits) warn({ code: 'host-bits', network: value.source ?? '', meant: read.network });
        return { kind: 'network', network: read.network };
      },
    },
  ],
  ['lt', compare('lt')],
  ['lte', compare('lte')],
  ['gt', compare('gt')],
  ['gte', compare('gte')],
  [
    'fieldref',
    {
      takes: ['text'],
      expects: 'the name of a field',
      first: true,
      keywords: false,
      apply: (value) => {
        if (value.kind !== 'text') return value;
        if (hasWildcard(value.parts)) return problem('the name of a field has no wildcards');
        return { kind: 'reference', field: plainText(value.parts), how: 'equals' };
      },
    },
  ],
  [
    'windash',
    {
      takes: ['text'],
      expects: 'a string',
      keywords: true,
      apply: (value) => {
        if (value.kind !== 'text') return value;
        const variants = dashVariants(value.parts);
        if (variants === undefined) return { kind: 'problem', code: 'variants' };
        return { kind: 'any', values: variants.map((parts) => ({ kind: 'text', parts, source: undefined })) };
      },
    },
  ],
  ['base64', encode((bytes) => written(base64(bytes)))],
  ['base64offset', encode((bytes) => ({ kind: 'any', values: base64Offsets(bytes).map(written) }))],
  ['wide', utf16('utf16le')],
  ['utf16le', utf16('utf16le')],
  ['utf16be', utf16('utf16be')],
  ['utf16', utf16('utf16')],
  ['expand', { takes: ['text', 'regex'], expects: 'a string', keywords: true, apply: expand }],
  ['minute', timePart('minute')],
  ['hour', timePart('hour')],
  ['day', timePart('day')],
  ['week', timePart('week')],
  ['month', timePart('month')],
  ['year', timePart('year')],
]);
