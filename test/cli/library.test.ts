// The examples of docs/library.md run as they stand there, against the library as an application would import it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, ROOT } from './program.ts';
import { SHOP } from './shop.ts';

const text = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code);

const project = makeFolder({ ...SHOP, 'package.json': '{"type":"module"}' });

beforeAll(async () => {
  const home = join(project, 'node_modules', 'bulkhead');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"name":"bulkhead","type":"module","exports":"./index.js"}');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/index.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: join(home, 'index.js'),
    logLevel: 'error',
  });
  for (const name of Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
});

function runExample(index: number): string {
  writeFileSync(join(project, 'example.js'), blocks('js')[index] ?? 'throw new Error("no such example")');
  const run = spawnSync(process.execPath, ['example.js'], { cwd: project, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout;
}

describe('docs/library.md', () => {
  it('has the examples that are run here', () => {
    expect(blocks('js')).toHaveLength(3);
  });

  it('explains two flows, and prints what it says it prints', () => {
    expect(runExample(0)).toBe(blocks('text')[0]);
  });

  it('lists the flows of a folder', () => {
    expect(runExample(1)).toBe('web-01 db-01 tcp/5432\nweb-02 db-01 tcp/5432\n');
  });

  it('judges a manifest', () => {
    expect(runExample(2)).toBe('1 0\n');
  });

  it('names only what is exported', async () => {
    const table = text.slice(text.indexOf('## What else'));
    const named = [...table.matchAll(/`([a-zA-Z]+)`/g)].map(([, name = '']) => name);
    const library = await import(join(project, 'node_modules/bulkhead/index.js'));
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !(name in library))).toEqual([]);
  });
});
