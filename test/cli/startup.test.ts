// What the program loads before it knows which command it runs: the command line, and nothing that a command needs. How
// long that takes is measured by `npm run bench -- world`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { programPath } from './program.ts';

/** Commands that open a store, keep keys or check signatures. */
const SERVER_COMMANDS = new Set(['serve', 'keys', 'bundle', 'audit', 'store', 'points']);

/** The text of a bundled file and of all that it imports before it runs. */
function loadedBy(path: string, known = new Set<string>()): string {
  if (known.has(path)) return '';
  known.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/^(?:import|\} from|export \* from) ?"(\.[^"]+)"/gm)].map(([, name = '']) => name);
  return [text, ...imported.map((name) => loadedBy(join(dirname(path), name), known))].join('\n');
}

/** Packages that stay where npm put them, and are loaded with the file. */
function packagesOf(text: string): readonly string[] {
  const named = [...text.matchAll(/^(?:import|export|\}).*?"((?:@[^/"]+\/)?[^./"][^/"]*)(?:\/[^"]*)?";?$/gm)];
  return [...new Set(named.map(([, name = '']) => name))].filter((name) => !name.startsWith('node:')).sort();
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

it('loads packages of the server with the commands that need them', () => {
  const folder = join(dirname(programPath()), 'chunks');
  const commands = readdirSync(folder).filter(
    (name) => /^[a-z-]+-[A-Z0-9]+\.js$/.test(name) && !name.startsWith('chunk-'),
  );
  const needed = new Map(
    commands.map((name) => [name.replace(/-[A-Z0-9]+\.js$/, ''), packagesOf(loadedBy(join(folder, name)))] as const),
  );
  expect(needed.get('serve')).toEqual(expect.arrayContaining(['fastify', 'kysely', 'prom-client']));
  expect(needed.get('why')).toEqual([]);
  const others = [...needed].filter(([name, packages]) => !SERVER_COMMANDS.has(name) && packages.length > 0);
  expect(others).toEqual([]);
});
