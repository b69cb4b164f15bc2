// Data folders that something happened to: the store is as it was, or it is not opened, says what to do, and what is
// there stays as it is for somebody to look into.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/store/digest.ts';
import { restoreStore } from '../../src/store/sqlite/backup.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { type Store, StoreFailure } from '../../src/store/store.ts';
import { useFolders } from '../kit/folders.ts';
import { commitAll, draft, item, NOON, upsertOf } from '../kit/stores.ts';
import { commitNumber, makeModel, sayState } from './workload.ts';

const newFolder = useFolders();
const REVISIONS = 12;
const model = makeModel();

async function fill(store: Store, from = 1, to = REVISIONS): Promise<void> {
  for (let n = from; n <= to; n++) await store.commit(commitNumber(n), { expected: n - 1 });
}

const template = newFolder();
beforeAll(async () => {
  const store = await openStore({ folder: template });
  await fill(store);
  await store.close();
});

/** A folder with a store of some revisions, closed, and its files. */
async function filled() {
  const folder = newFolder();
  cpSync(template, folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  return { folder, database: file('bulkhead.db'), mark: file('bulkhead.mark') };
}

/** A copy of the folder of a store that is open: what a cut of the power would leave. */
function cutPower(folder: string): string {
  const copy = newFolder();
  for (const name of ['bulkhead.db', 'bulkhead.db-wal', 'bulkhead.mark']) {
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  }
  return copy;
}

/** `corrupt: …` or the state that is there. */
async function tryOpen(folder: string): Promise<string> {
  const opened = await openStore({ folder }).catch((reason: unknown) => reason);
  if (opened instanceof StoreFailure) {
    expect(opened.remedy).not.toBe('');
    return `${opened.reason}: ${opened.message}`;
  }
  if (opened instanceof Error) throw opened;
  const store = opened as Store;
  const said = sayState(await store.state((await store.head())?.seq ?? 0));
  await store.close();
  return said;
}

const hashOf = (path: string): string => (existsSync(path) ? sha256(readFileSync(path)) : 'none');

function edit(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
}

/** Changes the database with SQL, as somebody could who has the file. */
function tamper(path: string, ...statements: readonly string[]): void {
  const database = new Database(path);
  database.pragma('foreign_keys = OFF');
  for (const statement of statements) database.exec(statement);
  database.close();
}

const whole = `r${REVISIONS} ${model.digest(REVISIONS)}`;

describe('a database that is damaged', () => {
  const damages: readonly [string, (path: string) => void, RegExp][] = [
    ['a header of garbage', (path) => edit(path, (bytes) => bytes.fill(0x5a, 0, 100)), /^corrupt: .*not a database/],
    ['a last page of garbage', (path) => edit(path, (bytes) => bytes.fill(0x5a, bytes.length - 4096)), /^corrupt: /],
    ['half of the file', (path) => truncateSync(path, statSync(path).size / 2), /^corrupt: /],
    ['all but its last page', (path) => truncateSync(path, statSync(path).size - 4096), /^corrupt: /],
    ['nothing in the file', (path) => truncateSync(path, 0), /^lost: .*its database is gone/],
    ['no file', (path) => rmSync(path), /^lost: .*its database is gone/],
    ['some of another file', (path) => writeFileSync(path, 'a,b,c\n1,2,3\n'), /^corrupt: /],
  ];
  it.each(damages)('%s: is not opened, says why, and stays as it is', async (_name, damage, says) => {
    const { folder, database, mark } = await filled();
    damage(database);
    const before = [hashOf(database), hashOf(mark)];
    expect(await tryOpen(folder)).toMatch(says);
    expect([hashOf(database), hashOf(mark)]).toEqual(before);
  });

  it('a text of which one letter is another is found, though every page is in order', async () => {
    const { folder, database } = await filled();
    edit(database, (bytes) => {
      const at = bytes.indexOf(`"n":${REVISIONS - 1},`);
      bytes[at + 4] = (bytes[at + 4] ?? 0) ^ 1;
    });
    expect(await tryOpen(folder)).toMatch(/^corrupt: what is kept of revision 12 is not what was written/);
  });

  it('garbage anywhere: the state as it was, or no store', async () => {
    const { folder, database } = await filled();
    const original = readFileSync(database);
    const outcomes = new Map<string, number>();
    for (let offset = 0; offset < original.length; offset += 4096 * 5 + 517) {
      writeFileSync(database, original);
      edit(database, (bytes) => bytes.fill(0xa5, offset, offset + 64));
      rmSync(`${database}-wal`, { force: true });
      const said = await tryOpen(folder);
      const kind = said === whole ? 'whole' : said.replace(/:.*/, '');
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    }
    expect([...outcomes.keys()].filter((kind) => !['whole', 'corrupt', 'foreign', 'lost'].includes(kind))).toEqual([]);
    expect(outcomes.get('corrupt')).toBeGreaterThan(1);
  });
});

describe('a log that is damaged', () => {
  it('without damage everything acknowledged is there', async () => {
    const folder = newFolder();
    const store = await openStore({ folder });
    await fill(store);
    expect(await tryOpen(cutPower(folder))).toBe(whole);
    await store.close();
  });

  it('one that is gone, or ends early, or has a damaged end, is found by the mark', async () => {
    const folder = newFolder();
    const store = await openStore({ folder });
    await fill(store);
    const damages: ((path: string) => void)[] = [
      (path) => rmSync(path),
      (path) => truncateSync(path, statSync(path).size - 100),
      (path) => edit(path, (bytes) => bytes.fill(0x5a, bytes.length - 300)),
    ];
    for (const damage of damages) {
      const copy = cutPower(folder);
      damage(join(copy, 'bulkhead.db-wal'));
      expect(await tryOpen(copy)).toMatch(/^(corrupt|lost): .*(was acknowledged and is gone|its database is gone)/);
    }
    await store.close();
  });

  it('batches of decision logs are marked too', async () => {
    const folder = newFolder();
    const store = await openStore({ folder });
    await fill(store);
    const before = cutPower(folder);
    const body = { at: NOON, point: 'p', key: 'k', request: 'r', entries: 1, body: Buffer.from('b') };
    await store.appendLog({ ...body, quota: { point: 9, all: 9 } });
    copyFileSync(join(folder, 'bulkhead.mark'), join(before, 'bulkhead.mark'));
    expect(await tryOpen(before)).toMatch(/^corrupt: batch 1 of the decision logs was acknowledged and is gone/);
    await store.close();
  });
});

describe('a mark that is damaged', () => {
  it('one slot or both: the store is opened, as the database is whole', async () => {
    const { folder, mark } = await filled();
    edit(mark, (bytes) => bytes.fill(0, 0, 50));
    expect(await tryOpen(folder)).toBe(whole);
    rmSync(mark);
    expect(await tryOpen(folder)).toBe(whole);
  });

  it('an older database in the place of the newer one is refused', async () => {
    const folder = newFolder();
    const store = await openStore({ folder });
    await fill(store, 1, 3);
    await store.backup(join(folder, 'old.db'));
    await fill(store, 4);
    await store.close();
    copyFileSync(join(folder, 'old.db'), join(folder, 'bulkhead.db'));
    expect(await tryOpen(folder)).toMatch(/^corrupt: entry 12 of the audit log: it was acknowledged and is gone/);
  });
});

describe('what somebody did to the records', () => {
  const deeds: readonly [string, readonly string[], RegExp][] = [
    ['an entry changed', ["update audit set actor = 'eve' where seq = 4"], /broken at entry 4: it is not what was/],
    ['an entry removed', ['delete from audit where seq = 4'], /broken at entry 4: it is missing/],
    ['the end cut off', ['delete from audit where seq > 10'], /broken at entry 11: .*revision 11 has no entry/],
    ['a revision changed', ["update revisions set digest = 'x' where seq = 4"], /entry 4: revision 4 is not the one/],
    ['the newest revision gone', ['delete from revisions where seq = 12'], /a row of audit refers to nothing/],
    [
      'an item slipped in',
      ["insert into items select 'hosts', 'eve', '', null, hash, 12, null from texts limit 1"],
      /digest is another/,
    ],
  ];
  it.each(deeds)('%s', async (_name, statements, says) => {
    const { folder, database } = await filled();
    tamper(database, ...statements);
    const said = await tryOpen(folder);
    expect(said).toMatch(/^corrupt/);
    expect(said).toMatch(says);
  });

  it('an end that is cut off together with its revisions is found by the mark', async () => {
    const { folder, database } = await filled();
    const rest = ['files', 'items'].map((table) => `delete from ${table} where valid_from > 10`);
    const back = ['files', 'items'].map((table) => `update ${table} set valid_to = null where valid_to > 10`);
    tamper(database, 'delete from audit where seq > 10', 'delete from revisions where seq > 10', ...rest, ...back);
    expect(await tryOpen(folder)).toMatch(/entry 12 of the audit log: it was acknowledged and is gone/);
  });

  it('a secret that nobody issued is not let in', async () => {
    const { folder, database } = await filled();
    tamper(database, "insert into feed_secrets values ('f', 's', 'h', 0, null, 'seal')");
    const store = await openStore({ folder });
    await expect(store.listSecrets('f')).rejects.toMatchObject({ reason: 'corrupt' });
    await store.close();
  });

  it('texts and batches of the past are found by a check, and when they are read', async () => {
    const { folder, database } = await filled();
    tamper(
      database,
      "update texts set text = text || ' ' where hash = (select hash from files where valid_to = 7 limit 1)",
    );
    const store = await openStore({ folder });
    await expect(store.check()).rejects.toMatchObject({ reason: 'corrupt' });
    await expect(store.state(3)).rejects.toMatchObject({ reason: 'corrupt' });
    expect(sayState(await store.state(REVISIONS))).toBe(whole);
    await store.close();
  });
});

describe('what is not for this program', () => {
  it('a newer schema, another database, a folder that is a file', async () => {
    const newer = await filled();
    tamper(newer.database, 'insert into schema_versions values (99, 0)');
    expect(await tryOpen(newer.folder)).toMatch(/^too-new: .*version 99/);
    const foreign = newFolder();
    tamper(join(foreign, 'bulkhead.db'), 'create table recipes (name text)');
    const before = hashOf(join(foreign, 'bulkhead.db'));
    expect(await tryOpen(foreign)).toMatch(/^foreign: /);
    expect(hashOf(join(foreign, 'bulkhead.db'))).toBe(before);
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(await tryOpen(file)).toMatch(/^lost: /);
  });

  it('a folder that another program has; then it is free', async () => {
    const folder = newFolder();
    const store = await openStore({ folder });
    expect(await tryOpen(folder)).toMatch(/^busy: another program has this data folder/);
    await commitAll(store, upsertOf([item('a')]));
    await store.close();
    expect(await tryOpen(folder)).toMatch(/^r1 /);
  });

  it('a database that was exchanged while it was open takes no writes, and loses none', async () => {
    const { folder, database } = await filled();
    const store = await openStore({ folder });
    const copy = `${database}.copy`;
    copyFileSync(database, copy);
    rmSync(database);
    copyFileSync(copy, database);
    await expect(store.appendAudit(draft('x'))).rejects.toMatchObject({ reason: 'lost' });
    expect(sayState(await store.state(REVISIONS))).toBe(whole);
    await store.close();
  });
});

describe('backup and restore', () => {
  it('a backup is one of the states that there were while it was made, and is whole', async () => {
    const folder = newFolder();
    const store = await openStore({ folder });
    await fill(store);
    const path = join(folder, 'backup.db');
    let last = REVISIONS;
    let isRunning = true;
    const writing = (async () => {
      while (isRunning) {
        await store.commit(commitNumber(last + 1), { expected: last });
        last++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await store.backup(path);
    isRunning = false;
    await writing;
    expect(existsSync(`${path}-wal`)).toBe(false);
    await expect(store.backup(path)).rejects.toMatchObject({ reason: 'exists' });
    await store.close();

    const kept = await restoreStore({ folder, backup: path, suffix: 'old' });
    expect(kept).toEqual(['bulkhead.db.old', 'bulkhead.mark.old']);
    const restored = await openStore({ folder });
    const seq = (await restored.head())?.seq ?? 0;
    expect(seq).toBeGreaterThanOrEqual(REVISIONS);
    expect(seq).toBeLessThanOrEqual(last);
    expect(sayState(await restored.state(seq))).toBe(`r${seq} ${model.digest(seq)}`);
    await fill(restored, seq + 1, seq + 2);
    await restored.check();
    await restored.close();
  });

  it('restores into a damaged folder, a lost one and a new one', async () => {
    const { folder, database } = await filled();
    const backup = join(newFolder(), 'backup.db');
    const store = await openStore({ folder });
    await store.backup(backup);
    await store.close();
    edit(database, (bytes) => bytes.fill(0x5a, 0, 100));
    writeFileSync(`${database}-wal`, 'of another life');
    expect(await restoreStore({ folder, backup, suffix: '1' })).toEqual([
      'bulkhead.db.1',
      'bulkhead.db-wal.1',
      'bulkhead.mark.1',
    ]);
    expect(await tryOpen(folder)).toBe(whole);
    rmSync(database);
    expect(await restoreStore({ folder, backup, suffix: '2' })).toEqual(['bulkhead.mark.2']);
    expect(await tryOpen(folder)).toBe(whole);
    const fresh = join(newFolder(), 'new');
    mkdirSync(fresh);
    expect(await restoreStore({ folder: fresh, backup, suffix: '3' })).toEqual([]);
    expect(await tryOpen(fresh)).toBe(whole);
  });

  it('interrupted between any two of its steps, the folder is refused, and the same restore makes it good', async () => {
    const old = await filled();
    const backup = join(newFolder(), 'backup.db');
    const store = await openStore({ folder: old.folder });
    await store.backup(backup);
    await fill(store, REVISIONS + 1, REVISIONS + 2);
    const cut = cutPower(old.folder);
    await store.close();
    const file = (folder: string, name: string): string => join(folder, name);
    const steps: readonly ((folder: string) => void)[] = [
      (folder) => renameSync(file(folder, 'bulkhead.db'), file(folder, 'bulkhead.db.1')),
      (folder) => renameSync(file(folder, 'bulkhead.db-wal'), file(folder, 'bulkhead.db-wal.1')),
      (folder) => copyFileSync(backup, file(folder, 'bulkhead.db')),
    ];
    for (let taken = 1; taken <= steps.length; taken++) {
      const folder = newFolder();
      cpSync(cut, folder, { recursive: true });
      for (const step of steps.slice(0, taken)) step(folder);
      expect(await tryOpen(folder)).toMatch(/^(lost: .*its database is gone|corrupt: .*was acknowledged and is gone)/);
      await restoreStore({ folder, backup, suffix: '2' });
      expect(await tryOpen(folder)).toBe(whole);
    }
  });

  it('what is no whole backup changes nothing, and neither does a store that is open', async () => {
    const { folder, database } = await filled();
    const backup = join(newFolder(), 'backup.db');
    const before = readFileSync(database);
    const restore = () => restoreStore({ folder, backup, suffix: 'x' });
    await expect(restore()).rejects.toMatchObject({ reason: 'lost' });
    writeFileSync(backup, before.subarray(0, before.length - 4096));
    await expect(restore()).rejects.toMatchObject({ reason: 'corrupt' });
    writeFileSync(backup, '');
    await expect(restore()).rejects.toMatchObject({ reason: 'foreign' });
    tamper(backup, 'create table recipes (name text)');
    await expect(restore()).rejects.toMatchObject({ reason: 'foreign' });
    writeFileSync(backup, before);
    const store = await openStore({ folder });
    await expect(restore()).rejects.toMatchObject({ reason: 'busy' });
    await store.close();
    expect(await tryOpen(folder)).toBe(whole);
  });
});
