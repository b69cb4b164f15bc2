// Where a folder lies in its git repository, so that reports can name files as the forge does. Git itself is not asked:
// a repository is where `.git` is.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** `services/shop`; '' for the root of the repository, and where there is none. */
export function folderInRepository(cwd: string): string {
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return relative(folder, start).split(sep).join('/');
    if (dirname(folder) === folder) return '';
  }
}
