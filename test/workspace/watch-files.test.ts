// Watching files: what counts as a change, and looking in turns where the system watches no more.
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Watching, type WatchRequest, watchFiles } from '../../src/workspace/watch-files.ts';
import { makeFolder } from '../cli/program.ts';

const watching: Watching[] = [];
afterEach(() => {
  for (const item of watching.splice(0)) item.close();
});

/** Watches the folder `p` of a new folder; `changed` gives the names of the next change. */
function watchFolder(more: Partial<WatchRequest> = {}) {
  const cwd = makeFolder({ 'p/a.seg': 'a', 'p/deep/b.seg': 'b', 'p/note.txt': 'n' });
  const seen: (readonly string[])[] = [];
  let polled = 0;
  const request: WatchRequest = {
    paths: () => [join(cwd, 'p'), join(cwd, 'bulkhead.yaml')],
    cwd,
    onChange: async (names) => {
      seen.push(names);
    },
    onPolling: () => {
      polled++;
    },
    ...more,
  };
  watching.push(watchFiles(request));
  const changed = async (): Promise<readonly string[] | undefined> => {
    const give = Date.now() + 20_000;
    while (seen.length === 0 && Date.now() < give) await new Promise((resolve) => setTimeout(resolve, 10));
    return seen.shift();
  };
  return {
    write: (name: string, text: string) => writeFileSync(join(cwd, name), text),
    cwd,
    changed,
    polled: () => polled,
  };
}

it('names what was changed, made and deleted, together if it happens together', async () => {
  const { write, cwd, changed } = watchFolder();
  write('p/a.seg', 'aa');
  write('p/deep/c.seg', 'c');
  rmSync(join(cwd, 'p/deep/b.seg'));
  expect(await changed()).toEqual(['p/a.seg', 'p/deep/b.seg', 'p/deep/c.seg']);
  write('bulkhead.yaml', 'version: 1');
  expect(await changed()).toEqual(['bulkhead.yaml']);
});

it('says nothing of files that are not read', async () => {
  const { write, changed } = watchFolder();
  write('p/note.txt', 'nn');
  write('p/.a.seg.swp', 'x');
  write('p/4913', '');
  write('p/a.seg', 'aaa');
  expect(await changed()).toEqual(['p/a.seg']);
});

it('follows folders that come and go', async () => {
  const { write, cwd, changed } = watchFolder();
  rmSync(join(cwd, 'p/deep'), { recursive: true });
  expect(await changed()).toEqual(['p/deep/b.seg']);
  mkdirSync(join(cwd, 'p/deep/er'), { recursive: true });
  write('p/deep/er/d.seg', 'd');
  expect(await changed()).toEqual(['p/deep/er/d.seg']);
});

it('does not miss what changes while a change is worked on', async () => {
  const seen: (readonly string[])[] = [];
  let release = (): void => {};
  const { write } = watchFolder({
    onChange: (names) => {
      seen.push(names);
      return new Promise((resolve) => {
        release = resolve;
      });
    },
  });
  const until = async (count: number): Promise<void> => {
    for (let i = 0; i < 1000 && seen.length < count; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  write('p/a.seg', '1');
  await until(1);
  write('p/a.seg', '22');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(seen).toHaveLength(1);
  release();
  await until(2);
  release();
  expect(seen).toEqual([['p/a.seg'], ['p/a.seg']]);
});

it('looks every second where folders cannot be watched, and says so once', async () => {
  const { write, cwd, changed, polled } = watchFolder({
    watchFolder: () => {
      throw Object.assign(new Error('no space left on device, watch'), { code: 'ENOSPC' });
    },
  });
  expect(polled()).toBe(1);
  write('p/a.seg', 'aa');
  expect(await changed()).toEqual(['p/a.seg']);
  utimesSync(join(cwd, 'p/deep/b.seg'), new Date(0), new Date(0));
  expect(await changed()).toEqual(['p/deep/b.seg']);
  expect(polled()).toBe(1);
});
