// What `npm pack` makes, put into an empty folder, is a whole program: it judges the policies that come with it, it
// serves, and its libraries can be imported. The packages it depends on are those of this checkout, so that no network is
// needed; the optional ones are left out until a test puts them in.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, ROOT } from '../cli/program.ts';

const away = makeFolder({ 'package.json': '{"type":"module"}' });
const home = join(away, 'node_modules', 'bulkhead');
const { dependencies, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

function run(command: string, words: readonly string[], cwd = away) {
  const done = spawnSync(command, words, { cwd, encoding: 'utf8' });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

const bulkhead = (...words: string[]) =>
  run(process.execPath, [join(home, bin.bulkhead), ...words, '--at', '2026-11-02T09:00:00Z']);

beforeAll(() => {
  const packed = run('npm', ['pack', '--silent', '--pack-destination', away], ROOT);
  expect(packed, packed.stderr).toMatchObject({ code: 0 });
  const tarball = readdirSync(away).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(home, { recursive: true });
  expect(run('tar', ['-xzf', join(away, tarball), '-C', home, '--strip-components=1'])).toMatchObject({ code: 0 });
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(away, 'node_modules', name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(away, 'node_modules', name));
  }
}, 300_000);

describe('the packed program', () => {
  it('judges the policies that come with it', () => {
    expect(bulkhead('check', '--strict', join(home, 'policies'))).toMatchObject({ code: 0, stderr: '' });
    expect(bulkhead('test', '-q', join(home, 'policies'))).toMatchObject({ code: 0 });
    expect(bulkhead('flows', '-q', '--by', 'group', join(home, 'policies')).stdout.split('\n').length).toBeGreaterThan(
      20,
    );
  });

  it('explains its codes and starts a project', () => {
    expect(bulkhead('explain', 'usage/stray-dash').stdout).toContain('# usage/stray-dash');
    expect(bulkhead('init', 'new')).toMatchObject({ code: 0 });
    expect(bulkhead('check', 'new/policies')).toMatchObject({ code: 0 });
  });

  it('has no sources, tests or sample data in it', () => {
    expect(readdirSync(home).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'action.yml',
      'dist',
      'docs',
      'package.json',
      'policies',
    ]);
  });
});

describe('without optional packages', () => {
  it('says how a server gets its store', () => {
    const served = run(process.execPath, [join(home, bin.bulkhead), 'serve', '--listen', '0']);
    expect(served).toMatchObject({ code: 2, stdout: '' });
    expect(served.stderr).toContain(
      [
        'error[store/not-installed]: the package better-sqlite3, which keeps the store, cannot be loaded',
        'help: install it beside bulkhead with `npm install better-sqlite3@12`; its install script has to be allowed to run',
      ].join('\n'),
    );
  });

  it('runs the demo, which needs no package at all', () => {
    const bare = makeFolder({});
    for (const name of ['package.json', 'scripts', 'policies']) {
      cpSync(join(ROOT, name), join(bare, name), { recursive: true, force: true, errorOnExist: false });
    }
    cpSync(join(home, 'dist'), join(bare, 'dist'), { recursive: true });
    const demo = run('npm', ['run', '--silent', 'demo'], bare);
    expect(demo).toMatchObject({ code: 0, stderr: '' });
    expect(demo.stdout).toContain('bulkhead why checkout-e1 orders-db-1 tcp/5432');
  });
});

describe('the packed server', () => {
  it('serves, answers and ends when it is told to', async () => {
    const link = join(away, 'node_modules', 'better-sqlite3');
    symlinkSync(join(ROOT, 'node_modules', 'better-sqlite3'), link);
    const served = spawn(process.execPath, [join(home, bin.bulkhead), 'serve', '--listen', '0', '-f', 'json'], {
      cwd: away,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      const [line] = await once(served.stdout, 'data');
      const { url } = JSON.parse(String(line));
      expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ format: 'bulkhead.health/1', status: 'alive' });
      expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' });
      expect((await fetch(`${url}/docs/`)).status).toBe(200);
      const folder = join(home, 'policies');
      const at = ['--server', url, '--inventory', '-q'];
      expect(run(process.execPath, [join(home, bin.bulkhead), 'publish', folder, ...at])).toMatchObject({ code: 0 });
      served.kill('SIGTERM');
      expect(await once(served, 'exit')).toEqual([0, null]);
    } finally {
      served.kill('SIGKILL');
      rmSync(link);
    }
  });
});

describe('the packed libraries', () => {
  it.each([
    ['bulkhead', 'parseAddress', 'index.d.ts'],
    ['bulkhead/client', 'createClient', 'client.d.ts'],
    ['bulkhead/server', 'startServer', 'server.d.ts'],
  ])('%s is imported by its name, with types beside it', (name, exported, types) => {
    const code = `import { ${exported} } from '${name}'; console.log(typeof ${exported})`;
    expect(run(process.execPath, ['--input-type=module', '-e', code])).toEqual({
      code: 0,
      stdout: 'function\n',
      stderr: '',
    });
    expect(readFileSync(join(home, 'dist', types), 'utf8')).toContain(exported);
  });

  it('have types that a strict application compiles against', () => {
    const files = {
      'use.ts': [
        "import { parseAddress } from 'bulkhead';",
        "import { createClient, RequestRefused } from 'bulkhead/client';",
        "import { serverConfigOf, startServer } from 'bulkhead/server';",
        "const config = serverConfigOf('format: bulkhead.server/1', '.');",
        "const server = await startServer(config, { version: '1', log: null });",
        'const client = createClient({ server: await server.listen(), token: null });',
        "const asked = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'tcp' as const, destinationPort: 1 };",
        'const verdict: string = (await client.decide(asked)).verdict;',
        'export { parseAddress, RequestRefused, verdict };',
      ].join('\n'),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ target: 'ES2023', module: 'NodeNext', strict: true, noEmit: true, types: ['node'] },
          ...{ skipLibCheck: true, typeRoots: [join(ROOT, 'node_modules', '@types')] },
        },
        files: ['use.ts'],
      }),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(away, name), text);
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(run(process.execPath, [tsc, '-p', '.'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
