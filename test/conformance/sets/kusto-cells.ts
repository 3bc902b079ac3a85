import { parseDateTime } from '../../../src/values/date-time.ts';
import { displayText } from '../../../src/values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../src/values/value.ts';

/** Whether a value is what a documentation page prints: pages round, wrap, quote and decorate what they show. */
export function sameCell(got: Value, printed: string, type: string | null): boolean {
  const want = clean(printed);
  if (got === null || got === undefined || got === '') return want === '' || want === 'null' || want === 'NaN';
  if (typeof got === 'number' && Number.isNaN(got)) return want === 'NaN' || want === '';
  if (got instanceof DateTime) return parseDateTime(want)?.ticks === got.ticks;
  if (got instanceof TimeSpan) return span(displayText(got) ?? '') === span(want);
  if (typeof got === 'number' || typeof got === 'bigint')
    return near(Number(got), Number(want.replaceAll(',', '').replace('∞', 'Infinity')));
  if (typeof got === 'boolean') return /^(true|1)$/i.test(want) === got && /^(true|false|0|1)$/i.test(want);
  if (typeof got === 'string') {
    if (squeeze(got) === squeeze(want) || JSON.stringify(got) === want) return true;
    return type === 'dynamic' && sameJson(got, want);
  }
  return sameJson(got, want);
}

function clean(text: string): string {
  return text
    .replace(/&nbsp;/g, ' ')
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/^`+|`+:?$/g, '')
    .replace(/\\\|/g, '|')
    .trim();
}

function squeeze(text: string): string {
  return text
    .replace(/^<(.*)>$/, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

function span(text: string): string {
  return text
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/^(-?)0\./, '$1');
}

function near(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= Math.max(1e-4 * Math.max(Math.abs(a), Math.abs(b)), 1e-9);
}

function sameJson(got: Value, printed: string): boolean {
  let want: unknown;
  try {
    want = JSON.parse(printed);
  } catch {
    // Some pages quote texts in JSON with single quotes.
    if (/^[[{]/.test(printed) && !printed.includes('"') && printed.includes("'"))
      return sameJson(got, printed.replaceAll("'", '"'));
    return squeeze(displayText(got) ?? '').replace(/\s/g, '') === squeeze(printed).replace(/\s/g, '');
  }
  return sameValue(got, want);
}

function sameValue(got: unknown, want: unknown): boolean {
  if (got instanceof DateTime) return typeof want === 'string' && parseDateTime(want)?.ticks === got.ticks;
  if (got instanceof TimeSpan) return typeof want === 'string' && span(displayText(got) ?? '') === span(want);
  if (typeof got === 'bigint') return typeof want === 'number' && near(Number(got), want);
  if (typeof got === 'number') return typeof want === 'number' && near(got, want);
  if (Array.isArray(got)) {
    return (
      Array.isArray(want) && got.length === want.length && got.every((item, index) => sameValue(item, want[index]))
    );
  }
  if (typeof got === 'object' && got !== null) {
    if (typeof want !== 'object' || want === null || Array.isArray(want)) return false;
    const expected = want as Record<string, unknown>;
    const keys = Object.keys(got);
    return (
      keys.length === Object.keys(expected).length &&
      keys.every((key) => sameValue((got as Record<string, unknown>)[key], expected[key]))
    );
  }
  return got === want;
}
