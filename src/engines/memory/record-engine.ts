import type { RecordEngine } from '../port.ts';

/** Every filter is asked of every record. */
export const memoryRecords: RecordEngine = {
  name: 'memory',
  scans: false,
  compile: (filters) => {
    const all = [...filters.keys()];
    return { candidates: () => all, decides: false, scanned: undefined };
  },
};
