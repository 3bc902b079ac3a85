import type { Entries } from './entry.ts';

// biome-ignore lint/suspicious/noEmptyInterface: filled as the first codes come
export interface KustoCodes {}

export const kustoCodes: Entries<KustoCodes> = {};
