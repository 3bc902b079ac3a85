import { memoryRecords } from './memory/record-engine.ts';
import type { EngineName, RecordEngine } from './port.ts';
import { streamRecords } from './stream/record-engine.ts';

/** The engines that decide records. All give the memory engine's verdicts. */
export const recordEngines: Readonly<Record<EngineName, RecordEngine>> = {
  memory: memoryRecords,
  stream: streamRecords,
};
