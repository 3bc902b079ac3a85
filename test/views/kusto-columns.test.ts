import { describe, expect, test } from 'vitest';
import { logTypes } from '../../src/logs/registry.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';

describe('the types of columns', () => {
  test('views made for a table give the columns that it has, with its types', () => {
    const wrong = logTypes.flatMap((type) =>
      type.views.flatMap((view) => {
        if (view.schema !== 'kusto' || view.table === undefined) return [];
        const { table } = view;
        return [...view.fields].flatMap(([name, field]) => {
          const known = kustoSchema.typeOf(name, table);
          // Defender's tables have both times, whichever product the row is from.
          return known === field.type || name === 'Timestamp'
            ? []
            : [`${type.name} ${table}.${name}: ${field.type}, not ${known}`];
        });
      }),
    );
    expect(wrong).toEqual([]);
  });
});
