import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../base/codes/entry.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { placeOf, type Sources } from './diagnostics.ts';

const levels: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/** Diagnostics as a SARIF 2.1.0 log, which code hosts and editors show beside the lines. */
export function sarifLog(diagnostics: readonly Diagnostic[], sources: Sources, version: string): object {
  const codes = [...new Set(diagnostics.map((found) => found.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'dragoman', version, rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((found) => {
          const primary = found.labels.find((label) => label.primary);
          const others = found.labels.filter((label) => !label.primary);
          return {
            ruleId: found.code,
            ruleIndex: codes.indexOf(found.code),
            level: levels[found.severity],
            message: { text: [found.message, ...found.hints.map((hint) => `Hint: ${hint}`)].join('\n') },
            ...(primary === undefined ? {} : { locations: [location(primary.span, sources)] }),
            ...(others.length === 0
              ? {}
              : {
                  relatedLocations: others.map((label, id) => ({
                    id,
                    ...location(label.span, sources),
                    ...(label.text === '' ? {} : { message: { text: label.text } }),
                  })),
                }),
            ...(found.fixes.length === 0 ? {} : { fixes: found.fixes.map((fix) => sarifFix(fix, sources)) }),
          };
        }),
      },
    ],
  };
}

function location(span: Span, sources: Sources): object {
  const region = regionOf(span, sources);
  return { physicalLocation: { artifactLocation: { uri: uriOf(span.source) }, ...(region && { region }) } };
}

function regionOf(span: Span, sources: Sources): object | undefined {
  const place = placeOf(span, sources);
  if (place === undefined) return undefined;
  return {
    startLine: place.line,
    startColumn: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
    charOffset: span.start,
    charLength: span.end - span.start,
  };
}

function sarifFix(fix: Diagnostic['fixes'][number], sources: Sources): object {
  const files = [...new Set(fix.edits.map((edit) => edit.span.source))];
  return {
    description: { text: fix.title },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements: fix.edits
        .filter((edit) => edit.span.source === file)
        .map((edit) => ({
          deletedRegion: regionOf(edit.span, sources) ?? {},
          insertedContent: { text: edit.text },
        })),
    })),
  };
}

/** A file as SARIF names it: by its address, or by its path as it was given. */
export function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path
    .split(/[\\/]/)
    .map((part) => encodeURIComponent(part))
    .join('/');
}
