import type { BrokenEnvelope } from './json/broken-envelope.ts';

/** What the text at a cursor is taken for. */
export type Mode =
  /** Between records, outside of arrays. */
  | { readonly kind: 'line' }
  /** Inside a JSON value that goes over several lines, or of which several stand in one line; or an element of an array. */
  | { readonly kind: 'value'; readonly array: ArrayState | undefined }
  /** Inside a JSON array, between two elements. */
  | BetweenElements
  /** Dropping the rest of a line. */
  | { readonly kind: 'skip-line'; readonly then: Mode }
  | Resuming
  | Seeking
  | EnvelopeTail
  /** On a line that began with markup: between events in XML, or at the start of one. */
  | { readonly kind: 'xml' };

export interface BetweenElements {
  readonly kind: 'array';
  readonly array: ArrayState;
}

/** At the start of a line, after a broken value: looking for where to go on. */
export interface Resuming {
  readonly kind: 'resume';
  /** Of the first line of the broken value. */
  readonly indent: number;
  /** The array that the broken value is an element of. */
  readonly array: ArrayState | undefined;
}

/** Behind the place where an element of an array broke: looking for the next element on the same line. */
export interface Seeking {
  readonly kind: 'seek';
  readonly array: ArrayState;
  /** So many characters before that place are looked at again. */
  readonly back: number;
  /** Brackets of the broken element that are open: true for an object's. */
  readonly open: readonly boolean[];
  readonly inString: boolean;
}

/** Behind the records of a broken envelope, up to its end. */
export interface EnvelopeTail {
  readonly kind: 'tail';
  /** Blanks before the line of the envelope. */
  readonly indent: number;
  readonly outer: ArrayState | undefined;
  /** Brackets that are open. */
  depth: number;
  where: 'between' | 'string' | 'escape';
  /** Whether it was said that something is passed that may hold records. */
  isTold: boolean;
}

export interface ArrayState {
  /** The broken envelope whose list of records it is. */
  readonly envelope: BrokenEnvelope | undefined;
  /** The array that the envelope is an element of. */
  readonly outer: ArrayState | undefined;
  /** Blanks before the line of the envelope. */
  readonly indent: number;
  /** The first key, in its quotes, of the first record: others are known by it where brackets no longer tell. */
  firstKey: string | undefined;
  /** The line of its opening bracket. */
  readonly line: number;
  /** The place of the next record. */
  record: number;
  /** The opening bracket was not passed yet. */
  isFirst: boolean;
  needsComma: boolean;
  /** It holds something that is not JSON: what separates its elements is no longer held to the letter. */
  isBroken: boolean;
}

/** What to do next: read on in a mode, or, in the same one, wait for more text. */
export type Next = Mode | 'wait';

export const LINE: Mode = { kind: 'line' };

/** The mode after a value: between the elements of its array, or between records. */
export function after(array: ArrayState | undefined): Mode {
  return array === undefined ? LINE : { kind: 'array', array };
}
