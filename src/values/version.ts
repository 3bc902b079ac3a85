/**
 * The order of Elasticsearch's `version` fields (its reference, "Version field type"): Semantic Versioning, with any number of
 * main parts. A version with fewer parts comes first (`1.2` < `1.2.0`), a pre-release before its release, and what is no
 * version after all versions, in the order of its characters. Negative, 0 or positive.
 */
export function compareVersions(left: string, right: string): number {
  const a = parse(left);
  const b = parse(right);
  if (a === undefined || b === undefined) {
    if (a !== undefined || b !== undefined) return a === undefined ? 1 : -1;
    return compareTexts(left, right);
  }
  return (
    compareParts(a.main, b.main) || comparePreRelease(a.preRelease, b.preRelease) || compareTexts(a.build, b.build)
  );
}

interface Version {
  readonly main: readonly string[];
  /** Undefined for a release. */
  readonly preRelease: readonly string[] | undefined;
  readonly build: string;
}

const VERSION = /^(\d+(?:\.\d+)*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

function parse(text: string): Version | undefined {
  const found = VERSION.exec(text);
  if (found === null) return undefined;
  const [, main = '', preRelease, build = ''] = found;
  return { main: main.split('.'), preRelease: preRelease?.split('.'), build };
}

function comparePreRelease(left: readonly string[] | undefined, right: readonly string[] | undefined): number {
  if (left === undefined || right === undefined) return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0);
  return compareParts(left, right);
}

function compareParts(left: readonly string[], right: readonly string[]): number {
  for (const [at, a] of left.entries()) {
    const b = right[at];
    if (b === undefined) return 1;
    const order = comparePart(a, b);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers by their value, whatever their length, and before words. */
function comparePart(left: string, right: string): number {
  const numbers = [left, right].map((part) => (/^\d+$/.test(part) ? part.replace(/^0+(?=.)/, '') : undefined));
  const [a, b] = numbers;
  if (a === undefined || b === undefined) {
    if (a !== undefined || b !== undefined) return a === undefined ? 1 : -1;
    return compareTexts(left, right);
  }
  return a.length - b.length || compareTexts(a, b);
}

function compareTexts(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
