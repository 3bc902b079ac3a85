#!/usr/bin/env node
import { useCompileCache } from './compile-cache.ts';
import { exit } from './exit.ts';
import { processIo } from './io.ts';

process.stdout.on('error', (failed: NodeJS.ErrnoException) => {
  // `dragoman … | head` closes our output early. There is nobody left to tell.
  if (failed.code === 'EPIPE') process.exit(exit.done);
  process.stderr.write(
    `error: output cannot be written: ${failed.code === 'ENOSPC' ? 'no space left on the device' : failed.message}\n`,
    () => process.exit(exit.input),
  );
});

// What cannot be said is no reason to keep back what was found; but not everything was said then.
let isUnsaid = false;
process.stderr.on('error', (failed: NodeJS.ErrnoException) => {
  if (failed.code !== 'EPIPE' && failed.code !== 'EBADF') isUnsaid = true;
});

// Only what is imported from here on is kept.
useCompileCache();
const { main } = await import('./program.ts');
const code = await main(process.argv.slice(2), processIo());
process.exitCode = isUnsaid && code === exit.done ? exit.input : code;
// What was being read when the run was interrupted (a terminal, a pipe) would keep the process.
if (code === exit.interrupted || code === exit.terminated) process.stdout.write('', () => process.exit(code));
