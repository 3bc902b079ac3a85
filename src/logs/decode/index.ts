import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { DecodedBatch } from './batch.ts';
import { DamagedInput } from './damaged-input.ts';
import { LogDecoder } from './decoder.ts';
import type { LinesAhead, Piece } from './lines-ahead.ts';
import { ScanAhead } from './scan-ahead.ts';

export { type DecodedBatch, type DecodedEvent, ScannedEvent } from './batch.ts';
export { type LineScanner, type LineSink, type LinesScanned, type LinesTold, MOST_ODD } from './line-scanner.ts';
export type { FilePart, LinesAhead, PartTold, Piece } from './lines-ahead.ts';
export { eventDataOfXml } from './xml/event-xml.ts';

export interface DecodeOptions {
  /** Reads lines of JSON in the decoder's place. */
  readonly scanner?: LinesAhead | undefined;
  /** The same bytes, where lines of them are scanned already. */
  readonly pieces?: AsyncIterable<Piece> | undefined;
  /** Whether lines of no known form are records of their text (`message`), as where the user says what they are. */
  readonly takesAny?: boolean;
}

/**
 * Decodes one file's bytes, uncompressed, in the formats that `LogDecoder` lists. Batches come as the bytes do and
 * the next bytes are asked for when the batch was taken, so no more than a few pieces of the file are in memory.
 * A source that fails ends the file with a diagnostic: `logs/damaged` for a `DamagedInput`, else `logs/unreadable`.
 */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  { scanner, pieces, takesAny = false }: DecodeOptions = {},
): AsyncGenerator<DecodedBatch, void, void> {
  const decoder = new LogDecoder(file, scanner?.here, takesAny);
  let failure: unknown;
  try {
    for await (const piece of pieces ?? piecesOf(bytes, scanner)) {
      if (piece.isText) decoder.beginText();
      const told = piece.told !== undefined && decoder.takesLines ? decoder.tell(piece.told) : 0;
      for (const chunk of piece.bytes(told)) decoder.push(chunk);
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

async function* piecesOf(
  stream: AsyncIterable<Uint8Array>,
  scanner: LinesAhead | undefined,
): AsyncGenerator<Piece, void, void> {
  if (scanner !== undefined && scanner.depth > 0) {
    yield* new ScanAhead(scanner, stream).pieces();
    return;
  }
  for await (const chunk of stream) yield { isText: false, told: undefined, bytes: () => [chunk] };
}

/** Says why a source of bytes broke off. */
export function failureDiagnostic(failure: unknown, file: string, line: number): Diagnostic {
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
