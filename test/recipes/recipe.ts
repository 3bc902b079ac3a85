import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One thing that a recipe tells the reader to do. */
export type Step =
  | { readonly what: 'write'; readonly file: string; readonly text: string }
  | { readonly what: 'change'; readonly file: string; readonly before: string; readonly after: string }
  | { readonly what: 'run'; readonly command: string };

export interface Recipe {
  readonly name: string;
  readonly steps: readonly Step[];
}

/**
 * The recipes of a page: its headings `### Add …`, with what the blocks of code below them say. A block with a language and a path is a
 * new file; one of `diff` and a path adds lines to a file or takes lines out of it, one of `sh` holds commands.
 */
export function recipesOf(page: string): readonly Recipe[] {
  return page
    .split(/^(?=##+ )/m)
    .filter((section) => section.startsWith('### Add '))
    .map((section) => ({
      name: section.slice('### '.length, section.indexOf('\n')),
      steps: [...section.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].flatMap(([, language, file, text = '']) =>
        stepsOf(language ?? '', file, text),
      ),
    }));
}

function stepsOf(language: string, file: string | undefined, text: string): readonly Step[] {
  if (language === 'sh') {
    const commands = text.split('\n').filter((line) => line.trim() !== '');
    return commands.map((command) => ({ what: 'run', command }));
  }
  if (file === undefined) throw new Error(`a block of ${language} in a recipe names no file`);
  if (language !== 'diff') return [{ what: 'write', file, text }];
  // Hunks are told apart by empty lines.
  return text
    .trimEnd()
    .split('\n\n')
    .map((hunk) => ({ what: 'change', file, before: side(hunk, '-'), after: side(hunk, '+') }));
}

function side(hunk: string, mark: '-' | '+'): string {
  const lines = hunk.split('\n').filter((line) => line.startsWith(' ') || line.startsWith(mark));
  return lines.map((line) => `${line.slice(1)}\n`).join('');
}

/** Does a step that changes files, to the letter. Throws where that cannot be done. */
export function follow(step: Exclude<Step, { what: 'run' }>, root: string): void {
  const path = join(root, step.file);
  if (step.what === 'write') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, step.text, { flag: 'wx' });
    return;
  }
  const text = readFileSync(path, 'utf8');
  const parts = text.split(step.before);
  if (parts.length !== 2) throw new Error(`${step.file} has ${parts.length - 1} places that read:\n${step.before}`);
  writeFileSync(path, parts.join(step.after));
}
