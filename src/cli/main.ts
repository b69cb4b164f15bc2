#!/usr/bin/env node
// The program `bulkhead`: reads its arguments, runs one command, sets the exit code.
// Nothing is loaded here that --help does not need; each command loads its own part.
import { runProgram } from './program.ts';

// A reader that has seen enough closes the pipe. That is its right, and no error.
process.stdout.on('error', (reason: NodeJS.ErrnoException) => {
  if (reason.code !== 'EPIPE') throw reason;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2));
