// What `npm pack` makes, put into an empty folder, is a whole program: it judges the policies that come with it, and its
// library can be imported. The packages it depends on are those of this checkout, so that no network is needed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
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

describe('the packed library', () => {
  it('is imported by its name, with types beside it', () => {
    const code = "import { parseAddress } from 'bulkhead'; console.log(typeof parseAddress)";
    expect(run(process.execPath, ['--input-type=module', '-e', code])).toEqual({
      code: 0,
      stdout: 'function\n',
      stderr: '',
    });
    expect(readFileSync(join(home, 'dist', 'index.d.ts'), 'utf8')).toContain('parseAddress');
  });
});
