#!/usr/bin/env node
import { processIo } from './io.ts';
import { main } from './program.ts';

// `dragoman … | head` closes our output early. There is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (failed: NodeJS.ErrnoException) => {
    if (failed.code === 'EPIPE') process.exit(0);
    throw failed;
  });
}

process.exitCode = await main(process.argv.slice(2), processIo());
