import { RE2JS } from 're2js';

/** How a rule's regular expression is to be read. */
export interface RegexOptions {
  readonly flavour: 'pcre' | 're2' | 'lucene';
  readonly ignoreCase: boolean;
  /** Of "ims": i ignore case too, m multi-line, s dot-all. */
  readonly flags: string;
  /** Whether the whole text must fit. */
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
  /** The first match at or after `from`. */
  readonly groups: (text: string, from?: number) => RegexMatch | undefined;
  readonly engine: 'v8' | 're2js' | 'both';
  /** `\0` to `\9` in the replacement are the groups, `\\` a backslash. */
  readonly replaceAll: (text: string, replacement: string) => string;
}

export type RegexResult =
  | { readonly ok: true; readonly regex: CompiledRegex }
  | { readonly ok: false; readonly reason: string; readonly at: number };

/** First version: everything runs on re2js. */
export function compileRegex(source: string, options: RegexOptions): RegexResult {
  let flags = 0;
  if (options.ignoreCase || options.flags.includes('i')) flags |= RE2JS.CASE_INSENSITIVE;
  if (options.flags.includes('m')) flags |= RE2JS.MULTILINE;
  if (options.flags.includes('s')) flags |= RE2JS.DOTALL;
  let program: RE2JS;
  try {
    program = RE2JS.compile(options.anchored ? `\\A(?:${source})\\z` : source, flags);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error), at: 0 };
  }
  const groups = (text: string, from = 0): RegexMatch | undefined => {
    const matcher = program.matcher(text);
    if (from > text.length || !matcher.find(from)) return undefined;
    const found: (string | undefined)[] = [];
    for (let i = 0; i <= matcher.groupCount(); i += 1) found.push(matcher.group(i) ?? undefined);
    return { start: matcher.start(), end: matcher.end(), groups: found };
  };
  const replaceAll = (text: string, replacement: string): string => {
    let out = '';
    let from = 0;
    let copied = 0;
    for (let match = groups(text, 0); match !== undefined; match = groups(text, from)) {
      out += text.slice(copied, match.start);
      const found = match.groups;
      out += replacement.replace(/\\([0-9\\])/g, (_, digit: string) =>
        digit === '\\' ? '\\' : (found[Number(digit)] ?? ''),
      );
      copied = match.end;
      from = match.end > match.start ? match.end : match.end + 1;
    }
    return out + text.slice(copied);
  };
  return { ok: true, regex: { test: (text) => program.test(text), groups, engine: 're2js', replaceAll } };
}
