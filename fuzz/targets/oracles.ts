import { type Diagnostic, primarySpan } from '../../src/base/diagnostic.ts';
import { hold } from '../engine/target.ts';

/** Diagnostics that a text may have at the most, whatever stands in it. */
const MOST_DIAGNOSTICS = 20_000;

/** Every diagnostic says something, at a place of the text; there are not more of them than anyone may want. */
export function holdDiagnostics(diagnostics: readonly Diagnostic[], text: string, name: string): void {
  hold(diagnostics.length <= MOST_DIAGNOSTICS, `${diagnostics.length} diagnostics`);
  for (const found of diagnostics) {
    hold(found.message !== '', `${found.code} says nothing`);
    const labelled = found.labels.length > 0;
    hold(!labelled || primarySpan(found) !== undefined, `${found.code} has labels and no place`);
    const places = [
      ...found.labels.map(({ span }) => span),
      ...found.fixes.flatMap(({ edits }) => edits.map(({ span }) => span)),
    ];
    for (const { source, start, end } of places) {
      if (source !== name) continue;
      hold(
        0 <= start && start <= end && end <= text.length,
        `${found.code} is at ${start} to ${end} of ${text.length} characters`,
      );
    }
  }
}

/** What a value says, without the places where it stands in a text. */
export function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, held: unknown) => {
    if (key === 'span' || key === 'start' || key === 'end' || key === 'keyword') return undefined;
    if (held instanceof Map || held instanceof Set) return [...held];
    return typeof held === 'bigint' ? `${held}n` : held;
  });
}

/** Two things are the same; says where they begin to differ. */
export function holdSame(one: unknown, other: unknown, what: string): void {
  const [first, second] = [textOf(one), textOf(other)];
  if (first === second) return;
  let at = 0;
  while (first[at] === second[at]) at += 1;
  const near = (text: string): string => text.slice(Math.max(0, at - 60), at + 160);
  hold(false, `${what}: …${near(first)}… is not …${near(second)}…`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : withoutPlaces(value);
}

/** Whether a text holds what a terminal may follow: control characters but line feeds. */
export function steers(text: string): boolean {
  return /[^\P{Cc}\n]/u.test(text);
}
