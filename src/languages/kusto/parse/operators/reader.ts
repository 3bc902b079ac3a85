import type { Name, OperatorForm } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';

/** Reads what stands behind an operator's name, which begins at `start`. */
export type Reader = (cursor: Cursor, start: number, name: Name) => OperatorForm;

/** The operators of one family, by their names; the older of two names is only another way to write it. */
export type Readers = Readonly<Record<string, Reader>>;
