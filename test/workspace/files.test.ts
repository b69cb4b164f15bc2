// Reading folders of people one does not trust: order, links, bounds, and what is no text.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayName, kindOfPath, listFiles, readSource } from '../../src/workspace/files.ts';
import { makeFolder } from '../cli/program.ts';

const namesIn = (folder: string) => listFiles(folder, folder).files.map((file) => file.name);
const codesIn = (folder: string) => listFiles(folder, folder).diagnostics.map((d) => d.code);

describe('the files of a folder', () => {
  it('are those that could be policies, manifests, dumps or inventories, in the order of their names', () => {
    const folder = makeFolder({
      'b.seg': '',
      'a/z.yaml': '',
      'a.seg': '',
      'a/b.json': '',
      'x.yml': '',
      'README.md': '',
      'run.sh': '',
      'B.seg': '',
    });
    expect(namesIn(folder)).toEqual(['B.seg', 'a.seg', 'a/b.json', 'a/z.yaml', 'b.seg', 'x.yml']);
  });

  it('leave out hidden entries, the configuration, and what other tools keep', () => {
    const folder = makeFolder({
      '.git/x.yaml': '',
      '.hidden.seg': '',
      'node_modules/m/x.json': '',
      'bulkhead.yaml': '',
      'p.seg': '',
    });
    expect(namesIn(folder)).toEqual(['p.seg']);
  });

  it('follow links inside the folder, once, and end in spite of circles', () => {
    const folder = makeFolder({ 'real/a.seg': 'x', '.data/b.yaml': 'y' });
    symlinkSync(join(folder, 'real'), join(folder, 'again'));
    symlinkSync(join(folder, 'real/a.seg'), join(folder, 'link.seg'));
    symlinkSync('.', join(folder, 'circle'));
    symlinkSync('.data/b.yaml', join(folder, 'b.yaml'));
    expect(namesIn(folder)).toEqual(['b.yaml', 'real/a.seg']);
    expect(codesIn(folder)).toEqual([]);
  });

  it('refuse a link that leads out, to a file or a folder, however it is dressed', () => {
    const secret = makeFolder({ 'secret.yaml': 's', 'sub/x.seg': 's' });
    const folder = makeFolder({ 'ok.seg': '' });
    symlinkSync(join(secret, 'secret.yaml'), join(folder, 'innocent.yaml'));
    symlinkSync(join(secret, 'sub'), join(folder, 'sub'));
    symlinkSync(`${folder}/../${secret.split('/').at(-1)}/sub`, join(folder, 'dressed'));
    expect(namesIn(folder)).toEqual(['ok.seg']);
    expect(codesIn(folder)).toEqual(['workspace/outside-root', 'workspace/outside-root', 'workspace/outside-root']);
  });

  it('report a link that leads nowhere, if it looks like something to read', () => {
    const folder = makeFolder({ 'ok.seg': '' });
    symlinkSync('gone.seg', join(folder, 'broken.seg'));
    symlinkSync('gone.txt', join(folder, 'broken.txt'));
    expect(codesIn(folder)).toEqual(['workspace/unreadable']);
  });

  it('pass over pipes and other things that are no files', () => {
    const folder = makeFolder({ 'ok.seg': '' });
    spawnSync('mkfifo', [join(folder, 'pipe.seg')]);
    expect(namesIn(folder)).toEqual(['ok.seg']);
    expect(kindOfPath(join(folder, 'pipe.seg'))).toBe('other');
  });

  it('are looked for at most 32 folders deep', () => {
    const folder = makeFolder({ 'ok.seg': '' });
    const deep = join(folder, ...Array.from({ length: 34 }, () => 'd'));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'deep.seg'), '');
    expect(namesIn(folder)).toEqual(['ok.seg']);
    expect(codesIn(folder)).toEqual(['workspace/too-many-files']);
  });
});

describe('a file', () => {
  const read = (name: string, content: string | Buffer) => {
    const folder = makeFolder({ [name]: content });
    return readSource({ path: join(folder, name), name });
  };

  it('is read as UTF-8, with or without a byte order mark', () => {
    expect(read('a.seg', 'group é = any').source?.text).toBe('group é = any');
    expect(read('a.seg', '\uFEFFgroup').source?.text).toBe('group');
  });

  it('that is no UTF-8 is refused at the place, and UTF-16 is called by name', () => {
    const bad = read('a.seg', Buffer.from([0x61, 0x62, 0xff, 0x63]));
    expect(bad.diagnostic).toMatchObject({ code: 'workspace/not-utf8', span: { start: 2, end: 3 } });
    const wide = read('a.yaml', Buffer.from('\uFEFFversion', 'utf16le'));
    expect(wide.diagnostic?.help).toBe('it is UTF-16: save it as UTF-8');
  });

  it('that is larger than any real one is not read', () => {
    expect(read('a.seg', Buffer.alloc(8 * 1024 * 1024 + 1, 32)).diagnostic?.code).toBe('workspace/too-large');
    expect(read('a.json', Buffer.alloc(8 * 1024 * 1024 + 1, 32)).diagnostic).toBeNull();
  });

  it('that cannot be opened is reported with the reason in words', () => {
    const folder = makeFolder({ 'a.seg': 'x' });
    const missing = readSource({ path: join(folder, 'b.seg'), name: 'b.seg' });
    expect(missing.diagnostic?.message).toBe('`b.seg` cannot be read: no such file or folder');
    chmodSync(join(folder, 'a.seg'), 0);
    const isRoot = process.getuid?.() === 0;
    const closed = readSource({ path: join(folder, 'a.seg'), name: 'a.seg' });
    expect(closed.diagnostic?.message).toBe(isRoot ? undefined : '`a.seg` cannot be read: permission denied');
  });
});

describe('the name of a path', () => {
  it('is relative to where the command runs, unless it lies elsewhere', () => {
    expect(displayName('/home/ana/p/a.seg', '/home/ana')).toBe('p/a.seg');
    expect(displayName('/home/ana', '/home/ana')).toBe('.');
    expect(displayName('/home/ana/a.seg', '/home/ana/p')).toBe('../a.seg');
    expect(displayName('/srv/a.seg', '/home/ana/p')).toBe('/srv/a.seg');
  });
});
