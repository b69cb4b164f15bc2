// Disks: one that is full, and damage at every page of a database.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openStore } from '../../../src/store/sqlite/open.ts';
import { type Store, StoreFailure } from '../../../src/store/store.ts';
import { useFolders } from '../../kit/folders.ts';
import { draft } from '../../kit/stores.ts';
import { commitNumber, makeModel, sayState } from '../../store/workload.ts';

const newFolder = useFolders();
const model = makeModel();

const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) spawnSync('umount', ['-l', folder]);
});

/** A disk of so many KiB. */
function mountDisk(kibibytes: number): string {
  const folder = newFolder();
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder]);
  expect([status, stderr.toString()]).toEqual([0, '']);
  mounted.push(folder);
  return folder;
}

/** Commits until it fails; gives the last revision that was acknowledged, and the failure. */
async function commitUntilFull(store: Store): Promise<{ readonly last: number; readonly failure: StoreFailure }> {
  for (let last = (await store.head())?.seq ?? 0; ; last++) {
    const outcome = await store.commit(commitNumber(last + 1), { expected: last }).catch((reason: unknown) => reason);
    if (outcome instanceof StoreFailure) return { last, failure: outcome };
    if (outcome instanceof Error) throw outcome;
  }
}

it('a full disk: writes are refused, reads go on, room makes it whole again', async () => {
  const disk = mountDisk(2048);
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(300 * 1024));
  const folder = join(disk, 'data');
  const store = await openStore({ folder });
  const { last, failure } = await commitUntilFull(store);
  expect(last).toBeGreaterThan(20);
  expect(failure).toMatchObject({ reason: 'full', message: 'there is no room on the disk' });
  expect(sayState(await store.state(last))).toBe(`r${last} ${model.digest(last)}`);
  expect((await store.head())?.seq).toBe(last);
  await expect(store.appendAudit(draft('x', { detail: { pad: 'z'.repeat(100_000) } }))).rejects.toMatchObject({
    reason: 'full',
  });
  await store.check();

  rmSync(filler);
  expect(await store.commit(commitNumber(last + 1), { expected: last })).toMatchObject({ kind: 'done' });
  await store.close();
  const after = await openStore({ folder });
  expect(sayState(await after.state(last + 1))).toBe(`r${last + 1} ${model.digest(last + 1)}`);
  await after.check();
  const full = await commitUntilFull(after);
  const backup = await after.backup(join(disk, 'backup.db')).catch((reason: unknown) => reason);
  expect(backup).toMatchObject({ reason: 'full' });
  expect(readdirSync(disk)).toEqual(['data']);
  await after.close();
  console.log(`full after r${last}, and again after r${full.last}`);
});

it('a disk that is full from the start: no store, and the reason', async () => {
  const disk = mountDisk(64);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(48 * 1024));
  const failure = await openStore({ folder: join(disk, 'data') }).catch((reason: unknown) => reason);
  expect(failure).toMatchObject({ reason: 'full' });
  rmSync(join(disk, 'filler'));
  const again = await openStore({ folder: join(disk, 'data') }).catch((reason: unknown) => reason);
  expect(again).toMatchObject({ reason: 'full' });
});

it('garbage in each page, at three places: the state as it was, or no store', { timeout: 600_000 }, async () => {
  const folder = newFolder();
  const store = await openStore({ folder });
  for (let n = 1; n <= 30; n++) await store.commit(commitNumber(n), { expected: n - 1 });
  await store.close();
  const database = join(folder, 'bulkhead.db');
  const original = readFileSync(database);
  const counts = { whole: 0, refused: 0 };
  for (let page = 0; page < statSync(database).size / 4096; page++) {
    for (const place of [0, 1900, 4000]) {
      const copy = newFolder();
      mkdirSync(copy, { recursive: true });
      cpSync(folder, copy, { recursive: true });
      const bytes = Buffer.from(original);
      bytes.fill(0xa5, page * 4096 + place, page * 4096 + place + 90);
      writeFileSync(join(copy, 'bulkhead.db'), bytes);
      const opened = await openStore({ folder: copy }).catch((reason: unknown) => reason);
      if (opened instanceof StoreFailure) {
        expect(opened.remedy, `page ${page} at ${place}`).not.toBe('');
        counts.refused++;
        continue;
      }
      if (opened instanceof Error) throw opened;
      const damaged = opened as Store;
      expect(sayState(await damaged.state(30)), `page ${page} at ${place}`).toBe(`r30 ${model.digest(30)}`);
      await damaged.close();
      rmSync(copy, { recursive: true });
      counts.whole++;
    }
  }
  console.log(`damaged pages: ${counts.refused} refused, ${counts.whole} opened and as they were`);
  expect(counts.refused).toBeGreaterThan(20);
});
