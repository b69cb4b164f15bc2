// Runs git to read objects, and nothing else: no shell, no hooks, no filters, no network, no lock files, no questions.
// What a repository's own configuration could make git start is switched off on the command line, which wins.
import { spawnSync } from 'node:child_process';

export type GitAnswer =
  | { readonly kind: 'answer'; readonly bytes: Buffer }
  /** git ended with another status than 0; what it said, in English. */
  | { readonly kind: 'refusal'; readonly status: number | null; readonly said: string }
  | { readonly kind: 'not-installed' }
  | { readonly kind: 'too-large' };

const SAFE = [
  '--no-pager',
  '--no-replace-objects',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'protocol.allow=never',
  '-c',
  'credential.helper=',
];

/** Longer than any repository takes to read. */
const PATIENCE = 120_000;

/** The words are git's own options and arguments; revisions and paths come after `--end-of-options`. */
export function runGit(
  cwd: string,
  words: readonly string[],
  { input = '', most = 1 << 28 }: { readonly input?: string; readonly most?: number } = {},
): GitAnswer {
  const run = spawnSync('git', [...SAFE, ...words], {
    cwd,
    input,
    env: environment(),
    maxBuffer: most,
    timeout: PATIENCE,
    shell: false,
    windowsHide: true,
  });
  const code = run.error !== undefined && 'code' in run.error ? run.error.code : null;
  if (code === 'ENOENT' || code === 'EACCES') return { kind: 'not-installed' };
  if (code === 'ENOBUFS') return { kind: 'too-large' };
  if (run.status === 0) return { kind: 'answer', bytes: run.stdout };
  return { kind: 'refusal', status: run.status, said: code === null ? run.stderr.toString() : String(code) };
}

/** Which repository it is follows from the folder alone; how it is configured is the user's. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || name.startsWith('GIT_CONFIG') || name === 'GIT_CEILING_DIRECTORIES',
  );
  return {
    ...Object.fromEntries(kept),
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  };
}
