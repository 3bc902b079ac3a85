import type { Span } from '../../base/span.ts';

/** A part of a correlation rule's `Detection`, read. */
export interface SignalCorrelation {
  readonly kind: 'group' | 'sequence';
  readonly members: readonly SignalMember[];
  /** Groups: fields of different members that must have a value in common. */
  readonly criteria: readonly {
    readonly name: string;
    readonly fields: readonly { readonly member: string; readonly field: string }[];
  }[];
  /** Sequences: which member follows which, and on what they must agree. */
  readonly transitions: readonly SignalTransition[];
  readonly lookbackMinutes: number;
}

export interface SignalMember {
  /** The member's name within the correlation. */
  readonly id: string;
  /** The rule whose matches it is. */
  readonly rule: string;
  readonly minimum: number;
  readonly maximum?: number;
  /** It must have fewer than `minimum` matches. */
  readonly absent: boolean;
  readonly span: Span;
}

export interface SignalTransition {
  readonly from: string;
  readonly to: string;
  readonly withinMinutes: number;
  /** The fields of the two members that must have a value in common. */
  readonly match?: { readonly from: string; readonly to: string };
}
