import type { DecodedBatch } from '../logs/decode/batch.ts';
import type { IndexType } from '../logs/index-documents.ts';
import { type ReadProgress, readLogs } from '../logs/input/index.ts';
import { MalformedValues } from '../logs/malformed.ts';
import type { InputRecord } from './session.ts';

/** Files of documents of one index. */
export interface GivenIndex {
  readonly paths: readonly string[];
  readonly type: IndexType;
}

/** What was read of documents, of which no view is asked what they are. */
export interface DocumentBatch {
  readonly batch: DecodedBatch;
  readonly records: readonly Required<InputRecord>[];
}

/** What is said of all documents together comes with no further ones. */
const NOTHING = { events: [], lines: 0, blank: 0, quiet: 0, undecodable: 0 } as const;

export async function* readIndices(
  indices: readonly GivenIndex[],
  options: { readonly onProgress?: (read: ReadProgress) => void; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<DocumentBatch> {
  for (const { paths, type } of indices) {
    const malformed = type.mapping && new MalformedValues(type.name, type.mapping);
    for await (const batch of readLogs(paths, options)) {
      for (const { event } of malformed === undefined ? [] : batch.events) malformed?.see(event);
      yield { batch, records: batch.events.map(({ event, source }) => ({ event, source, as: type })) };
    }
    const diagnostics = malformed?.diagnostics() ?? [];
    const [path = type.name] = paths;
    if (diagnostics.length > 0) yield { batch: { ...NOTHING, file: path, diagnostics }, records: [] };
  }
}
