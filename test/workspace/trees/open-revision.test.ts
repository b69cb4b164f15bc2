// Revisions are read out of git's objects: what is in them, what links in them lead to, and what keeps them from being
// read. The working tree is never looked at, and nothing in the repository changes.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadOperand, loadWorkingTree } from '../../../src/workspace/operand.ts';
import { runGit } from '../../../src/workspace/trees/run-git.ts';
import { makeFolder } from '../../cli/program.ts';

const POLICY = `language 1
tiers { application default drop }
vm a { nic 10.0.0.1 }
vm b { nic 10.0.0.2 }
policy p in application { allow x: a -> b on tcp/1 }
`;

function git(cwd: string, ...words: readonly string[]): string {
  const run = spawnSync('git', ['-c', 'user.email=a@example.org', '-c', 'user.name=a', ...words], { cwd });
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return run.stdout.toString().trim();
}

function makeRepository(files: Readonly<Record<string, string | Buffer>>): string {
  const cwd = makeFolder(files);
  git(cwd, 'init', '-q', '-b', 'main');
  commit(cwd);
  return cwd;
}

function commit(cwd: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '-m', 'a commit');
}

const load = (operand: string, cwd: string) => loadOperand(operand, { world: [], cwd });
const codesOf = (operand: string, cwd: string) => load(operand, cwd).diagnostics.map((d) => d.code);

describe('a revision', () => {
  it('is read as it was committed, whatever the working tree holds now', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    writeFileSync(join(cwd, 'policies/main.seg'), 'not a policy any more');
    const { layers, sources, diagnostics } = load('main', cwd);
    expect(diagnostics).toEqual([]);
    expect(layers.map((layer) => [layer.name, layer.policies.length])).toEqual([['policies', 1]]);
    expect([...sources.keys()]).toEqual(['main:policies/main.seg']);
    expect(sources.get('main:policies/main.seg')?.text).toBe(POLICY);
  });

  it('has the names that git has for it', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    writeFileSync(join(cwd, 'policies/main.seg'), POLICY.replace('tcp/1', 'tcp/2'));
    commit(cwd);
    git(cwd, 'tag', '-a', '-m', 'x', 'v1', 'HEAD~1');
    const text = (name: string) =>
      [...load(name, cwd).sources.values()].map((source) => source.text.includes('tcp/1 '));
    expect(text('HEAD')).toEqual([false]);
    expect(text('HEAD~1')).toEqual([true]);
    expect(text('v1')).toEqual([true]);
    expect(text('git:v1')).toEqual([true]);
    expect(text(git(cwd, 'rev-parse', '--short', 'HEAD~1'))).toEqual([true]);
    expect(text('main@{1}')).toEqual([true]);
  });

  it('is read below the path that is named, from the root of the repository or from here', () => {
    const cwd = makeRepository({ 'shop/rules/main.seg': POLICY, 'other/bad.seg': 'nonsense' });
    const names = (name: string, from: string) => [...load(name, join(cwd, from)).sources.keys()];
    expect(names('git:main:shop/rules', '.')).toEqual(['main:shop/rules/main.seg']);
    expect(names('main:shop/rules/main.seg', 'shop')).toEqual(['main:shop/rules/main.seg']);
    expect(names('git:main:./rules', 'shop')).toEqual(['main:shop/rules/main.seg']);
    expect(names('git:main:../shop/rules', 'other')).toEqual(['main:shop/rules/main.seg']);
    expect(codesOf('git:main:shop/rulse', cwd)).toEqual(['workspace/no-such-path']);
  });

  it('brings its own configuration, and is seen from the same folder', () => {
    const cwd = makeRepository({
      'bulkhead.yaml': 'version: 1\nlayers: [old]\n',
      'old/main.seg': POLICY,
      'deep/x.txt': '',
    });
    writeFileSync(join(cwd, 'bulkhead.yaml'), 'version: 1\nlayers: [new]\n');
    expect([...load('main', join(cwd, 'deep')).sources.keys()]).toEqual(['main:old/main.seg', 'main:bulkhead.yaml']);
  });

  it('gives way to a path of the same name', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY, 'main/x.seg': POLICY });
    expect([...load('main', cwd).sources.keys()]).toEqual(['main/x.seg']);
    expect([...load('git:main', cwd).sources.keys()]).toEqual(['main:policies/main.seg']);
    expect(codesOf('./mian', cwd)).toEqual(['workspace/no-such-path']);
  });

  it('is read in a bare repository, which has no working tree to compare with', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    const bare = join(makeFolder({}), 'bare.git');
    git(cwd, 'clone', '-q', '--bare', '.', bare);
    expect([...load('main', bare).sources.keys()]).toEqual(['main:policies/main.seg']);
    expect(loadWorkingTree('main', { world: [], cwd: bare }).diagnostics.map((d) => d.code)).toEqual(['git/bare']);
  });

  it('says which words of a file are wrong under the name of the revision', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY.replace('a -> b', 'a -> nobody') });
    const [found] = load('main', cwd).diagnostics;
    expect(found?.span?.file).toBe('main:policies/main.seg');
  });
});

describe('links in a revision', () => {
  it('are followed inside it, to files and folders, and refused where they lead out', () => {
    const secret = makeFolder({ 'x.seg': POLICY });
    const cwd = makeRepository({ 'policies/sub/main.seg': POLICY, 'common/more.seg': 'language 1\n' });
    symlinkSync('sub', join(cwd, 'policies/again'));
    symlinkSync('sub/main.seg', join(cwd, 'policies/alias.seg'));
    symlinkSync('../common/more.seg', join(cwd, 'policies/out.seg'));
    symlinkSync(join(secret, 'x.seg'), join(cwd, 'policies/far.seg'));
    symlinkSync('../../../../../../etc', join(cwd, 'policies/away'));
    symlinkSync('circle.seg', join(cwd, 'policies/circle.seg'));
    commit(cwd);
    const { sources, diagnostics } = load('main', cwd);
    expect([...sources.keys()]).toEqual(['main:policies/sub/main.seg']);
    expect(diagnostics.map((d) => [d.code, /`([^`]*)`/.exec(d.message)?.[1]]).sort()).toEqual([
      ['workspace/outside-root', 'main:policies/away'],
      ['workspace/outside-root', 'main:policies/far.seg'],
      ['workspace/outside-root', 'main:policies/out.seg'],
      ['workspace/unreadable', 'main:policies/circle.seg'],
    ]);
  });

  it('do not lead to a file on the disk that has their name', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    symlinkSync('/etc/hostname', join(cwd, 'policies/a.seg'));
    commit(cwd);
    expect(JSON.stringify([...load('git:main:policies/a.seg', cwd).sources])).toBe('[]');
    expect(codesOf('git:main:policies/a.seg', cwd)).toEqual(['workspace/unreadable']);
  });
});

describe('what keeps a revision from being read', () => {
  it.each(['nope', 'HEAD~9', '-x', '--help', 'main..HEAD', '', 'main^{blob}', ':/nothing', '$(id)', 'a b'])(
    '%j is no revision',
    (name) => {
      const cwd = makeRepository({ 'policies/main.seg': POLICY });
      expect(codesOf(`git:${name}`, cwd)).toEqual(['git/unknown-revision']);
    },
  );

  it('is a history that ends before it', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    writeFileSync(join(cwd, 'policies/main.seg'), `${POLICY}// more\n`);
    commit(cwd);
    const shallow = join(makeFolder({}), 'shallow');
    git(cwd, 'clone', '-q', '--depth', '1', `file://${cwd}`, shallow);
    const [found] = load('HEAD~1', shallow).diagnostics;
    expect(found?.code).toBe('git/shallow');
    expect(found?.help).toContain('git fetch --unshallow');
    expect(codesOf('HEAD', shallow)).toEqual([]);
  });

  it('is the lack of a repository', () => {
    expect(codesOf('main', makeFolder({ 'policies/main.seg': POLICY }))).toEqual(['git/no-repository']);
  });

  it('is an object that is not there', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    const blob = git(cwd, 'rev-parse', 'main:policies/main.seg');
    rmSync(join(cwd, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    // Depending on its version git says so of the listing or of the file.
    const [found] = load('main', cwd).diagnostics;
    expect(['git/missing-object', 'workspace/unreadable']).toContain(found?.code);
    rmSync(join(cwd, '.git/objects'), { recursive: true });
    expect(['git/missing-object', 'git/no-repository']).toContain(codesOf('main', cwd)[0]);
  });

  it('is a file larger than any policy, and no less a file that is no text', () => {
    const cwd = makeRepository({
      'policies/main.seg': POLICY,
      'policies/huge.seg': ' '.repeat(9 * 1024 * 1024),
      'policies/wide.seg': Buffer.from([0xff, 0xfe, 0x61, 0]),
    });
    expect(codesOf('main', cwd).sort()).toEqual(['workspace/not-utf8', 'workspace/too-large']);
  });
});

describe('reading a revision', () => {
  it('starts nothing that the repository names, and leaves the repository as it is', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY, '.gitattributes': '*.seg filter=evil diff=evil text\n' });
    const trap = join(cwd, 'trap.sh');
    const sprung = join(cwd, 'sprung');
    writeFileSync(trap, `#!/bin/sh\ntouch ${sprung}\ncat\n`);
    chmodSync(trap, 0o755);
    for (const key of [
      'filter.evil.smudge',
      'filter.evil.clean',
      'diff.evil.textconv',
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'diff.external',
      'credential.helper',
    ]) {
      git(cwd, 'config', key, trap);
    }
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction']) {
      writeFileSync(join(cwd, '.git/hooks', hook), `#!/bin/sh\ntouch ${sprung}\n`, { mode: 0o755 });
    }
    const state = () =>
      ['.git', '.git/index', '.git/HEAD', '.git/refs/heads/main'].map((path) => statSync(join(cwd, path)).mtimeMs);
    const before = [state(), readdirSync(join(cwd, '.git')).sort()];
    expect(load('main', cwd).diagnostics).toEqual([]);
    expect([state(), readdirSync(join(cwd, '.git')).sort()]).toEqual(before);
    expect(existsSync(sprung)).toBe(false);
    expect(readFileSync(join(cwd, 'policies/main.seg'), 'utf8')).toBe(POLICY);
  });

  it('ends where git has more to say than is read', () => {
    const cwd = makeRepository({ 'policies/main.seg': POLICY });
    expect(runGit(cwd, ['ls-tree', '-r', 'main'], { most: 10 })).toEqual({ kind: 'too-large' });
  });

  it('follows from the folder alone, whatever the surroundings say of another repository', () => {
    const [cwd, other] = [makeRepository({ 'policies/main.seg': POLICY }), makeRepository({ 'x.txt': '' })];
    process.env.GIT_DIR = join(other, '.git');
    try {
      expect([...load('main', cwd).sources.keys()]).toEqual(['main:policies/main.seg']);
    } finally {
      delete process.env.GIT_DIR;
    }
  });
});
