/** Punycode (RFC 3492), with its parameters for domain names. */
const BASE = 36;
const LEAST_THRESHOLD = 1;
const MOST_THRESHOLD = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 128;
/** Longer texts are given back as they are: the work grows with the square of the length. */
const LONGEST = 2048;

function adapted(delta: number, points: number, isFirst: boolean): number {
  let left = Math.floor(delta / (isFirst ? DAMP : 2));
  left += Math.floor(left / points);
  let bias = 0;
  while (left > ((BASE - LEAST_THRESHOLD) * MOST_THRESHOLD) / 2) {
    left = Math.floor(left / (BASE - LEAST_THRESHOLD));
    bias += BASE;
  }
  return bias + Math.floor(((BASE - LEAST_THRESHOLD + 1) * left) / (left + SKEW));
}

function threshold(place: number, bias: number): number {
  return Math.max(LEAST_THRESHOLD, Math.min(MOST_THRESHOLD, place - bias));
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? value + 97 : value + 22);
}

export function encodePunycode(text: string): string {
  const points = [...text].map((char) => char.codePointAt(0) ?? 0);
  if (points.length > LONGEST) return text;
  const basic = points.filter((point) => point < FIRST_CODE);
  let output = String.fromCodePoint(...basic);
  if (basic.length > 0) output += '-';
  let code = FIRST_CODE;
  let delta = 0;
  let bias = FIRST_BIAS;
  let handled = basic.length;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= code));
    delta += (next - code) * (handled + 1);
    code = next;
    for (const point of points) {
      if (point < code) delta += 1;
      if (point !== code) continue;
      let rest = delta;
      for (let place = BASE; ; place += BASE) {
        const limit = threshold(place, bias);
        if (rest < limit) break;
        output += digit(limit + ((rest - limit) % (BASE - limit)));
        rest = Math.floor((rest - limit) / (BASE - limit));
      }
      output += digit(rest);
      bias = adapted(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    code += 1;
  }
  return output;
}

/** Undefined where the text is no punycode. */
export function decodePunycode(text: string): string | undefined {
  const cut = text.lastIndexOf('-');
  const points = [...text.slice(0, Math.max(0, cut))].map((char) => char.codePointAt(0) ?? 0);
  if (text.length > LONGEST || points.some((point) => point >= FIRST_CODE)) return undefined;
  let code = FIRST_CODE;
  let bias = FIRST_BIAS;
  let at = 0;
  for (let from = cut === -1 ? 0 : cut + 1; from < text.length; ) {
    const before = at;
    let weight = 1;
    for (let place = BASE; ; place += BASE) {
      const char = text.charCodeAt(from);
      from += 1;
      const value =
        char >= 48 && char <= 57
          ? char - 22
          : char >= 97 && char <= 122
            ? char - 97
            : char >= 65 && char <= 90
              ? char - 65
              : BASE;
      if (value >= BASE) return undefined;
      at += value * weight;
      const limit = threshold(place, bias);
      if (value < limit) break;
      weight *= BASE - limit;
      if (weight > Number.MAX_SAFE_INTEGER) return undefined;
    }
    bias = adapted(at - before, points.length + 1, before === 0);
    code += Math.floor(at / (points.length + 1));
    at %= points.length + 1;
    if (code > 0x10ffff) return undefined;
    points.splice(at, 0, code);
    at += 1;
  }
  return points.map((point) => String.fromCodePoint(point)).join('');
}

const PREFIX = 'xn--';

/** Labels end at any of the full stops that domain names know. */
const DOTS = /[.\u3002\uff0e\uff61]/;

export function encodeDomain(domain: string): string {
  return domain
    .split(DOTS)
    .map((label) => ([...label].every((char) => char < '\u0080') ? label : PREFIX + encodePunycode(label)))
    .join('.');
}

export function decodeDomain(domain: string): string {
  return domain
    .split(DOTS)
    .map((label) =>
      label.toLowerCase().startsWith(PREFIX) ? (decodePunycode(label.slice(PREFIX.length)) ?? label) : label,
    )
    .join('.');
}
