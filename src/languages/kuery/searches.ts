/**
 * Conditions that a rule's values may make where they are searched in many fields at once: a word without a field is looked for
 * in each of some hundred. Elasticsearch refuses such searches by `indices.query.bool.max_clause_count`.
 */
export const MOST_SEARCHES = 300_000;

/** Counts these conditions over the whole of a query. */
export class Searches {
  private made = 0;

  /** Whether a value may still be searched in so many fields. */
  take(fields: number): boolean {
    if (fields > 1) this.made += fields;
    return this.made <= MOST_SEARCHES;
  }
}
