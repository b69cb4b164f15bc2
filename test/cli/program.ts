// Runs the real program: bundled from the sources at hand, spawned as a process of its own.
// The bundle is made once for all test files and again whenever a source is newer than it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runWarm } from './warm/warm.ts';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RESULTS = join(ROOT, '.test-results');
const BUNDLE = join(RESULTS, 'program');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node itself. */
  readonly nodeArguments?: readonly string[];
}

/**
 * Runs `bulkhead` with the arguments, in a process that is kept: starting one anew costs more than most commands do.
 * With arguments of node it is a process of its own.
 */
export function bulkhead(words: readonly string[], options: RunOptions = {}): Run {
  if (options.nodeArguments !== undefined) return bulkheadAnew(words, options);
  const { cwd, env, input } = settings(options);
  return runWarm({ path: programPath(), words, cwd, env, input });
}

/** Runs `bulkhead` with the arguments, as a process of its own. */
export function bulkheadAnew(words: readonly string[], options: RunOptions = {}): Run {
  const run = spawnSync(
    process.execPath,
    [...(options.nodeArguments ?? []), programPath(), ...words],
    settings(options),
  );
  return { code: run.status, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

/** Runs a line of shell in which `bulkhead` is the program. */
export function shell(line: string, options: RunOptions = {}): Run {
  const prelude = `bulkhead() { "${process.execPath}" "${programPath()}" "$@"; }\n`;
  const run = spawnSync('sh', ['-c', prelude + line], settings(options));
  return { code: run.status, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

/** Starts `bulkhead` without waiting for it. */
export function start(words: readonly string[], options: RunOptions = {}): ReturnType<typeof spawn> {
  return spawn(process.execPath, [programPath(), ...words], { cwd: options.cwd, env: environment(options) });
}

/** A new folder with the files, by relative path; removed when the process ends. */
export function makeFolder(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  if (folders.length === 0) {
    process.once('exit', () => {
      for (const made of folders) rmSync(made, { recursive: true, force: true });
    });
  }
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const folders: string[] = [];

function settings(options: RunOptions) {
  return {
    cwd: options.cwd ?? ROOT,
    input: options.input ?? '',
    env: environment(options),
    maxBuffer: 1 << 28,
  };
}

/** Without what the surroundings say about color. */
function environment(options: RunOptions): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...rest } = process.env;
  return { ...rest, ...options.env };
}

let checked = false;

/** The path of the bundled program, which is made first if it is missing or older than a source. */
export function programPath(): string {
  const path = join(BUNDLE, 'cli.js');
  if (checked) return path;
  mkdirSync(RESULTS, { recursive: true });
  const isStale = () => !existsSync(path) || statSync(path).mtimeMs < newestSource();
  while (isStale()) {
    const lock = join(RESULTS, 'program.lock');
    if (!takeLock(lock)) continue;
    try {
      // Another may have made it between the look and the lock, and be running it.
      if (!isStale()) break;
      const fresh = join(RESULTS, `program-${process.pid}`);
      const build = `import { buildProgram } from './scripts/build.mjs'; await buildProgram(${JSON.stringify(fresh)});`;
      const made = spawnSync(process.execPath, ['--input-type=module', '-e', build], { cwd: ROOT });
      if (made.status !== 0) throw new Error(`the program cannot be built:\n${made.stderr}`);
      rmSync(BUNDLE, { recursive: true, force: true });
      renameSync(fresh, BUNDLE);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  checked = true;
  return path;
}

/** Several test files start at once; one builds, the others wait for it, but not for one that was killed. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 60_000) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function newestSource(): number {
  const newest = (folder: string): number =>
    Math.max(
      0,
      ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
      }),
    );
  return Math.max(newest(join(ROOT, 'src')), newest(join(ROOT, 'docs', 'codes')));
}
