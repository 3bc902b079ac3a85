import { basename } from 'node:path';
import type { Format } from '../formats/rule-file.ts';
import type { SchemaName } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';
import { extensionOf } from './find-files.ts';
import { CONFIG_FILE } from './read-config.ts';

type FormatName = 'elastic' | 'panther' | 'sigma' | 'sentinel';

/** Each format's module is loaded when the first file that may be of it is met: most users have rules of one kind only. */
const importers: Record<FormatName, () => Promise<Format>> = {
  elastic: async () => (await import('../formats/elastic/elastic.ts')).elasticFormat,
  panther: async () => (await import('../formats/panther/panther.ts')).pantherFormat,
  sigma: async () => (await import('../formats/sigma/sigma.ts')).sigmaFormat,
  sentinel: async () => (await import('../formats/sentinel/sentinel.ts')).sentinelFormat,
};

const schemaImporters: Record<FormatName, () => Promise<Schema>> = {
  elastic: async () => (await import('../schemas/ecs.ts')).ecsSchema,
  panther: async () => (await import('../schemas/panther.ts')).pantherSchema,
  sigma: async () => (await import('../schemas/sigma.ts')).sigmaSchema,
  sentinel: async () => (await import('./given/kusto-schema.ts')).kustoSchemaWithLogs(),
};

/** The formats of files with each ending. Those of YAML are told apart by what the file says. */
const formatsOf: ReadonlyMap<string, readonly FormatName[]> = new Map([
  ['.toml', ['elastic']],
  ['.ndjson', ['elastic']],
  ['.json', ['elastic', 'sentinel']],
  ['.kql', ['sentinel']],
  ['.kusto', ['sentinel']],
  ['.md', ['sentinel']],
  ['.yml', ['sigma', 'panther', 'sentinel']],
  ['.yaml', ['sigma', 'panther', 'sentinel']],
]);

export const RULE_EXTENSIONS: readonly string[] = [...formatsOf.keys()];

/** Tests that stand beside a rule: `x.yml` has `x.tests.yml`. */
function isRuleTests(path: string): boolean {
  return /\.tests\.ya?ml$/i.test(path);
}

/** Whether a file in a folder may hold rules. */
export function mayHoldRules(path: string): boolean {
  return formatsOf.has(extensionOf(path)) && !isRuleTests(path) && basename(path) !== CONFIG_FILE;
}

/**
 * The formats to ask for a file, likeliest first: asking the wrong one costs a parse of the whole file. Each is asked
 * in the end, so the guess decides nothing but time.
 */
export function candidateFormats(path: string, text: string): readonly FormatName[] {
  const all = formatsOf.get(extensionOf(path)) ?? [];
  if (all.length < 2) return all;
  let likely: FormatName = 'sentinel';
  if (extensionOf(path) === '.json' && !/SecurityInsights|"queryCondition"|"triggerOperator"/i.test(text))
    likely = 'elastic';
  if (/^AnalysisType\s*:/m.test(text)) likely = 'panther';
  else if (/^(?:detection|logsource|correlation)\s*:/m.test(text)) likely = 'sigma';
  return [likely, ...all.filter((name) => name !== likely)];
}

/** The formats met so far, with the schemas that they lower to. */
export class FormatRegistry {
  readonly schemas: Map<SchemaName, Schema> = new Map();
  private readonly extensions = new Map<SchemaName, (schema: Schema) => Schema>();
  private readonly formats = new Map<FormatName, Promise<Format>>();

  /** What a schema is to know besides; to be said before a format that needs it is met. */
  extend(name: SchemaName, extension: (schema: Schema) => Schema): void {
    this.extensions.set(name, extension);
  }

  get(name: FormatName): Promise<Format> {
    let format = this.formats.get(name);
    if (format === undefined) {
      format = this.importWithSchema(name);
      this.formats.set(name, format);
    }
    return format;
  }

  private async importWithSchema(name: FormatName): Promise<Format> {
    const [format, schema] = await Promise.all([importers[name](), schemaImporters[name]()]);
    this.schemas.set(schema.name, this.extensions.get(schema.name)?.(schema) ?? schema);
    return format;
  }
}
