/**
 * Binary XML as event logs hold it, read into a tree: [MS-EVEN6] 2.2.12 and the public description of EVTX by the libevtx project.
 * Processing instructions say nothing of an event and are dropped.
 */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'element'; readonly element: Element }
  /** The place of a value; an optional one takes its element or attribute with it when the value is null. */
  | { readonly kind: 'substitution'; readonly index: number; readonly optional: boolean }
  | { readonly kind: 'instance'; readonly instance: Instance };

export interface Element {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Node[];
}

export interface Attribute {
  readonly name: string;
  readonly content: readonly Node[];
}

/** A template with the values for its substitutions. */
export interface Instance {
  readonly template: readonly Node[];
  readonly values: readonly Value[];
}

/** A value as it lies in the chunk. */
export interface Value {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export const NO_VALUES: readonly Value[] = [];

/** The types that the readers treat in ways of their own; see `valueJson` for the others. */
export const NULL_TYPE = 0x00;
export const BINXML_TYPE = 0x21;
export const ARRAY_FLAG = 0x80;
