// What the program loads before it knows which command it runs: the command line, and nothing that a command needs. How
// long that takes is measured by `npm run bench -- world`.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { programPath } from './program.ts';

/** The text of a bundled file and of all that it imports before it runs. */
function loadedBy(path: string, known = new Set<string>()): string {
  if (known.has(path)) return '';
  known.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/^(?:import|\} from|export \* from) ?"(\.[^"]+)"/gm)].map(([, name = '']) => name);
  return [text, ...imported.map((name) => loadedBy(join(dirname(path), name), known))].join('\n');
}

it('starts with the command line alone', () => {
  const text = loadedBy(programPath());
  const packages = [...text.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(([, name]) => name);
  const folders = [...text.matchAll(/^\/\/ src\/([^/.]+)\//gm)].map(([, name]) => name);
  expect([...new Set(packages)]).toEqual(['commander']);
  expect(new Set(folders)).toContain('cli');
  expect(
    ['bind', 'importers', 'evaluate', 'compile', 'graph', 'syntax'].filter((name) => folders.includes(name)),
  ).toEqual([]);
});
