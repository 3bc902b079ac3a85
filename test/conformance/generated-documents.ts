import type { Json } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { parseEsql } from '../../src/languages/esql/index.ts';
import { esqlPatterns } from '../../src/languages/esql/sources.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { type IndexedDocument, START } from './published.ts';

/** So many documents of each index. */
const COUNT = 40;

/**
 * Documents of the indices that a query in ES|QL reads: its names as fields, each missing, with one value or with several, from
 * what the query compares with and from what no rule expects of the field's type. The same for the same query.
 */
export function generatedFor(query: string): readonly IndexedDocument[] {
  const { ast } = parseEsql(sourceText('<query>', query));
  const words = new Words(ast);
  const next = numbers();
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const indices = [...new Set(esqlPatterns(ast).map(({ value }) => value.replaceAll('*', 'generated')))];
  return indices.flatMap((index) =>
    Array.from({ length: COUNT }, (): IndexedDocument => {
      const fields: [string, Json][] = [['@timestamp', moment(next)]];
      for (const name of words.names) {
        const one = (): Json => pick(valuesFor(name, words.values, next)) ?? null;
        const kind = next();
        if (kind < 0.1) continue;
        fields.push([name, kind < 0.2 ? null : kind < 0.4 ? [one(), one()] : one()]);
      }
      return { index, fields: Object.fromEntries(fields) };
    }),
  );
}

function valuesFor(name: string, texts: readonly Json[], next: () => number): readonly Json[] {
  switch (ecsSchema.typeOf(name)) {
    case 'date':
      return [moment(next)];
    case 'ip':
      return ['10.0.0.1', '203.0.113.7', '2001:db8::1'];
    case 'long':
    case 'double':
      return [0, 1, 80, 443, 1e6, ...texts.filter((value) => typeof value === 'number')];
    case 'boolean':
      return [true, false];
    default:
      return texts;
  }
}

function moment(next: () => number): string {
  return new Date(START + Math.floor(next() * 300_000)).toISOString();
}

/** What stands in a query: names of columns, and the constants beside them. */
class Words {
  readonly names: readonly string[];
  readonly values: readonly Json[];

  constructor(ast: unknown) {
    const names = new Set<string>();
    const values = new Set<Json>(['', 'other', 7, true]);
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { kind, parts, value }: { kind?: unknown; parts?: readonly { text: string }[]; value?: Json } = node;
      if (kind === 'name' && parts !== undefined) names.add(parts.map(({ text }) => text).join('.'));
      if (kind === 'string' && typeof value === 'string')
        values.add(value.replaceAll('*', 'x').replaceAll('\\\\', '\\'));
      if (kind === 'number') values.add(Number(value));
      for (const child of Object.values(node)) visit(child);
    };
    visit(ast);
    this.names = [...names].filter((name) => !/[*]|^_|^@|^Esql/.test(name));
    this.values = [...values];
  }
}

/** Numbers from 0 to 1, the same in every run. */
function numbers(): () => number {
  let state = 20_260_302;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
