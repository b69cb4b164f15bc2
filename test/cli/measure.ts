// Measures the memory that a run of the program takes at its peak.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bulkhead, makeFolder, type Run, type RunOptions } from './program.ts';

export interface Measured extends Run {
  readonly mebibytes: number;
}

/** Runs `bulkhead` with at most 512 MiB for JavaScript, and says what it took. */
export function measure(words: readonly string[], options: RunOptions = {}): Measured {
  const report = join(makeFolder({}), 'usage.json');
  const hook = `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(process.env.USAGE_REPORT, JSON.stringify(process.resourceUsage())));`;
  const run = bulkhead(words, {
    ...options,
    env: { ...options.env, USAGE_REPORT: report },
    nodeArguments: ['--max-old-space-size=512', '--import', `data:text/javascript,${encodeURIComponent(hook)}`],
  });
  const { maxRSS } = JSON.parse(readFileSync(report, 'utf8'));
  return { ...run, mebibytes: maxRSS / 1024 };
}
