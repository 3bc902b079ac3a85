/** What a text operator tests. `negated` ones are true on a missing value. */
export interface TextOperator {
  readonly test: 'equals' | 'term' | 'contains' | 'prefix' | 'suffix' | 'regex';
  /** For `term`: which ends of the needle need a boundary. */
  readonly ends: 'both' | 'start' | 'end';
  readonly ignoreCase: boolean;
  readonly negated: boolean;
}

const rows: [string, TextOperator][] = [];
function add(name: string, test: TextOperator['test'], ends: TextOperator['ends'] = 'both'): void {
  for (const negated of [false, true]) {
    for (const ignoreCase of [true, false]) {
      rows.push([`${negated ? '!' : ''}${name}${ignoreCase ? '' : '_cs'}`, { test, ends, ignoreCase, negated }]);
    }
  }
}
add('has', 'term');
add('hasprefix', 'term', 'start');
add('hassuffix', 'term', 'end');
add('contains', 'contains');
add('startswith', 'prefix');
add('endswith', 'suffix');
for (const [alias, name] of [
  ['containscs', 'contains_cs'],
  ['!containscs', '!contains_cs'],
  ['notcontains', '!contains'],
  ['notcontainscs', '!contains_cs'],
] as const) {
  const row = rows.find(([known]) => known === name);
  if (row !== undefined) rows.push([alias, row[1]]);
}
rows.push(['=~', { test: 'equals', ends: 'both', ignoreCase: true, negated: false }]);
rows.push(['!~', { test: 'equals', ends: 'both', ignoreCase: true, negated: true }]);
rows.push(['matches regex', { test: 'regex', ends: 'both', ignoreCase: false, negated: false }]);

/** Operators between text and a needle. `==` and `!=` are not among them: they compare values of any type. */
export const TEXT_OPERATORS: ReadonlyMap<string, TextOperator> = new Map(rows);
