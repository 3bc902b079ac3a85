import { diagnostic } from '../../base/diagnostic.ts';
import type { DecodedBatch } from './batch.ts';
import { DamagedInput } from './damaged-input.ts';
import { LogDecoder } from './decoder.ts';
import type { LineScanner, LinesAhead } from './line-scanner.ts';
import { type ReadInto, ScanAhead } from './scan-ahead.ts';

export type { DecodedBatch, DecodedEvent } from './batch.ts';
export type { LineScanner, LineSink, LinesAhead, LinesScanned } from './line-scanner.ts';
export type { ReadInto } from './scan-ahead.ts';

/**
 * Decodes one file's bytes, uncompressed, in the formats that `LogDecoder` lists. Batches come as the bytes do and
 * the next bytes are asked for when the batch was taken, so no more than a piece of the file is in memory.
 * `plain`: the same bytes, where they can be read into memory that is scanned ahead.
 * A source that fails ends the file with a diagnostic: `logs/damaged` for a `DamagedInput`, else `logs/unreadable`.
 */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  scanner?: LineScanner | LinesAhead,
  plain?: ReadInto,
): AsyncGenerator<DecodedBatch, void, void> {
  const isAhead = scanner !== undefined && 'here' in scanner;
  const ahead = isAhead ? new ScanAhead(scanner, plain ?? bytes) : undefined;
  const decoder = new LogDecoder(file, isAhead ? ahead : scanner);
  let failure: unknown;
  try {
    for await (const chunk of ahead?.pieces() ?? bytes) {
      decoder.push(chunk);
      const batch = decoder.take();
      if (batch.lines > 0 || batch.diagnostics.length > 0 || batch.events.length > 0) yield batch;
    }
  } catch (error) {
    failure = error;
  }
  decoder.end();
  const last = decoder.take();
  yield failure === undefined
    ? last
    : { ...last, diagnostics: [...last.diagnostics, failureDiagnostic(failure, file, decoder.currentLine)] };
}

function failureDiagnostic(failure: unknown, file: string, line: number): DecodedBatch['diagnostics'][number] {
  const reason = failure instanceof Error ? failure.message : String(failure);
  if (!(failure instanceof DamagedInput)) return diagnostic('logs/unreadable', { file, reason });
  const { compression, bytes } = failure;
  return diagnostic('logs/damaged', { file, compression, bytes, line, reason });
}

/** Decodes a text or bytes at hand as one batch: an event file, a test. `name` is what diagnostics call it. */
export function decodeText(text: string | Uint8Array, name: string): DecodedBatch {
  const decoder = new LogDecoder(name);
  decoder.push(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
  decoder.end();
  return decoder.take();
}
