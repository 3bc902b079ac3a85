import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const DATA = 'winlog.event_data.';

/**
 * The names that a stream's pipelines take out of `winlog.event_data`, whatever the condition: by `rename` and `remove`, and by
 * scripts. Names that begin with `_` are the pipelines' own.
 */
export function takenOut(packages: string, stream: string): ReadonlySet<string> {
  const folder = join(packages, 'package', stream, 'ingest_pipeline');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const scripts = texts.flatMap((text) =>
    [...text.matchAll(/event_data\.remove\("(\w+)"\)/g)].map(([, name = '']) => name),
  );
  return new Set([...texts.flatMap((text) => renamed(parse(text))), ...scripts].filter((name) => /^[^_]/.test(name)));
}

function renamed(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(renamed);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([kind, one]) => [
    ...(kind === 'rename' || kind === 'remove' ? namesIn(one) : []),
    ...renamed(one),
  ]);
}

function namesIn(processor: unknown): readonly string[] {
  if (typeof processor !== 'object' || processor === null || !('field' in processor)) return [];
  return [processor.field].flat().flatMap((field) => {
    const path = String(field);
    return path.startsWith(DATA) ? [path.slice(DATA.length)] : [];
  });
}
