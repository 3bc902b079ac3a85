import type { Severity } from '../../base/codes/entry.ts';
import type { Diagnostic, Fix } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { DEFAULT_COLUMNS } from '../io.ts';
import { printable } from './cells.ts';
import { excerpt, lineAt, lineStarts, lineText } from './excerpt.ts';
import type { Ink, Paint } from './style.ts';

export type Sources = ReadonlyMap<string, SourceText>;

const inks: Record<Severity, Ink> = { error: 'red', warning: 'yellow', info: 'cyan' };

export interface Place {
  readonly file: string;
  /** From 1, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Line numbers of texts, worked out once each. */
const starts = new WeakMap<SourceText, readonly number[]>();

function linesOf(source: SourceText): readonly number[] {
  let lines = starts.get(source);
  if (lines === undefined) {
    lines = lineStarts(source.text);
    starts.set(source, lines);
  }
  return lines;
}

/** Line and column of a span; undefined where its text is not known. */
export function placeOf(span: { source: string; start: number; end: number }, sources: Sources): Place | undefined {
  const source = sources.get(span.source);
  if (source === undefined) return undefined;
  const lines = linesOf(source);
  const line = lineAt(lines, span.start);
  const endLine = lineAt(lines, span.end);
  return {
    file: span.source,
    line: line + 1,
    column: span.start - (lines[line] ?? 0) + 1,
    endLine: endLine + 1,
    endColumn: span.end - (lines[endLine] ?? 0) + 1,
  };
}

/**
 * A diagnostic for a terminal: `file:line:column: severity code: message`, the excerpt with carets, hints and fixes.
 * Ends without a line end.
 */
export function renderDiagnostic(found: Diagnostic, sources: Sources, paint: Paint, columns: number): string {
  const primary = found.labels.find((label) => label.primary) ?? found.labels[0];
  const place = primary === undefined ? undefined : placeOf(primary.span, sources);
  const ink = inks[found.severity];
  const where =
    place !== undefined ? `${place.file}:${place.line}:${place.column}` : (primary?.span.source ?? undefined);
  const head = [
    where === undefined ? '' : `${paint('bold', printable(where))}: `,
    `${paint(ink, found.severity)} ${paint('gray', found.code)}: ${printable(found.message)}`,
  ].join('');
  const lines = [head];
  const bySource = new Map<string, typeof found.labels>();
  for (const label of found.labels) {
    bySource.set(label.span.source, [...(bySource.get(label.span.source) ?? []), label]);
  }
  for (const [name, labels] of bySource) {
    const source = sources.get(name);
    if (source === undefined) continue;
    const first = labels[0];
    if (name !== primary?.span.source && first !== undefined) {
      const other = placeOf(first.span, sources);
      if (other !== undefined) lines.push(`  ${printable(other.file)}:${other.line}:${other.column}:`);
    }
    // A file without a place in it points at its very beginning: the line would say nothing.
    if (labels.every((label) => label.span.start === 0 && label.span.end === 0 && label.text === '')) continue;
    const marks = labels.map((label) => ({ ...label.span, text: label.text, primary: label.primary }));
    lines.push(...excerpt(source.text, marks, paint, ink, Number.isFinite(columns) ? columns : DEFAULT_COLUMNS));
  }
  for (const hint of found.hints) lines.push(`  ${paint('cyan', 'hint:')} ${printable(hint)}`);
  for (const fix of found.fixes) lines.push(...renderFix(fix, sources, paint));
  return lines.join('\n');
}

/** A fix as the lines that it makes. */
function renderFix(fix: Fix, sources: Sources, paint: Paint): string[] {
  const lines = [`  ${paint('green', 'fix:')} ${printable(fix.title)}`];
  const source = sources.get(fix.edits[0]?.span.source ?? '');
  if (source === undefined || fix.edits.some((edit) => edit.span.source !== source.name)) return lines;
  const edits = [...fix.edits].sort((a, b) => a.span.start - b.span.start);
  const starts = linesOf(source);
  const firstLine = lineAt(starts, edits[0]?.span.start ?? 0);
  const lastLine = lineAt(starts, edits.at(-1)?.span.end ?? 0);
  let at = starts[firstLine] ?? 0;
  const end = at + lineText(source.text, starts, lastLine).length + (starts[lastLine] ?? 0) - (starts[firstLine] ?? 0);
  let mended = '';
  for (const edit of edits) {
    mended += source.text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  mended += source.text.slice(at, end);
  const gutter = String(lastLine + 1).length;
  const made = mended.split('\n');
  for (const [index, line] of made.slice(0, 3).entries()) {
    const number = String(firstLine + index + 1).padStart(gutter);
    lines.push(`  ${paint('gray', number)} ${paint('green', `+ ${printable(line)}`)}`);
  }
  if (made.length > 3) lines.push(`  ${' '.repeat(gutter)} …`);
  return lines;
}

/** A diagnostic as JSON: flat where tools look first, everything else beside it. */
export function diagnosticJson(found: Diagnostic, sources: Sources): Record<string, unknown> {
  const primary = found.labels.find((label) => label.primary);
  return {
    code: found.code,
    severity: found.severity,
    message: found.message,
    ...(primary === undefined ? {} : spanJson(primary.span, sources)),
    labels: found.labels.map((label) => ({
      ...spanJson(label.span, sources),
      text: label.text,
      primary: label.primary,
    })),
    hints: found.hints,
    fixes: found.fixes.map((fix) => ({
      title: fix.title,
      edits: fix.edits.map((edit) => ({ ...spanJson(edit.span, sources), text: edit.text })),
    })),
    params: found.params,
  };
}

function spanJson(
  span: { source: string; start: number; end: number },
  sources: Sources,
): Record<string, string | number> {
  const place = placeOf(span, sources);
  if (place === undefined) return { file: span.source, start: span.start, end: span.end };
  return {
    file: span.source,
    line: place.line,
    column: place.column,
    end_line: place.endLine,
    end_column: place.endColumn,
    start: span.start,
    end: span.end,
  };
}
