// Starts the writer as a process of its own, and reads what it said before it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from '../../cli/program.ts';

/** The writer as one file; the package that it loads is found from there. */
export function buildWriter(): string {
  const outfile = join(ROOT, '.test-results', 'store', 'writer.mjs');
  buildSync({
    entryPoints: [join(ROOT, 'test', 'system', 'store', 'writer.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    external: ['better-sqlite3'],
  });
  return outfile;
}

export interface Writer {
  readonly child: ChildProcess;
  /** Resolves when it has said a line that begins so, or ended. */
  readonly heard: (beginning: string) => Promise<void>;
  /** Resolves when it has ended; gives all lines. */
  readonly ended: Promise<readonly string[]>;
}

export function startWriter(path: string, words: readonly string[]): Writer {
  const child = spawn(process.execPath, [path, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const waiting: { beginning: string; resolve: () => void }[] = [];
  const lines = (): readonly string[] => text.split('\n').slice(0, -1);
  const ended = new Promise<readonly string[]>((resolve) => {
    child.once('close', () => {
      for (const each of waiting) each.resolve();
      resolve(lines());
    });
  });
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    for (const each of waiting) if (lines().some((line) => line.startsWith(each.beginning))) each.resolve();
  });
  return {
    child,
    heard: (beginning) => new Promise((resolve) => waiting.push({ beginning, resolve })),
    ended,
  };
}

/** What the lines say is kept: the last revision, entry and batch that were acknowledged, and the revision under way. */
export function acknowledged(lines: readonly string[]): {
  readonly revision: number;
  readonly tried: number;
  readonly audit: number;
  readonly logs: number;
} {
  const numbers = (beginning: string): readonly number[] =>
    (lines.findLast((line) => line.startsWith(beginning)) ?? '').match(/\d+/g)?.map(Number) ?? [];
  const [ready = 0] = numbers('ready');
  const [revision = ready, audit = 0, logs = 0] = numbers('done');
  const [tried = revision] = numbers('try');
  return { revision, tried, audit, logs };
}
