import type { Entries } from './entry.ts';

// biome-ignore lint/suspicious/noEmptyInterface: filled as the first codes come
export interface PantherCodes {}

export const pantherCodes: Entries<PantherCodes> = {};
