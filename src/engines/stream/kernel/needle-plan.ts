/** How often three bytes in a row (a word, little end first, letters in lower case) were seen. */
export type Threes = ReadonlyMap<number, number>;

/** Where in a needle the three bytes are that it is looked for by. */
interface PlannedNeedle {
  readonly needle: number;
  readonly offset: number;
}

const BUCKETS = 8;
const PLACES = 3;
/** So many of a needle's grams are tried, the rarest first. */
const MOST_TRIED = 4;
/** So many distinct grams of the sample are looked at: the commonest. */
const MOST_SEEN = 1_500;
/** What was never seen counts as if so many grams of the sample were what the bytes' own frequencies say. */
const UNSEEN = 0.05;

/**
 * Of bytes at each of three places, which low halves are wanted (16 bits) and which high ones (16 bits above). Halves of different
 * bytes let others pass: that is what a bucket of the kernel's nibble table holds.
 */
interface Wanted {
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

const NOTHING: Wanted = { first: 0, second: 0, third: 0 };

function join(left: Wanted, right: Wanted): Wanted {
  return {
    first: left.first | right.first,
    second: left.second | right.second,
    third: left.third | right.third,
  };
}

function wantedAt(needle: Uint8Array, offset: number): Wanted {
  const halves = (at: number): number => {
    const byte = needle[at];
    return byte === undefined ? -1 : (1 << (byte & 15)) | (0x10000 << (byte >> 4));
  };
  return { first: halves(offset), second: halves(offset + 1), third: halves(offset + 2) };
}

/** Whether a byte, the lowest of `bytes`, passes. */
function passes(halves: number, bytes: number): number {
  return (halves >> (bytes & 15)) & (halves >>> (16 + ((bytes >> 4) & 15))) & 1;
}

export type Plan = readonly (readonly PlannedNeedle[])[];

/** So many plans are kept for the same needles: logs of different kinds want different ones. */
const MOST_PLANS = 4;

/** Plans for lists of needles, kept for as long as they serve. */
export class NeedlePlans {
  private readonly plans = new Map<string, Plan[]>();

  /** As `planNeedles`; one that was made before serves again where it lets pass at most one in `enough` places seen. */
  of(needles: readonly Uint8Array[], seen: Threes, enough: number): Plan {
    const key = needles.map((needle) => Buffer.from(needle).toString('latin1')).join('\0');
    const plans = this.plans.get(key) ?? [];
    this.plans.set(key, plans);
    const estimate = new Estimate(seen);
    let best: Plan | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const plan of plans) {
      const passing = weightOf(plan, needles, estimate);
      if (passing >= least) continue;
      best = plan;
      least = passing;
    }
    if (best !== undefined && (plans.length >= MOST_PLANS || least * enough <= estimate.total)) return best;
    const made = planWith(needles, estimate);
    plans.push(made);
    return made;
  }
}

function weightOf(plan: Plan, needles: readonly Uint8Array[], estimate: Estimate): number {
  let sum = 0;
  for (const members of plan) {
    const wanted = members.map(({ needle, offset }) => wantedAt(needles[needle] ?? new Uint8Array(), offset));
    sum += estimate.of(wanted.reduce(join, NOTHING), Number.POSITIVE_INFINITY);
  }
  return sum;
}

/**
 * Puts needles (in lower case, at least three bytes each) into eight buckets, and chooses by which three bytes each is looked
 * for, so that as few places as possible of texts like those seen pass: needles that share bytes share a bucket.
 */
export function planNeedles(needles: readonly Uint8Array[], seen: Threes): Plan {
  return planWith(needles, new Estimate(seen));
}

/** A plan for texts of which none was seen: made at once, as there is nothing to weigh. */
export function planUnseen(needles: readonly Uint8Array[]): Plan {
  const planned = needles.map((bytes, needle) => ({ needle, offset: tellingOffset(bytes), bytes }));
  planned.sort((a, b) => Buffer.compare(a.bytes.subarray(a.offset), b.bytes.subarray(b.offset)));
  const perBucket = Math.ceil(planned.length / BUCKETS);
  return Array.from({ length: BUCKETS }, (_, bucket) => planned.slice(bucket * perBucket, (bucket + 1) * perBucket));
}

/** Where a sign other than those of paths stands in the middle of three bytes; else the middle of the needle. */
export function tellingOffset(bytes: Uint8Array): number {
  const last = Math.max(0, bytes.length - PLACES);
  for (let at = 0; at <= last; at += 1) {
    const byte = bytes[at + 1] ?? 0;
    const isUsual = (byte >= 0x61 && byte <= 0x7a) || byte === 0x5c || byte === 0x20 || byte === 0x2e;
    if (!isUsual) return at;
  }
  return last >> 1;
}

function planWith(needles: readonly Uint8Array[], estimate: Estimate): Plan {
  const choices = needles.map((needle) => {
    const all = Array.from({ length: Math.max(1, needle.length - PLACES + 1) }, (_, offset) => {
      const wanted = wantedAt(needle, offset);
      return { offset, wanted, weight: estimate.of(wanted, Number.POSITIVE_INFINITY) };
    });
    return all.sort((a, b) => a.weight - b.weight).slice(0, MOST_TRIED);
  });
  // Those that are common whatever is done choose first.
  const order = [...choices.keys()].sort((a, b) => (choices[b]?.[0]?.weight ?? 0) - (choices[a]?.[0]?.weight ?? 0));
  const buckets: { wanted: Wanted; weight: number; members: PlannedNeedle[] }[] = [];
  for (const needle of order) {
    let best: { bucket: number; offset: number; wanted: Wanted; weight: number } | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let bucket = 0; bucket <= buckets.length && bucket < BUCKETS; bucket += 1) {
      const at = buckets[bucket];
      const before = at?.weight ?? 0;
      for (const { offset, wanted: one } of choices[needle] ?? []) {
        const wanted = join(at?.wanted ?? NOTHING, one);
        const weight = estimate.of(wanted, least + before);
        if (weight - before >= least) continue;
        least = weight - before;
        best = { bucket, offset, wanted, weight };
      }
    }
    const { bucket, offset, wanted, weight } = best ?? { bucket: 0, offset: 0, wanted: NOTHING, weight: 0 };
    const into = buckets[bucket] ?? { wanted, weight, members: [] };
    into.wanted = wanted;
    into.weight = weight;
    into.members.push({ needle, offset });
    buckets[bucket] = into;
  }
  return buckets.map(({ members }) => members);
}

/** How many places are to be expected to pass. */
class Estimate {
  private readonly grams: Uint32Array;
  private readonly counts: Float64Array;
  /** For each byte, its share of the text. */
  private readonly bytes = new Float64Array(256);
  private readonly unseen: number;
  private readonly shares = new Map<number, number>();
  /** Places seen. */
  readonly total: number;

  constructor(seen: Threes) {
    const commonest = [...seen].sort((a, b) => b[1] - a[1]).slice(0, MOST_SEEN);
    this.grams = Uint32Array.from(commonest, ([gram]) => gram);
    this.counts = Float64Array.from(commonest, ([, count]) => count);
    let total = 0;
    for (const [gram, count] of commonest) {
      this.bytes[gram & 0xff] = (this.bytes[gram & 0xff] ?? 0) + count;
      total += count;
    }
    this.total = total;
    this.unseen = Math.max(1, total * UNSEEN);
    // A little of what is usual everywhere: more letters than digits, more of these than of signs.
    for (let byte = 0; byte < 256; byte += 1) {
      const usual = byte >= 0x61 && byte <= 0x7a ? 0.03 : byte >= 0x30 && byte <= 0x39 ? 0.01 : 0.002;
      this.bytes[byte] = (this.bytes[byte] ?? 0) / (total + 1) + usual / (total / 1000 + 1);
    }
  }

  /** Stops where it comes to `most`. */
  of({ first, second, third }: Wanted, most: number): number {
    let sum = this.unseen * this.share(first) * this.share(second) * this.share(third);
    const { grams, counts } = this;
    for (let at = 0; at < grams.length && sum < most; at += 1) {
      const gram = grams[at] ?? 0;
      if (passes(first, gram) & passes(second, gram >> 8) & passes(third, gram >> 16)) sum += counts[at] ?? 0;
    }
    return sum;
  }

  private share(halves: number): number {
    let known = this.shares.get(halves);
    if (known === undefined) {
      known = 0;
      for (let byte = 0; byte < 256; byte += 1) if (passes(halves, byte) !== 0) known += this.bytes[byte] ?? 0;
      this.shares.set(halves, known);
    }
    return Math.min(1, known);
  }
}
