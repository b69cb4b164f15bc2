// `audit verify` and `store` on data folders: what they say of whole ones, damaged ones, and none.
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open.ts';
import { commitAll, draft, item, publishOf, upsertOf } from '../kit/stores.ts';
import { bulkhead, makeFolder } from './program.ts';

const template = makeFolder({});
let hashes: readonly string[] = [];

/** A folder whose `bulkhead-data` has a log of four entries. */
function makeData(): string {
  const cwd = makeFolder({});
  cpSync(template, join(cwd, 'bulkhead-data'), { recursive: true });
  return cwd;
}

beforeAll(async () => {
  const store = await openStore({ folder: template });
  await store.appendAudit(draft('server.start'));
  await commitAll(store, publishOf({ 'a.seg': 'one' }), upsertOf([item('vm-1')]));
  await store.appendAudit(draft('server.stop'));
  hashes = (await store.auditPage({ owners: null, before: null, limit: 9 })).map((entry) => entry.hash).reverse();
  await store.close();
});

function tamper(cwd: string, statement: string): void {
  const database = new Database(join(cwd, 'bulkhead-data', 'bulkhead.db'));
  database.exec(statement);
  database.close();
}

const files = (cwd: string): readonly string[] => readdirSync(join(cwd, 'bulkhead-data')).sort();

describe('audit verify', () => {
  it('a whole log: 0, how long it is, its head; and it leaves nothing behind', () => {
    const cwd = makeData();
    const before = files(cwd);
    const run = bulkhead(['audit', 'verify'], { cwd });
    expect(run).toEqual({ code: 0, stdout: `the audit log is whole: 4 entries\nhead ${hashes[3]}\n`, stderr: '' });
    expect(JSON.parse(bulkhead(['audit', 'verify', '-f', 'json'], { cwd }).stdout)).toEqual({
      ...{ format: 'bulkhead.audit-check/1', data: 'bulkhead-data', whole: true, entries: 4, head: hashes[3] },
      ...{ broken: null, noted: null },
    });
    expect(files(cwd)).toEqual(before);
  });

  it('a head that was noted elsewhere is found, also under later entries', () => {
    const cwd = makeData();
    for (const [i, hash] of hashes.entries()) {
      const run = bulkhead(['audit', 'verify', '--head', hash.toUpperCase()], { cwd });
      expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(`noted is entry ${i + 1}\n`) });
    }
  });

  it('a log that was made anew: 1, as nothing has the hash that was noted', async () => {
    const cwd = makeFolder({});
    const store = await openStore({ folder: join(cwd, 'bulkhead-data') });
    await commitAll(store, publishOf({ 'a.seg': 'other' }));
    await store.close();
    expect(bulkhead(['audit', 'verify'], { cwd }).code).toBe(0);
    const run = bulkhead(['audit', 'verify', '--head', hashes[3] ?? ''], { cwd });
    const stdout = 'the audit log is broken: no entry has the hash that was noted elsewhere\n';
    expect(run).toEqual({ code: 1, stdout, stderr: '' });
  });

  it.each([
    ["update audit set actor = 'eve' where seq = 2", 2, 'it is not what was written'],
    ['delete from audit where seq = 1', 1, 'it is missing'],
    ['delete from audit where seq = 3', 3, 'it is missing'],
    ['delete from audit where seq > 2', 3, 'it is missing: revision 2 has no entry'],
    ['delete from audit where seq = 4', 4, 'it was acknowledged and is gone'],
  ])('%s: 1, and the first entry that is broken', (statement, entry, problem) => {
    const cwd = makeData();
    tamper(cwd, statement);
    const run = bulkhead(['audit', 'verify'], { cwd });
    expect(run).toEqual({ code: 1, stdout: `the audit log is broken at entry ${entry}: ${problem}\n`, stderr: '' });
    const json = JSON.parse(bulkhead(['audit', 'verify', '-f', 'json'], { cwd }).stdout);
    expect(json).toMatchObject({ whole: false, entries: entry - 1, head: null, broken: { entry, problem } });
  });

  it('runs beside a server', async () => {
    const cwd = makeData();
    const store = await openStore({ folder: join(cwd, 'bulkhead-data') });
    await store.appendAudit(draft('later'));
    expect(bulkhead(['audit', 'verify'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('5 entries'),
    });
    await store.appendAudit(draft('and later'));
    await store.close();
  });
});

describe('store', () => {
  it('check: 0 for a whole one, 1 and the remedy for a damaged one', () => {
    const cwd = makeData();
    expect(bulkhead(['store', 'check'], { cwd })).toEqual({ code: 0, stdout: 'the store is whole\n', stderr: '' });
    tamper(cwd, "update texts set text = 'two'");
    const run = bulkhead(['store', 'check'], { cwd });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toMatch(/^the store is damaged: .* is not what was written.*\nrestore the last backup with/);
    const json = JSON.parse(bulkhead(['store', 'check', '-f', 'json'], { cwd }).stdout);
    expect(json).toMatchObject({ format: 'bulkhead.store/1', action: 'check', problem: expect.any(String) });
  });

  it('backup beside a server that writes, damage, restore: as it was, and what was there is kept', async () => {
    const cwd = makeData();
    const folder = join(cwd, 'bulkhead-data');
    const store = await openStore({ folder });
    await store.appendAudit(draft('later'));
    const backup = bulkhead(['store', 'backup', 'monday.db'], { cwd });
    expect(backup).toEqual({ code: 0, stdout: 'monday.db is a whole copy of the store\n', stderr: '' });
    expect(bulkhead(['store', 'restore', 'monday.db'], { cwd }).stderr).toContain('error[store/busy]');
    await store.appendAudit(draft('after the backup'));
    await store.close();
    truncateSync(join(folder, 'bulkhead.db'), 5000);
    expect(bulkhead(['store', 'check'], { cwd }).code).toBe(1);

    const run = bulkhead(['store', 'restore', 'monday.db'], { cwd });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /^the store is what it was when monday.db was made\nwhat was in bulkhead-data is kept there as/,
    );
    expect(files(cwd).filter((name) => /^bulkhead.db.replaced-\d{8}T\d{6}$/.test(name))).toHaveLength(1);
    expect(bulkhead(['audit', 'verify'], { cwd }).stdout).toContain('5 entries');
    const after = await openStore({ folder });
    expect((await after.head())?.seq).toBe(2);
    await after.close();
  });
});

describe('what is in the way', () => {
  it.each([
    [['audit', 'verify'], 'store/lost', 'there is no store in `bulkhead-data`'],
    [['audit', 'verify', '--data', '/dev/null'], 'store/lost', 'there is no store in `/dev/null`'],
    [['store', 'check', '--data', 'x'], 'store/lost', 'there is no store in `x`'],
    [['audit', 'verify', '--head', 'abc'], 'usage/invalid-value', '`--head` does not take `abc`'],
    [['audit', 'prove'], 'usage/invalid-value', '`audit` does not take `prove`'],
    [['store'], 'usage/missing-argument', '`store` needs `action`'],
    [['store', 'chekc'], 'usage/invalid-value', '`store` does not take `chekc`'],
    [['store', 'check', 'a.db'], 'usage/excess-argument', '`store check` does not take `a.db`'],
    [['store', 'backup'], 'usage/missing-argument', '`store backup` needs the file'],
    [['store', 'restore', 'none.db', '--data', '.'], 'store/lost', 'cannot be reached'],
    [['store', 'restore', 'text.db', '--data', '.'], 'store/corrupt', 'is damaged'],
  ])('%j ends with 2 and %s, and nothing is written', (words, code, message) => {
    const cwd = makeFolder({ 'text.db': 'not a database, but long enough to be taken for one'.repeat(30) });
    const run = bulkhead(words, { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`error[${code}]`);
    expect(run.stderr).toContain(message);
    expect(readdirSync(cwd).filter((name) => name !== 'bulkhead.lock')).toEqual(['text.db']);
  });

  it('a backup overwrites nothing', () => {
    const cwd = makeData();
    writeFileSync(join(cwd, 'a.db'), 'precious');
    expect(bulkhead(['store', 'backup', 'a.db'], { cwd })).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('error[store/exists]: ') },
    });
    expect(readFileSync(join(cwd, 'a.db'), 'utf8')).toBe('precious');
    expect(bulkhead(['store', 'backup', 'nowhere/a.db'], { cwd }).code).toBe(2);
  });

  it('a database of another program, or of a newer one', () => {
    const cwd = makeData();
    tamper(cwd, 'insert into schema_versions values (99, 0)');
    expect(bulkhead(['audit', 'verify'], { cwd })).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('error[store/too-new]') },
    });
    const other = makeFolder({ 'bulkhead-data/none': '' });
    tamper(other, 'create table recipes (name text)');
    expect(bulkhead(['store', 'check'], { cwd: other }).stderr).toContain('error[store/foreign]');
    appendFileSync(join(other, 'bulkhead-data', 'none'), '');
    expect(existsSync(join(other, 'bulkhead-data', 'bulkhead.mark'))).toBe(false);
  });
});
