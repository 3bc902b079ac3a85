/**
 * The order of version texts, as Elasticsearch's `version` type has it: the numbers between dots one by one, what has fewer of
 * them first; a pre-release (`-alpha.1`) before its release, its parts as Semantic Versioning compares them; then what
 * follows a `+`. Texts that are no versions come after all that are, as plain texts.
 */
export function compareVersions(left: string, right: string): number {
  const a = parseVersion(left);
  const b = parseVersion(right);
  if (a === undefined || b === undefined) {
    if (a !== undefined) return -1;
    return b === undefined ? compareTexts(left, right) : 1;
  }
  return (
    compareLists(a.numbers, b.numbers) ||
    comparePreReleases(a.preRelease, b.preRelease) ||
    compareTexts(a.build, b.build)
  );
}

interface Version {
  readonly numbers: readonly string[];
  readonly preRelease: readonly string[] | undefined;
  readonly build: string;
}

const VERSION = /^(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;

function parseVersion(text: string): Version | undefined {
  const found = VERSION.exec(text);
  if (found === null) return undefined;
  const [, numbers = '', preRelease, build = ''] = found;
  return { numbers: numbers.split('.'), preRelease: preRelease?.split('.'), build };
}

function comparePreReleases(left: readonly string[] | undefined, right: readonly string[] | undefined): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return compareLists(left, right);
}

/** Part by part; of two lists one of which begins the other, the shorter comes first. */
function compareLists(left: readonly string[], right: readonly string[]): number {
  for (const [place, part] of left.entries()) {
    const other = right[place];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers by value and before texts. */
function compareParts(left: string, right: string): number {
  const [a, b] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (a !== b) return a ? -1 : 1;
  if (!a) return compareTexts(left, right);
  const difference = BigInt(left) - BigInt(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
