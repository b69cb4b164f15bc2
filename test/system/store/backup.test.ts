// Backups that are made while another process writes as fast as it can, and what they are when they are restored; and a
// program without the package that keeps the store.
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { restoreStore } from '../../../src/store/sqlite/backup.ts';
import { openStore } from '../../../src/store/sqlite/open.ts';
import { openReader } from '../../../src/store/sqlite/read.ts';
import { useFolders } from '../../kit/folders.ts';
import { commitNumber, makeModel, sayState } from '../../store/workload.ts';
import { acknowledged, buildWriter, startWriter } from './processes.ts';

const newFolder = useFolders();
const model = makeModel();

let writer = '';
beforeAll(() => {
  writer = buildWriter();
});

it('each backup is the state of one moment between its beginning and its end; restored, it goes on', async () => {
  const folder = newFolder();
  const { child, heard, ended } = startWriter(writer, [folder]);
  await heard('done 20');
  const backups = newFolder();
  const seqs: number[] = [];
  for (let n = 0; n < 8; n++) {
    const reader = await openReader(folder);
    const path = join(backups, `${n}.db`);
    await reader.backup(path);
    expect(await reader.verifyAudit()).toMatchObject({ kind: 'whole' });
    await reader.close();
    const place = newFolder();
    await restoreStore({ folder: place, backup: path, suffix: 'old' });
    const store = await openStore({ folder: place });
    const seq = (await store.head())?.seq ?? 0;
    expect(sayState(await store.state(seq))).toBe(`r${seq} ${model.digest(seq)}`);
    expect(await store.commit(commitNumber(seq + 1), { expected: seq })).toMatchObject({ kind: 'done' });
    await store.check();
    await store.close();
    seqs.push(seq);
  }
  child.kill('SIGKILL');
  const { tried } = acknowledged(await ended);
  console.log(`backups at revisions ${seqs.join(' ')}, while the writer went on to ${tried}`);
  expect(seqs[0]).toBeGreaterThanOrEqual(20);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(seqs.at(-1)).toBeLessThanOrEqual(tried);
  expect(tried).toBeGreaterThan(seqs[0] ?? 0);
  expect(readdirSync(backups)).toHaveLength(8);

  // And in the place of what the killed writer left.
  const kept = await restoreStore({ folder, backup: join(backups, '3.db'), suffix: 'killed' });
  expect(kept).toContain('bulkhead.db.killed');
  const store = await openStore({ folder });
  expect((await store.head())?.seq).toBe(seqs[3]);
  await store.close();
});

it('without the package that keeps the store: the reason and the remedy, and nothing else breaks', async () => {
  const alone = join(newFolder(), 'writer.mjs');
  copyFileSync(writer, alone);
  const lines = await startWriter(alone, [newFolder()]).ended;
  expect(lines).toEqual(['failed not-installed: the package better-sqlite3, which keeps the store, cannot be loaded']);
});
