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

export interface ArrayState {
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
