// Git repositories for tests: of their own, untouched by the settings of whoever runs them.
import { spawnSync } from 'node:child_process';
import { makeFolder } from './program.ts';

const ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

/** Runs git in a folder; throws with what it said where it fails. */
export function git(cwd: string, ...words: string[]): string {
  const run = spawnSync('git', words, { cwd, encoding: 'utf8', env: { ...process.env, ...ENVIRONMENT } });
  if (run.status !== 0) throw new Error(`git ${words.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

export function commitAll(cwd: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', 'change');
}

/** A new repository with one commit of the files on `main`, checked out. */
export function makeRepository(files: Readonly<Record<string, string>>): string {
  const cwd = makeFolder(files);
  git(cwd, 'init', '-q', '-b', 'main');
  commitAll(cwd);
  return cwd;
}
