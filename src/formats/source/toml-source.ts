import { type Result, success } from '../../base/result.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { LocatedTable } from './located.ts';
import { readByLibrary } from './toml/library.ts';
import { readPlain } from './toml/plain-reader.ts';

/** Reads TOML 1.0. Fails with `input/toml` at the first error. Never throws. */
export function readToml(file: SourceText): Result<LocatedTable> {
  const plain = readPlain(file);
  return plain === undefined ? readByLibrary(file) : success(plain);
}
