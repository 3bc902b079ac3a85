import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceText } from '../base/source-text.ts';
import type { ColumnType } from '../ir/plan/plan.ts';
import type { Rule, RuleIdentity } from '../ir/rule/rule.ts';
import type { SchemaName } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';
import type { EsqlParameters } from '../languages/esql/index.ts';
import type { BesideRules } from './elastic/exceptions.ts';
import type { SigmaLink } from './sigma/link.ts';
import type { SigmaMapping } from './sigma/pipeline.ts';
import type { Readings } from './source/readings.ts';

/** A rule file's content, read. */
export interface RuleFile {
  readonly path: string;
  readonly source: SourceText;
  /** What was read of the text, where several formats and lints read it. */
  readonly readings?: Readings;
}

/** A rule's query in Kusto, and what it was read with. */
export interface KustoText {
  readonly text: SourceText;
  readonly schema: Schema;
  /** The columns of its result; undefined where not all are known. */
  readonly columns: readonly ColumnType[] | undefined;
}

/** What became of one rule. A file may hold several. `kusto`: the rule is one query in that language. */
export type LoadOutcome = { readonly kusto?: KustoText } & Outcome;

type Outcome =
  /** It runs; diagnostics are warnings at the most. */
  | {
      readonly status: 'loaded';
      readonly rule: Rule;
      readonly diagnostics: readonly Diagnostic[];
      /** What the language itself finds suspicious in the text (a wildcard in quotes, …); worked out when asked for. */
      readonly lint: () => readonly Diagnostic[];
      readonly link?: SigmaLink;
      /** The fields it asks for that neither its schema nor a mapping that was given knows; worked out when asked for. */
      readonly unknownFields?: () => readonly string[];
    }
  /** It is right, and asks for something that no engine gives yet: at least one `unsupported/…` diagnostic. */
  | {
      readonly status: 'unsupported';
      readonly identity: RuleIdentity;
      readonly diagnostics: readonly Diagnostic[];
      /** What is still to be settled with other rules (see `src/rules/resolve-rules.ts`). */
      readonly link?: SigmaLink;
    }
  /** It is wrong. */
  | {
      readonly status: 'invalid';
      readonly identity: RuleIdentity;
      readonly diagnostics: readonly Diagnostic[];
      readonly link?: SigmaLink;
    }
  /** It is no rule but belongs to rules, and was read: a pack, a data model, a lookup table. `part`: which. */
  | {
      readonly status: 'part';
      readonly part: string;
      readonly identity: RuleIdentity;
      readonly diagnostics: readonly Diagnostic[];
      readonly link?: SigmaLink;
    };

/** What formats may ask for while they load: neighbouring files (Panther's Python), and what schemas know of fields. */
export interface LoadContext {
  /** The text of a file, or undefined where there is none. */
  readText(path: string): string | undefined;
  /** The files below a folder that have one of these extensions, sorted; empty where there is no such folder. */
  listFiles(folder: string, extensions: readonly string[]): readonly string[];
  /** Whether a path stays in a folder, wherever links on the way lead; where there are no links, as it is written. */
  readonly isInside?: (folder: string, path: string) => boolean;
  schema(name: SchemaName): Schema;
  /** The path, of those whose rules are loaded, that a file was found by. */
  readonly pathOf?: (file: string) => string | undefined;
  /** ECS as the indices of some patterns have it, where the user gave their mappings. */
  readonly indexSchema?: (patterns: readonly string[]) => Schema;
  /** What Elastic keeps beside rules: exceptions and lists of values. */
  readonly beside?: BesideRules;
  /** The values of the parameters of ES|QL queries. */
  readonly parameters?: EsqlParameters;
  /** The pipelines that Sigma rules go through, where the user gives any. */
  readonly sigma?: SigmaMapping;
}

/** One rule file format. Never throws on any content. */
export interface Format {
  /** The outcomes of the rules in the file, or undefined when the file is not of this format at all. */
  load(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined;
}
