// Progress as a person at a terminal sees it, and nobody else: `script` lends the program a pseudo-terminal.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder, programPath } from '../cli/program.ts';

const ERASE = '\r\u001b[2K';
const AT = '2026-11-02T09:00:00Z';

/** Work for some seconds, whatever the machine: twice as many workloads until it takes long enough. */
function longWork(): string {
  for (let count = 4000; ; count *= 2) {
    const vms = Array.from({ length: count }, (_, i) => {
      const address = `10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
      return `vm v-${i} { nic n ${address}  labels app=a${i % 50} }\n`;
    });
    const world = `language 1\nsegment n { subnet 10.0.0.0/8 }\n${vms.join('')}`;
    const cwd = makeFolder({ 'policies/world.seg': world });
    // The quicker of two runs: other work on the machine only ever adds.
    const took = [1, 2].map(() => {
      const started = performance.now();
      bulkhead(['check', '-q', '--at', AT], { cwd });
      return performance.now() - started;
    });
    if (Math.min(...took) > 2500 || count > 200_000) return cwd;
  }
}

const cwd = longWork();

/** What appears on the terminal. */
function onTerminal(words: readonly string[]): string {
  const line = [process.execPath, programPath(), ...words].map((word) => `'${word}'`).join(' ');
  const run = spawnSync('script', ['-qec', line, '/dev/null'], { cwd, encoding: 'utf8', input: '' });
  expect(run.error).toBeUndefined();
  return run.stdout;
}

describe('progress', () => {
  it('names the stage after a second, counts on, and leaves nothing behind', () => {
    const shown = onTerminal(['check', '--at', AT]);
    const parts = shown.split(ERASE);
    expect(parts.filter((part) => /^(reading|compiling) … \d+ s$/.test(part))).not.toEqual([]);
    const left = parts.at(-1);
    expect(left).not.toContain('…');
    expect(left).toContain('workloads');
  });

  it('is not shown with --quiet, nor where standard error is no terminal', () => {
    expect(onTerminal(['check', '--at', AT, '-q'])).not.toContain('…');
    expect(bulkhead(['check', '--at', AT], { cwd }).stderr).toBe('');
    expect(onTerminal(['check', '--at', AT, '--bogus'])).not.toContain(ERASE);
  });
});
