import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { type CompiledRegex, compileRegex } from '../../../patterns/regex/index.ts';
import type { ValueTree } from '../ast.ts';
import type { PipelineScalar } from './definition.ts';

export type Report = (found: Diagnostic) => void;

/** The parameters of one map of a pipeline: each is asked for by name, and what nobody asked for is reported. */
export class Parameters {
  readonly tree: ValueTree;
  private readonly report: Report;
  private readonly what: string;
  private readonly asked = new Set<string>();
  /** Whether something asked for was missing or of a wrong kind. */
  failed = false;

  /** `what` names the map in messages; `known` are keys that others read. */
  constructor(tree: ValueTree, what: string, known: readonly string[], report: Report) {
    this.tree = tree;
    this.what = what;
    this.report = report;
    for (const key of known) this.asked.add(key);
  }

  refuse(found: Diagnostic): undefined {
    this.failed = true;
    this.report(found);
    return undefined;
  }

  wrong(key: string, expected: string, value: ValueTree): undefined {
    return this.refuse(diagnostic('pipeline/shape', { key, expected, found: value.kindInWords }, value.span));
  }

  /** The value of a key; absent where the key is, or where nothing is written behind it. */
  get(key: string): ValueTree | undefined {
    this.asked.add(key);
    const value = this.tree.get(key);
    return value?.kind === 'null' ? undefined : value;
  }

  needed(key: string): ValueTree | undefined {
    const value = this.get(key);
    if (value === undefined) {
      this.refuse(diagnostic('pipeline/missing-key', { key, what: this.what }, this.tree.span));
    }
    return value;
  }

  string(key: string): string | undefined {
    const value = this.get(key);
    return value && this.asString(key, value);
  }

  neededString(key: string): string {
    const value = this.needed(key);
    return (value && this.asString(key, value)) ?? '';
  }

  boolean(key: string, otherwise: boolean): boolean {
    const value = this.get(key);
    const scalar = value?.scalar();
    if (value === undefined || typeof scalar === 'boolean') return value === undefined ? otherwise : scalar === true;
    this.wrong(key, 'true or false', value);
    return otherwise;
  }

  oneOf<C extends string>(key: string, choices: readonly C[], otherwise: C): C {
    const value = this.get(key);
    if (value === undefined) return otherwise;
    const found = choices.find((choice) => choice === value.scalar());
    if (found === undefined) this.wrong(key, `one of ${choices.map((one) => `\`${one}\``).join(', ')}`, value);
    return found ?? otherwise;
  }

  /** A scalar; null where the key is there and holds nothing. */
  neededScalar(key: string): PipelineScalar {
    this.asked.add(key);
    const value = this.tree.get(key);
    if (value === undefined) {
      this.refuse(diagnostic('pipeline/missing-key', { key, what: this.what }, this.tree.span));
      return null;
    }
    const scalar = scalarOf(value);
    if (scalar === undefined) this.wrong(key, 'a string, a number, true, false or null', value);
    return scalar ?? null;
  }

  /** One string, or a list of them. */
  strings(key: string, value: ValueTree | undefined): string[] {
    if (value === undefined) return [];
    const items = value.asList() ?? [value];
    if (items.length === 0) this.wrong(key, 'at least one string', value);
    return items.flatMap((item) => this.asString(key, item) ?? []);
  }

  /** A map to strings or lists of strings. Of equal keys the last counts. */
  mapping(key: string): { readonly key: string; readonly plain: boolean; readonly to: readonly string[] }[] {
    const value = this.needed(key);
    if (value === undefined) return [];
    if (value.kind !== 'map') {
      this.wrong(key, 'a map', value);
      return [];
    }
    return value.entries().map((entry) => {
      const { start, end } = entry.keySpan;
      return { key: entry.key, plain: end - start === entry.key.length, to: this.strings(entry.key, entry.value) };
    });
  }

  regex(key: string, anchoredAtStart: boolean): CompiledRegex | undefined {
    const value = this.needed(key);
    return value && this.asRegex(key, value, anchoredAtStart);
  }

  asRegex(key: string, value: ValueTree, anchoredAtStart: boolean): CompiledRegex | undefined {
    const source = this.asString(key, value);
    if (source === undefined) return undefined;
    const written = anchoredAtStart ? `\\A(?:${source})` : source;
    const result = compileRegex(written, { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false });
    if (result.ok) return result.regex;
    return this.refuse(diagnostic('pipeline/regex', { reason: result.reason }, value.span));
  }

  /** Reports the keys that nothing asked for. */
  close(): void {
    for (const { key, keySpan } of this.tree.entries()) {
      if (this.asked.has(key)) continue;
      this.refuse(
        diagnostic('pipeline/unknown-key', { key, what: this.what, near: didYouMean(key, this.asked) }, keySpan),
      );
    }
  }

  private asString(key: string, value: ValueTree): string | undefined {
    const scalar = value.scalar();
    if (typeof scalar === 'string') return scalar;
    return this.wrong(key, 'a string', value);
  }
}

/** A scalar of a pipeline; undefined for a map or a list. */
export function scalarOf(value: ValueTree): PipelineScalar | undefined {
  const scalar = value.scalar();
  return typeof scalar === 'bigint' ? scalar.toString() : scalar;
}
