import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Io } from '../io.ts';
import { renderDiagnostic, type Sources } from './diagnostics.ts';
import { type Paint, paintFor } from './style.ts';
import { count } from './table.ts';

/** How an output is to be written to. */
export interface Terms {
  readonly paint: Paint;
  /** Without end where the output is no terminal: nothing is cut off for whoever reads it from a file. */
  readonly columns: number;
}

export function termsOf(io: Io, stream: 'stdout' | 'stderr'): Terms {
  const output = io[stream];
  return { paint: paintFor(output.terminal, io.env), columns: output.columns ?? Number.POSITIVE_INFINITY };
}

/**
 * Writes diagnostics to stderr, errors first, at most `most` of them; how many were left out is said, and `rest` says
 * where to see them.
 */
export async function writeDiagnostics(
  io: Io,
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  most: number,
  rest: string,
): Promise<void> {
  const { paint, columns } = termsOf(io, 'stderr');
  const ordered = [...diagnostics].sort((a, b) => rank(a) - rank(b));
  for (const found of ordered.slice(0, most)) {
    await io.stderr.write(`${renderDiagnostic(found, sources, paint, columns)}\n`);
  }
  const more = ordered.length - most;
  if (more > 0) await io.stderr.write(`${paint('gray', `… and ${count(more, 'more diagnostic')}; ${rest}`)}\n`);
}

function rank(found: Diagnostic): number {
  return found.severity === 'error' ? 0 : found.severity === 'warning' ? 1 : 2;
}

/** How often each code occurs, most frequent first. */
export function countCodes(diagnostics: readonly Diagnostic[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { code } of diagnostics) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
