import type { ValueTest } from '../../memory/compile.ts';
import type { Threes } from './needle-plan.ts';

/**
 * What the kernel is to look for in records of one log type in one shape. Targets are numbers from 0 that the caller gives
 * meaning: rules, as a rule. A line comes out with every target of which a trigger fired; it may come out with more.
 */
export interface ScanClass {
  readonly slots: readonly ScanSlot[];
  /** Targets of every line. */
  readonly always: readonly number[];
  /**
   * Texts that are looked for in every value, without regard to case, and the target that each hits: plain ASCII that JSON needs not
   * escape. All that tests of keywords ask for must be here, be it without a target.
   */
  readonly keywords: readonly { readonly text: string; readonly target: number | undefined }[];
  /** What three bytes in a row stand in lines, for the choice of what keywords are looked for by. */
  readonly threes?: () => Threes;
  /** For each target what must be true of the record, as far as the kernel can see; targets that it sees fail do not come out. */
  readonly checks?: readonly ScanLogic[];
  /** How many targets there are. */
  readonly targets: number;
}

export interface ScanSlot {
  /** The first path that exists counts. */
  readonly paths: readonly (readonly string[])[];
  readonly triggers: readonly Trigger[];
  /** Which four bytes of a text to look for first: those that values seldom have. */
  readonly weigh?: GramWeight;
  /** What three bytes in a row stand in its values. */
  readonly threes?: () => Threes;
}

/** How often four bytes in a row (a word, little end first) stand in values of a slot; any scale. */
export type GramWeight = (gram: number) => number;

/**
 * When a target is hit. A value that the kernel cannot read (an array, a map, a number not spelled as rules see it, a character
 * whose lower case is ASCII) hits all targets of its slot.
 */
export type Trigger =
  /** The value's text holds `text`, at its start and end where it must, without regard to case. */
  | {
      readonly on: 'text';
      readonly text: string;
      readonly atStart: boolean;
      readonly atEnd: boolean;
      readonly target: number;
    }
  /** `present`: a value that is not null; `missing`: no path exists. */
  | { readonly on: 'present' | 'null' | 'missing'; readonly target: number };

/** Kleene's logic over tests. `undecided`: only the reference knows. */
export type ScanLogic =
  | { readonly op: 'no' | 'yes' | 'unknown' | 'undecided' }
  | { readonly op: 'and' | 'or'; readonly items: readonly ScanLogic[] }
  | { readonly op: 'not'; readonly item: ScanLogic }
  | { readonly op: 'test'; readonly test: ScanTest };

/** A test of the value at the first path that exists. The same object is asked once a record. */
export type ScanTest = TextTest | SameTest | KeywordTest;

/** Whether a keyword of the class stands in a value. `exact`: that is the whole test; else it is only necessary. */
interface KeywordTest {
  readonly kind: 'keyword';
  readonly text: string;
  readonly exact: boolean;
}

/** Whether the texts of two values are the same, without regard to case; never unknown. */
interface SameTest {
  readonly kind: 'same';
  readonly paths: readonly (readonly string[])[];
  readonly other: readonly (readonly string[])[];
  readonly onMissing: 'no';
  readonly judge?: undefined;
}

export interface TextTest {
  readonly paths: readonly (readonly string[])[];
  /** `present`: anything, null too; `value`: not null. `texts`: every option holds. */
  readonly kind: 'texts' | 'present' | 'value' | 'is-null';
  /** What `texts` gives for a missing or null value. */
  readonly onMissing: 'no' | 'unknown';
  readonly options: readonly TextOption[];
  /** Decides what the kernel cannot, of one scalar that is not null. */
  readonly judge?: Judge;
}

/**
 * Tests of a value that was cut out of a line: one, or several of which any may be true. The same object stands for the same tests. Or
 * no test, but the time of the record: the latest is kept.
 */
export type Judge = readonly ValueTest[] | TimeNote;

export interface TimeNote {
  readonly notes: 'time';
}

/**
 * One of the texts stands in the value, without regard to case; `inOrder`: all of them, each after the one before. `exact`: that is
 * the whole test; else it is only necessary.
 */
export interface TextOption {
  readonly exact: boolean;
  readonly inOrder?: boolean;
  readonly literals: readonly { readonly text: string; readonly atStart: boolean; readonly atEnd: boolean }[];
}
