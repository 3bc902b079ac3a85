import { createHash } from 'node:crypto';

/** An input as a file holds it: text, or bytes that are none in base64. */
export type WrittenInput = string | { readonly base64: string };

export function writtenOf(input: Buffer): WrittenInput {
  const text = input.toString('utf8');
  return Buffer.from(text, 'utf8').equals(input) ? text : { base64: input.toString('base64') };
}

export function inputOf(written: WrittenInput | Uint8Array): Buffer {
  if (typeof written === 'string') return Buffer.from(written, 'utf8');
  if (written instanceof Uint8Array) return Buffer.from(written);
  return Buffer.from(written.base64, 'base64');
}

/** What an input is known by. */
export function hashOf(input: Buffer): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 12);
}
