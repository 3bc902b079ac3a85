import { isJsonObject, type Json, type JsonObject, stringifyJson } from '../../../base/json.ts';
import { networkOf, networksAround } from '../../../patterns/address.ts';
import { momentInDateField } from '../../../values/date-math.ts';
import { elementsOf } from '../../../values/elements.ts';
import { isNumberText } from '../../../values/number-text.ts';
import { displayText, toJson } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import { tokens } from '../analysed.ts';

/** What indicator match rules compare, and what they tell of it. */

/** The terms by which a value is found in a field that is searched in this way. */
export function termsOf(value: Value, kind: string): readonly Value[] {
  const values = Array.isArray(value) ? elementsOf(value) : value === undefined || value === null ? [] : [value];
  return values.flatMap((one) => termsOfOne(one, kind));
}

function termsOfOne(value: Value, kind: string): readonly Value[] {
  const written = displayText(value) ?? '';
  switch (kind) {
    case 'words':
      return tokens(written);
    case 'folded':
      return [written.toLowerCase()];
    case 'number':
      return isNumberText(written.trim()) ? [Number(written)] : [];
    case 'boolean':
      return written === 'true' || written === 'false' ? [written] : [];
    case 'moment': {
      const moment = momentInDateField(value);
      return moment === undefined ? [] : [moment];
    }
    case 'address':
      return networksAround(written);
    case 'network': {
      const network = networkOf(written);
      return network === undefined ? [] : [network];
    }
    default:
      return [written];
  }
}

/** As Kibana builds them (`build_threat_enrichment.ts`, `enrich_signal_threat_matches.ts`), each once. */
export function enrichments(found: Value): Value {
  const made = new Map<string, Json>();
  for (const one of Array.isArray(found) ? elementsOf(found) : []) {
    const pair = toJson(one);
    if (!isJsonObject(pair)) continue;
    const enrichment = enrichmentOf(pair);
    made.set(stringifyJson(enrichment), enrichment);
  }
  return [...made.values()];
}

function enrichmentOf({ indicator, feed, id, index, atomic, field }: JsonObject): JsonObject {
  const [first] = [indicator].flat();
  // Of the names of a data stream's index the first is that which the document bears.
  const [indexName] = [index].flat();
  return {
    indicator: first !== undefined && isJsonObject(first) ? first : {},
    feed: feed === undefined || feed === null ? {} : { name: feed },
    matched: {
      atomic: atomic ?? null,
      field: field ?? null,
      id: id ?? null,
      index: indexName ?? null,
      type: 'indicator_match_rule',
    },
  };
}
