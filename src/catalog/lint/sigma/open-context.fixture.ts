import type { LoadContext } from '../../../formats/rule-file.ts';

/** A context in which there are no files, and every name may be a field. */
export const openContext: LoadContext = {
  readText: () => undefined,
  listFiles: () => [],
  schema: (name) => ({ name, typeOf: () => undefined, fieldNames: () => undefined }),
};
