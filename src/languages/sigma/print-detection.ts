import type { Detection, DetectionItem, ValueTree } from './ast.ts';

/**
 * The detections of a rule as YAML, without the condition; reading it gives the same detections. Undefined for trees that no
 * detection is read as.
 */
export function printDetections(detections: ReadonlyMap<string, Detection>): string | undefined {
  if (detections.size === 0) return '{}';
  const printed = [...detections].map(([name, detection]) => {
    const value = printDetection(detection);
    return value === undefined ? undefined : `${quoted(name)}: ${value}`;
  });
  return joined(printed, (entries) => entries.join('\n'));
}

/** One detection, on one line. */
function printDetection(detection: Detection): string | undefined {
  switch (detection.kind) {
    case 'item':
      return detection.field === null && detection.modifiers.length === 0
        ? list(detection.values.map(printValue))
        : printMap([detection], '');
    case 'all':
      return printMap(detection.items, '');
    case 'any':
      return printAny(detection.items, '');
  }
}

/** Members of a list: maps, and values that stand for themselves. `prefix`: of the fields, where that is written already. */
function printAny(items: readonly Detection[], prefix: string): string | undefined {
  const own = prefix === '' ? null : prefix.slice(0, -1);
  const members = items.flatMap((item) => {
    if (item.kind === 'all') return [printMap(item.items, prefix)];
    if (item.kind === 'item' && item.field === own && item.modifiers.length === 0) return item.values.map(printValue);
    return [undefined];
  });
  return joined(members, list);
}

/** Entries of a map, each with a key of its own. */
function printMap(items: readonly Detection[], prefix: string): string | undefined {
  const keys = new Set<string>();
  const entries = items.map((item) => {
    for (const [key, value] of entriesFor(item, prefix)) {
      if (keys.has(key)) continue;
      keys.add(key);
      return `${quoted(key)}: ${value}`;
    }
    return undefined;
  });
  return joined(entries, (all) => `{${all.join(', ')}}`);
}

/** The ways to write one condition of a map; several where a field's dots may be written as maps in maps. */
function* entriesFor(item: Detection, prefix: string): Generator<readonly [key: string, value: string]> {
  if (item.kind === 'item') {
    const key = keyOf(item, prefix);
    if (key !== undefined) yield [key, list(item.values.map(printValue))];
    return;
  }
  for (const name of sharedNames(item, prefix)) {
    const inner = `${prefix}${name}.`;
    const value = item.kind === 'all' ? printMap(item.items, inner) : printAny(item.items, inner);
    if (value !== undefined) yield [name, value];
  }
}

function keyOf({ field, modifiers }: DetectionItem, prefix: string): string | undefined {
  const name = field ?? '';
  if (field !== null && (!name.startsWith(prefix) || name === prefix)) return undefined;
  return [field === null ? '' : name.slice(prefix.length), ...modifiers.map((modifier) => modifier.name)].join('|');
}

/** What the fields of a group may have in common before a dot, the shortest first; also the whole name of one of them. */
function sharedNames(group: Detection, prefix: string): readonly string[] {
  const [first] = fieldsOf(group);
  if (first === undefined || !first.startsWith(prefix)) return [];
  const name = first.slice(prefix.length);
  const ends = [...name].flatMap((char, at) => (char === '.' && at > 0 ? [at] : []));
  return [...ends, name.length].map((end) => name.slice(0, end));
}

function fieldsOf(detection: Detection): readonly string[] {
  if (detection.kind === 'item') return detection.field === null ? [] : [detection.field];
  return detection.items.flatMap(fieldsOf);
}

function printValue(value: ValueTree): string {
  const scalar = value.scalar();
  if (typeof scalar === 'string') return quoted(scalar);
  // A null may be written as nothing.
  return scalar === null ? 'null' : (value.written() ?? String(scalar));
}

function list(values: readonly string[]): string {
  return `[${values.join(', ')}]`;
}

/** YAML reads JSON's strings as they are. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function joined(
  parts: readonly (string | undefined)[],
  join: (parts: readonly string[]) => string,
): string | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : join(known);
}
