import type { Segment } from '../../base/source-text.ts';

/**
 * Where each character of a YAML string stands in the file. `source` is the scalar as written, quotes or block header
 * included, `start` its offset in the file, `value` what YAML makes of it. A place that cannot be told falls to the
 * nearest known one before it.
 */
export function scalarSegments(source: string, start: number, value: string, style: string | undefined): Segment[] {
  switch (style) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return blockSegments(source, start, value, style === 'BLOCK_FOLDED');
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return flowSegments(source, start, value, style === 'QUOTE_DOUBLE' ? '"' : "'");
    default:
      return value === source ? [{ at: 0, file: start }] : flowSegments(source, start, value, '');
  }
}

/** Collects `text offset → file offset` and keeps only where a new run begins. */
class Runs {
  readonly segments: Segment[] = [];
  private shift: number | undefined;

  add(at: number, file: number): void {
    if (file - at === this.shift) return;
    this.shift = file - at;
    this.segments.push({ at, file });
  }
}

/** Plain and quoted scalars: line breaks fold, quotes have escapes. */
function flowSegments(source: string, start: number, value: string, quote: '' | "'" | '"'): Segment[] {
  const runs = new Runs();
  const end = quote === '' ? source.length : source.length - 1;
  let from = quote === '' ? 0 : 1;
  let at = 0;
  runs.add(0, start + from);
  while (from < end && at < value.length) {
    const fold = /[ \t]*\r?\n[ \t\r\n]*/y;
    fold.lastIndex = from;
    const folded = fold.exec(source)?.[0];
    if (folded !== undefined) {
      const breaks = folded.split('\n').length - 1;
      runs.add(at, start + from);
      at += breaks === 1 ? 1 : breaks - 1;
      from += folded.length;
      if (at < value.length) runs.add(at, start + from);
      continue;
    }
    runs.add(at, start + from);
    const [taken, given] =
      quote === '"' ? doubleQuotedStep(source, from) : [quote !== '' && source[from] === quote ? 2 : 1, 1];
    from += taken;
    at += given;
  }
  return runs.segments;
}

/** How long each escape is behind its backslash letter, in hexadecimal digits. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Characters taken from the source and given to the text by the one at `from`. */
function doubleQuotedStep(source: string, from: number): readonly [taken: number, given: number] {
  if (source[from] !== '\\') return [1, 1];
  const letter = source[from + 1] ?? '';
  const continued = /\\\r?\n[ \t]*/y;
  continued.lastIndex = from;
  const joined = continued.exec(source)?.[0];
  if (joined !== undefined) return [joined.length, 0];
  const digits = HEX_DIGITS[letter] ?? 0;
  const written = source.slice(from + 2, from + 2 + digits);
  // An escape that is cut short stays as it is written.
  if (written.length < digits || /[^0-9a-f]/i.test(written)) return [2 + digits, 2 + written.length];
  return [2 + digits, Number.parseInt(written, 16) > 0xffff ? 2 : 1];
}

/** Block scalars: a header line, then lines of which the indentation goes; folded ones also lose line breaks. */
function blockSegments(source: string, start: number, value: string, folded: boolean): Segment[] {
  const runs = new Runs();
  const header = source.indexOf('\n');
  let lineStart = header + 1;
  let at = 0;
  while (header !== -1 && lineStart <= source.length && at < value.length) {
    const breakAt = source.indexOf('\n', lineStart);
    const lineEnd = breakAt === -1 ? source.length : breakAt;
    const contentEnd = lineEnd > lineStart && source[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
    if (folded) {
      const line = source.slice(lineStart, contentEnd).trimStart();
      let place = at;
      while (!value.startsWith(line, place) && /[ \t\n]/.test(value[place] ?? '')) place += 1;
      if (line !== '' && value.startsWith(line, place)) {
        runs.add(place, start + contentEnd - line.length);
        at = place + line.length;
      }
    } else {
      // What is left of a literal line is its end, as long as the text's line.
      const textEnd = value.indexOf('\n', at);
      const length = (textEnd === -1 ? value.length : textEnd) - at;
      runs.add(at, start + Math.max(lineStart, contentEnd - length));
      at += length + 1;
    }
    lineStart = lineEnd + 1;
  }
  const first = runs.segments[0];
  if (first === undefined || first.at > 0) runs.segments.unshift({ at: 0, file: start + header + 1 });
  return runs.segments;
}
