import type { Method } from '../answers.ts';

/** A call of a harness function. All arguments and results are text. */
export interface Job<M extends Method = Method> {
  readonly method: M;
  readonly args: readonly string[];
}

/** What the process is asked: to run the jobs in order. */
export interface Request {
  readonly call: number;
  readonly jobs: readonly Job[];
  /** Answer each job as soon as it is done, so that it is known which one ends the process. */
  readonly each: boolean;
}

/** What the process says; everything else it sends ends it. */
export type Reply =
  | { readonly kind: 'ready'; readonly snapshot: boolean }
  | { readonly kind: 'broken'; readonly reason: string }
  /** Answers to the next jobs of the call. `more`: the last one is the beginning of an answer, or what goes on with it. */
  | { readonly kind: 'answers'; readonly call: number; readonly answers: readonly string[]; readonly more: boolean }
  /** Python itself broke at the job after the last one answered; the process is of no use any more. */
  | { readonly kind: 'failed'; readonly call: number; readonly reason: string };

/** The longest message that is taken from a process. */
export const MOST_REPLY_BYTES: number = 64 * 1024 ** 2;
/** The longest snapshot that is taken from a process. */
export const MOST_SNAPSHOT_BYTES: number = 512 * 1024 ** 2;

/** A message read from text; undefined: it is none. The text may come from anyone. */
export function readReply(text: string): Reply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, call, answers, more, reason, snapshot } = value as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'ready':
      return typeof snapshot === 'boolean' ? { kind, snapshot } : undefined;
    case 'broken':
      return typeof reason === 'string' ? { kind, reason: told(reason) } : undefined;
    case 'answers':
      return typeof call === 'number' && isTexts(answers) && typeof more === 'boolean'
        ? { kind, call, answers, more }
        : undefined;
    case 'failed':
      return typeof call === 'number' && typeof reason === 'string' ? { kind, call, reason: told(reason) } : undefined;
    default:
      return undefined;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** The end of a reason, without anything that steers a terminal. */
export function told(reason: string): string {
  return reason.slice(-2000).replace(/[^\P{Cc}\n]/gu, '');
}

/** A message with its length before it. */
export function frame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const made = Buffer.allocUnsafe(4 + size);
  made.writeUInt32LE(size, 0);
  made.write(text, 4);
  return made;
}

/** Puts together what arrives in pieces. */
export class FrameReader {
  private readonly pieces: Buffer[] = [];
  private held = 0;
  private wanted: number | undefined;
  private most = MOST_REPLY_BYTES;

  /** The next message may be this long. */
  allow(most: number): void {
    this.most = most;
  }

  /** The messages that are complete with this piece; undefined: one is longer than allowed. */
  *add(piece: Buffer): Generator<Buffer | undefined> {
    this.pieces.push(piece);
    this.held += piece.length;
    for (;;) {
      if (this.wanted === undefined) {
        if (this.held < 4) return;
        this.wanted = this.take(4).readUInt32LE(0);
        if (this.wanted > this.most) {
          yield undefined;
          return;
        }
      }
      if (this.held < this.wanted) return;
      const message = this.take(this.wanted);
      this.wanted = undefined;
      yield message;
    }
  }

  private take(size: number): Buffer {
    const all = this.pieces.length === 1 ? (this.pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(this.pieces);
    this.pieces.length = 0;
    this.held -= size;
    if (this.held > 0) this.pieces.push(all.subarray(size));
    return all.subarray(0, size);
  }
}
