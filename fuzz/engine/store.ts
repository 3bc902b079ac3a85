import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inputOf, type WrittenInput, writtenOf } from './inputs.ts';

/** An input that something was wrong with, and that must go well from then on. */
export interface FoundInput {
  /** What was wrong when it was found. */
  readonly was: string;
  readonly input: WrittenInput;
}

/** The corpus of a target has so many bytes at the most. */
const MOST_CORPUS_BYTES = 48 * 1024;

/** The project's folder, from the sources as from what is built of them. */
const root = ((): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

const fileOf = (kind: 'corpus' | 'found', target: string): string => join(root, 'fuzz', kind, `${target}.json`);

function read<T>(file: string): readonly T[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly T[]) : [];
}

/** An entry a line, so that what changes shows line by line. */
function write(file: string, entries: readonly unknown[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
}

/** Inputs of earlier runs, each of which reaches something that no shorter one does. */
export function readCorpus(target: string): readonly Buffer[] {
  return read<WrittenInput>(fileOf('corpus', target)).map(inputOf);
}

/** Keeps the shortest, as many as may be. */
export function writeCorpus(target: string, inputs: readonly Buffer[]): void {
  let room = MOST_CORPUS_BYTES;
  const kept: Buffer[] = [];
  for (const input of inputs.toSorted((a, b) => a.length - b.length || a.compare(b))) {
    room -= input.length;
    if (room < 0) break;
    kept.push(input);
  }
  write(fileOf('corpus', target), kept.map(writtenOf));
}

export function readFound(target: string): readonly FoundInput[] {
  return read<FoundInput>(fileOf('found', target));
}

/** Adds a finding to those that `fuzz/found.test.ts` tries. Gives the file. */
export function addFound(target: string, input: Buffer, was: string): string {
  const file = fileOf('found', target);
  const entry: FoundInput = { was, input: writtenOf(input) };
  const known = readFound(target);
  if (known.some((each) => JSON.stringify(each.input) === JSON.stringify(entry.input))) return file;
  write(file, [...known, entry]);
  return file;
}
