/** How a rule's regular expression is to be read. */
export interface RegexOptions {
  /**
   * - `pcre`: PCRE without its UCP mode; `$` also holds before a line feed that ends the text, `\s` and `\v` as in PCRE
   * - `re2`: `$` is the end of the text, `\s` has no vertical tab, `\v` is one
   * - `lucene`: Lucene's own notation, always over the whole text
   */
  readonly flavour: 'pcre' | 're2' | 'lucene';
  readonly ignoreCase: boolean;
  /** Of "ims": i ignore case too, m multi-line, s dot-all. */
  readonly flags: string;
  /** Whether the whole text must fit; no trailing line feed is forgiven. */
  readonly anchored: boolean;
}

/** Offsets in UTF-16 units; `groups[0]` is the whole match, `undefined` a group that took no part. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

export interface CompiledRegex {
  readonly test: (text: string) => boolean;
  /** The leftmost match at or after `from` (UTF-16 units; what lies before is still seen by `\b`, `^` and the like). */
  readonly groups: (text: string, from?: number) => RegexMatch | undefined;
  /** What runs `test`: V8 where its worst case is proven small, `both` up to a length that depends on the pattern. */
  readonly engine: 'v8' | 're2js' | 'both';
  /**
   * Every match replaced; `\0` to `\9` in the replacement are the groups, `\\` a backslash, anything else is itself.
   * An empty match right after another match is replaced too in pcre (as Perl does), not in re2 (as RE2 does).
   */
  readonly replaceAll: (text: string, replacement: string) => string;
}

export type RegexResult =
  | { readonly ok: true; readonly regex: CompiledRegex }
  | {
      readonly ok: false;
      /** A clause without a full stop: `a look-ahead cannot be run in linear time`. */
      readonly reason: string;
      /** Offset in the source, UTF-16 units. */
      readonly at: number;
    };
