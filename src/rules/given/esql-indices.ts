import { scopeOf, wildcardParts } from '../../formats/elastic/scope.ts';
import type { LocatedText } from '../../formats/source/located.ts';
import type { Schema } from '../../ir/view.ts';
import { compileWildcard } from '../../ir/wildcard.ts';
import type { EsqlIndices } from '../../languages/esql/index.ts';
import type { IndexMapping } from '../../schemas/index-mapping.ts';
import { mergeMappings } from '../../schemas/index-mapping.ts';
import { indexSchema } from '../../schemas/index-mapping-schema.ts';

/**
 * The indices that patterns of a query stand for. `given`: those whose documents are there, by their names, with their mappings. Where all
 * that a pattern stands for have one, those are the fields there are; else any name may be a field, as in logs. `forAll`: a mapping that
 * holds for whatever is there. `areAll`: there are no logs beside them, so that a pattern of none of them is a mistake.
 */
export function indicesOf(
  schema: Schema,
  given: ReadonlyMap<string, IndexMapping | undefined>,
  forAll: IndexMapping | undefined,
  areAll = false,
): EsqlIndices {
  const known = [...given.keys()];
  return {
    schema,
    tables: '--table',
    resolve: (patterns) => {
      const names = patterns.map(({ value }) => value.replace(/^[^<:]*:/, ''));
      const isMeant = (name: string): boolean => {
        const wanted = names.filter((one) => !one.startsWith('-'));
        const unwanted = names.filter((one) => one.startsWith('-')).map((one) => one.slice(1));
        return wanted.some((one) => fits(one, name)) && !unwanted.some((one) => fits(one, name));
      };
      const meant = known.filter(isMeant);
      const mappings = meant.flatMap((name) => given.get(name) ?? []);
      const isClosed = meant.length > 0 && mappings.length === meant.length;
      const merged = isClosed ? mergeMappings(mappings).mapping : meant.length === 0 ? forAll : undefined;
      const fields = merged && fieldsOf(merged);
      const isComplete = known.length > 0 && forAll === undefined && (areAll || meant.length === 0);
      const missing = names.filter((name) => !name.startsWith('-') && !known.some((one) => fits(name, one)));
      // Elasticsearch passes over a pattern of nothing beside others, but no name.
      const isMistake = (name: string): boolean => !name.includes('*') || (areAll && meant.length === 0);
      return {
        scope: scopeOf(patterns.map(({ value, span }) => textOf(value, span))),
        fields,
        schema: merged === undefined ? schema : indexSchema(merged),
        unknown: isComplete ? missing.filter(isMistake) : [],
        known,
      };
    },
  };
}

function textOf(value: string, span: LocatedText['span']): Pick<LocatedText, 'value' | 'span'> {
  return { value, span };
}

function fits(pattern: string, name: string): boolean {
  return compileWildcard(wildcardParts(pattern), false)(name);
}

/** Names with Elasticsearch's own words for their types; objects are none, and an alias is what it stands for. */
function fieldsOf({ fields }: IndexMapping): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, { mapped, type, valuesOf }] of fields) {
    if (type === 'object' || type === 'nested') continue;
    found.set(name, mapped === 'alias' ? (fields.get(valuesOf ?? '')?.mapped ?? mapped) : mapped);
  }
  return found;
}
