// The store of a data folder, in SQLite: what every store does, and what of it is still there after it was closed.
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open.ts';
import { useFolders } from '../kit/folders.ts';
import { commitAll, draft, item, publishOf, removeOf, upsertOf } from '../kit/stores.ts';
import { describeStore } from './conformance.ts';

const newFolder = useFolders();

describeStore('sqlite', async (test) => {
  const store = await openStore({ folder: newFolder() });
  try {
    await test(store);
  } finally {
    await store.close();
  }
});

it('is after opening it again what it was, and goes on from there', async () => {
  const folder = newFolder();
  const before = await openStore({ folder });
  await commitAll(before, publishOf({ 'a.seg': 'one' }), upsertOf([item('x'), item('y')]), removeOf(['x']));
  await before.appendAudit(draft('server.stop'));
  const [head, audit, state] = [await before.head(), await before.auditHead(), await before.state(3)];
  await before.close();

  const after = await openStore({ folder });
  expect([await after.head(), await after.auditHead(), await after.state(3)]).toEqual([head, audit, state]);
  expect(await commitAll(after, upsertOf([item('y'), item('z')]))).toEqual([4]);
  expect((await after.state(4))?.items.map((one) => one.id)).toEqual(['y', 'z']);
  await after.check();
  await after.close();
});

it('a closed store says so', async () => {
  const store = await openStore({ folder: newFolder() });
  await store.close();
  await store.close();
  await expect(store.head()).rejects.toMatchObject({ reason: 'lost', message: 'the store is closed' });
});
