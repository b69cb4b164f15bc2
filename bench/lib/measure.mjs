// Runs programs and says what they took: wall time, processor time and the largest resident set.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

// The program itself says at its end what it used: no tool for that is on every machine.
const REPORT = `data:text/javascript,${encodeURIComponent(
  "import { writeFileSync } from 'node:fs';" +
    "process.on('exit', () => writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));",
)}`;

/** Runs a script in a Node process of its own. `input`: what it reads from standard input. */
export function runNode(script, words, input = '') {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-usage-'));
  try {
    const usageFile = join(folder, 'usage.json');
    const started = performance.now();
    const child = spawnSync(process.execPath, ['--import', REPORT, script, ...words], {
      encoding: 'utf8',
      input,
      env: { ...process.env, BENCH_USAGE: usageFile },
      maxBuffer: 2 ** 30,
    });
    const seconds = (performance.now() - started) / 1000;
    if (child.error) throw child.error;
    const usage = JSON.parse(readFileSync(usageFile, 'utf8'));
    return {
      status: child.status,
      stdout: child.stdout,
      stderr: child.stderr,
      seconds,
      cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
      mebibytes: usage.maxRSS / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Median wall milliseconds of several commands, run in turn so that a busy moment meets them all. */
export function medianOfRuns(commands, runs) {
  const times = commands.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, words] of commands.entries()) {
      const started = performance.now();
      const child = spawnSync(process.execPath, words, { stdio: 'ignore' });
      if (child.status !== 0) throw new Error(`${words.join(' ')} ended with ${child.status}`);
      times[i].push(performance.now() - started);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
}
