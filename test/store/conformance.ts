// What every store does, whatever it is kept in: the suite that each implementation runs.

import { describe, expect, it } from 'vitest';
import { auditHash, NO_AUDIT_HASH, stateDigest } from '../../src/store/digest.ts';
import type { LogDraft, Revision, Store } from '../../src/store/store.ts';
import { commitAll, commitOf, DAY, draft, item, NOON, publishOf, removeOf, upsertOf } from '../kit/stores.ts';

/** `withStore` opens an empty store for one test, and closes it. */
export function describeStore(name: string, withStore: (test: (store: Store) => Promise<void>) => Promise<void>): void {
  const test = (says: string, body: (store: Store) => Promise<void>): void => it(says, () => withStore(body));

  describe(`${name}: revisions`, () => {
    test('an empty store has no head, no state, no revisions', async (store) => {
      expect(await store.head()).toBeNull();
      expect(await store.state(1)).toBeNull();
      expect(await store.revisions({ owners: null, before: null, limit: 10 })).toEqual([]);
      expect(await store.auditHead()).toBeNull();
      expect(await store.verifyAudit()).toEqual({ kind: 'whole', entries: 0, head: NO_AUDIT_HASH });
      await store.check();
    });

    test('a commit makes the next revision, with the digest of the whole state', async (store) => {
      await commitAll(store, publishOf({ 'a.seg': 'one', 'b.seg': 'two' }, { message: 'first' }));
      const [seq] = await commitAll(store, upsertOf([item('vm-1'), item('site-1', {}, { kind: 'sites' })]));
      const state = await store.state(2);
      expect(seq).toBe(2);
      expect(state?.files.map((file) => [file.path, file.text])).toEqual([
        ['a.seg', 'one'],
        ['b.seg', 'two'],
      ]);
      expect(state?.items.map((one) => `${one.kind}/${one.id}`)).toEqual(['sites/site-1', 'workloads/vm-1']);
      expect(state?.revision).toEqual(await store.head());
      expect(state?.revision.digest).toBe(stateDigest(state ?? { files: [], items: [] }));
      expect(await store.revision(1)).toMatchObject({
        seq: 1,
        kind: 'publish',
        actor: 'ada',
        message: 'first',
        at: NOON,
      });
      await store.check();
    });

    test('publishing takes the place of all files of that project, and of no others', async (store) => {
      await commitAll(
        store,
        publishOf({ 'base.seg': 'b' }),
        publishOf({ 'x.seg': '1', 'y.seg': '2' }, { project: 'shop' }),
        publishOf({ 'y.seg': '3', 'z.seg': '4' }, { project: 'shop' }),
      );
      const say = async (seq: number) =>
        (await store.state(seq))?.files.map(({ project, path, text }) => `${project ?? '-'} ${path} ${text}`);
      expect(await say(2)).toEqual(['- base.seg b', 'shop x.seg 1', 'shop y.seg 2']);
      expect(await say(3)).toEqual(['- base.seg b', 'shop y.seg 3', 'shop z.seg 4']);
    });

    test('what was removed may come back', async (store) => {
      await commitAll(store, upsertOf([item('a'), item('b')]), removeOf(['a', 'nobody']), upsertOf([item('a')]));
      const ids = async (seq: number) => (await store.state(seq))?.items.map((one) => one.id);
      expect([await ids(1), await ids(2), await ids(3)]).toEqual([['a', 'b'], ['b'], ['a', 'b']]);
      expect((await store.revision(3))?.digest).toBe((await store.revision(1))?.digest);
    });

    test('an item in more than one part of a statement', async (store) => {
      const many = Array.from({ length: 1203 }, (_, i) => item(`vm-${i}`));
      await commitAll(store, upsertOf(many), removeOf(many.slice(0, 1200).map((one) => one.id)));
      expect((await store.state(1))?.items).toHaveLength(1203);
      expect((await store.state(2))?.items.map((one) => one.id)).toEqual(['vm-1200', 'vm-1201', 'vm-1202']);
    });

    test('a commit that changes nothing makes no revision, and is in the audit log', async (store) => {
      await commitAll(store, publishOf({ 'a.seg': 'one' }), upsertOf([item('vm-1')]));
      const same = [publishOf({ 'a.seg': 'one' }), upsertOf([item('vm-1')]), removeOf(['nobody'])];
      for (const commit of same) {
        const committed = await store.commit(commit, { expected: 2 });
        expect(committed).toMatchObject({ kind: 'done', isChanged: false, revision: { seq: 2 } });
      }
      expect((await store.head())?.seq).toBe(2);
      expect(await store.auditHead()).toMatchObject({ seq: 5, revision: null });
    });

    test('another time to live is a change, and so is another owner', async (store) => {
      await commitAll(store, upsertOf([item('vm-1')]));
      const later = await commitAll(
        store,
        upsertOf([item('vm-1', { name: 'vm-1' }, { expiresAt: NOON + DAY })]),
        upsertOf([item('vm-1', { name: 'vm-1' }, { expiresAt: NOON + DAY, project: 'shop' })]),
      );
      expect(later).toEqual([2, 3]);
      expect((await store.state(3))?.items).toEqual([
        item('vm-1', { name: 'vm-1' }, { expiresAt: NOON + DAY, project: 'shop' }),
      ]);
    });

    test('a commit for another head than there is writes nothing', async (store) => {
      expect(await store.commit(upsertOf([item('a')]), { expected: 1 })).toEqual({ kind: 'conflict', head: null });
      expect(await store.commit(upsertOf([item('a')]), { expected: 0 })).toMatchObject({ kind: 'done' });
      const head = await store.head();
      expect(await store.commit(upsertOf([item('b')]), { expected: 0 })).toEqual({ kind: 'conflict', head });
      expect(await store.auditHead()).toMatchObject({ seq: 1 });
    });

    test('of commits at once for one head, one is done', async (store) => {
      const all = ['a', 'b', 'c', 'd'].map((id) => store.commit(upsertOf([item(id)]), { expected: 0 }));
      const kinds = (await Promise.all(all)).map((committed) => committed.kind).sort();
      expect(kinds).toEqual(['conflict', 'conflict', 'conflict', 'done']);
      expect((await store.state(1))?.items).toHaveLength(1);
    });

    test('instants of revisions and entries never go back', async (store) => {
      const at = [NOON, NOON - DAY, NOON + 5, NOON + 4];
      for (const [i, instant] of at.entries()) await commitAll(store, upsertOf([item(`${i}`)], { at: instant }));
      const instants = [...(await store.revisions({ owners: null, before: null, limit: 9 }))]
        .reverse()
        .map((r) => r.at);
      expect(instants).toEqual([NOON, NOON, NOON + 5, NOON + 5]);
      expect((await store.appendAudit(draft('x', { at: 0 }))).at).toBe(NOON + 5);
      expect((await store.revisionAt(NOON, null))?.seq).toBe(2);
      expect((await store.revisionAt(NOON + DAY, null))?.seq).toBe(4);
      expect(await store.revisionAt(NOON - 1, null)).toBeNull();
    });

    test('revisions are counted among those of some owners', async (store) => {
      const by = [null, 'shop', 'bank', 'shop', null];
      for (const [i, project] of by.entries()) {
        await commitAll(store, upsertOf([item(`${i}`)], { project, at: NOON + i }));
      }
      const owners = ['shop', null];
      const seqs = (list: readonly Revision[]) => list.map((revision) => revision.seq);
      expect(seqs(await store.revisions({ owners, before: null, limit: 3 }))).toEqual([5, 4, 2]);
      expect(seqs(await store.revisions({ owners, before: 2, limit: 3 }))).toEqual([1]);
      expect([await store.countRevisions(5, owners), await store.countRevisions(3, owners)]).toEqual([4, 2]);
      expect((await store.nthRevision(3, owners))?.seq).toBe(4);
      expect([await store.nthRevision(5, owners), await store.nthRevision(0, owners)]).toEqual([null, null]);
      expect((await store.revisionAt(NOON + 2, owners))?.seq).toBe(2);
    });

    test('changes between two revisions, from the empty store too', async (store) => {
      await commitAll(
        store,
        publishOf({ 'a.seg': '1', 'b.seg': '1' }),
        upsertOf([item('x', 1), item('y', 1), item('z', 1)]),
        publishOf({ 'a.seg': '2', 'c.seg': '1' }),
        commitOf({ upsert: [item('x', 2), item('w', 1)], remove: [{ kind: 'workloads', id: 'y' }] }),
        upsertOf([item('x', 1)]),
      );
      const changes = await store.changes(2, 5);
      expect(changes.files.map((file) => `${file.path} ${file.text}`)).toEqual(['a.seg 2', 'c.seg 1']);
      expect(changes.filesRemoved).toEqual([{ project: null, path: 'b.seg' }]);
      expect(changes.items.map((one) => `${one.id} ${one.body}`)).toEqual(['w 1']);
      expect(changes.itemsRemoved).toEqual([{ kind: 'workloads', id: 'y', project: null }]);
      const state = await store.state(5);
      expect(await store.changes(0, 5)).toEqual({
        ...{ from: 0, to: 5, filesRemoved: [], itemsRemoved: [] },
        ...{ files: state?.files, items: state?.items },
      });
      expect(await store.changes(5, 5)).toMatchObject({ files: [], items: [], filesRemoved: [], itemsRemoved: [] });
    });
  });

  describe(`${name}: idempotency`, () => {
    const keyed = (request: string, id: string) =>
      upsertOf([item(id)], {
        idempotency: { principal: 'ada', key: 'k1', request, answer: ({ seq }) => `made r${seq}` },
      });

    test('a key is used once; whoever repeats it is told what came of it', async (store) => {
      await commitAll(store, keyed('d1', 'a'));
      const record = { principal: 'ada', key: 'k1', request: 'd1', at: NOON, revision: 1, answer: 'made r1' };
      expect(await store.findIdempotent('ada', 'k1')).toEqual(record);
      expect(await store.commit(keyed('d2', 'b'), { expected: null })).toEqual({ kind: 'repeated', record });
      expect((await store.head())?.seq).toBe(1);
      expect(await store.findIdempotent('eve', 'k1')).toBeNull();
    });

    test('a conflict uses no key, and old keys go', async (store) => {
      await store.commit(keyed('d1', 'a'), { expected: 7 });
      expect(await store.findIdempotent('ada', 'k1')).toBeNull();
      await commitAll(store, keyed('d1', 'a'));
      expect([await store.pruneIdempotent(NOON), await store.pruneIdempotent(NOON + 1)]).toEqual([0, 1]);
      expect(await store.findIdempotent('ada', 'k1')).toBeNull();
    });
  });

  describe(`${name}: audit`, () => {
    test('entries hold each other, and name the revision that they came with', async (store) => {
      await store.appendAudit(draft('server.start'));
      await commitAll(store, publishOf({ 'a.seg': 'one' }));
      const last = await store.appendAudit(draft('feeds.read', { outcome: 'refused', detail: { n: 3, because: 'x' } }));
      const [third, second, first] = await store.auditPage({ owners: null, before: null, limit: 10 });
      expect(third).toEqual(last);
      expect([first?.prev, second?.prev, third?.prev]).toEqual([NO_AUDIT_HASH, first?.hash, second?.hash]);
      expect(second).toMatchObject({ revision: 1, digest: (await store.head())?.digest, action: 'publish.commit' });
      expect(third).toMatchObject({ seq: 3, outcome: 'refused', detail: { n: 3, because: 'x' }, revision: null });
      expect(third?.hash).toBe(auditHash(last));
      expect(await store.verifyAudit()).toEqual({ kind: 'whole', entries: 3, head: last.hash });
      expect(await store.auditHead()).toEqual(last);
    });

    test('pages, newest first, of some owners', async (store) => {
      for (const project of [null, 'shop', 'bank', 'shop']) await store.appendAudit(draft('x', { project }));
      const seqs = async (owners: readonly (string | null)[] | null, before: number | null) =>
        (await store.auditPage({ owners, before, limit: 2 })).map((entry) => entry.seq);
      expect([await seqs(null, null), await seqs(null, 3)]).toEqual([
        [4, 3],
        [2, 1],
      ]);
      expect([await store.countAudit(3, ['shop']), await store.countAudit(4, null)]).toEqual([1, 4]);
      expect((await store.nthAudit(2, ['shop']))?.seq).toBe(4);
      expect([await store.nthAudit(3, ['shop']), await store.nthAudit(0, null)]).toEqual([null, null]);
      expect([await seqs(['shop'], null), await seqs(['shop'], 2), await seqs(['nobody'], null)]).toEqual([
        [4, 2],
        [],
        [],
      ]);
    });
  });

  describe(`${name}: decision logs`, () => {
    const batch = (key: string, more: Partial<LogDraft> = {}): LogDraft => ({
      ...{ at: NOON, point: 'esx-1', key, request: `of ${key}`, entries: 2, body: Buffer.from(`body of ${key}`) },
      ...{ quota: { point: 100, all: 1000 }, ...more },
    });

    test('a batch is kept as it came, once for a key of a point', async (store) => {
      expect(await store.appendLog(batch('a'))).toEqual({ kind: 'stored', seq: 1 });
      expect(await store.appendLog(batch('a'))).toEqual({ kind: 'repeated', seq: 1 });
      expect(await store.appendLog(batch('a', { request: 'else' }))).toEqual({ kind: 'other-request' });
      expect(await store.appendLog(batch('a', { point: 'esx-2' }))).toEqual({ kind: 'stored', seq: 2 });
      const [first, second] = await store.logPage({ point: null, after: 0, limit: 10 });
      expect(first).toMatchObject({ seq: 1, at: NOON, point: 'esx-1', key: 'a', entries: 2 });
      expect(Buffer.from(first?.body ?? []).toString()).toBe('body of a');
      expect(await store.logPage({ point: 'esx-2', after: 0, limit: 10 })).toEqual([second]);
      expect(await store.logPage({ point: null, after: 1, limit: 1 })).toEqual([second]);
      await store.check();
    });

    test('what does not fit is refused, until something was removed', async (store) => {
      const body = new Uint8Array(60);
      expect(await store.appendLog(batch('a', { body }))).toMatchObject({ kind: 'stored' });
      expect(await store.appendLog(batch('b', { body }))).toEqual({ kind: 'full', of: 'point' });
      const other = { point: 'esx-2', body, quota: { point: 100, all: 100 } };
      expect(await store.appendLog(batch('b', other))).toEqual({ kind: 'full', of: 'all' });
      expect(await store.appendLog(batch('c', { body: new Uint8Array(40), at: NOON + DAY }))).toMatchObject({ seq: 2 });
      expect(await store.pruneLogs(NOON + 1)).toBe(1);
      expect(await store.appendLog(batch('b', { body }))).toEqual({ kind: 'stored', seq: 3 });
    });

    test('numbers are not given twice, even when all is old', async (store) => {
      await store.appendLog(batch('a'));
      await store.appendLog(batch('b'));
      expect(await store.pruneLogs(NOON + DAY)).toBe(1);
      expect(await store.appendLog(batch('c'))).toEqual({ kind: 'stored', seq: 3 });
    });
  });

  describe(`${name}: feeds and points`, () => {
    test('secrets are added and retired, with their entries', async (store) => {
      const secret = { feed: 'db', id: 's1', hash: 'h1', createdAt: NOON };
      await store.addSecret(secret, draft('feeds.secret.new'));
      await store.addSecret({ ...secret, id: 's2', hash: 'h2' }, draft('feeds.secret.new'));
      expect(await store.retireSecret('db', 's1', NOON + 1, draft('feeds.secret.retire'))).toBe(true);
      expect(await store.retireSecret('db', 's1', NOON + 9, draft('feeds.secret.retire'))).toBe(false);
      expect(await store.retireSecret('db', 'none', NOON, draft('feeds.secret.retire'))).toBe(false);
      expect(await store.listSecrets('db')).toEqual([
        { ...secret, retiredAt: NOON + 1 },
        { ...secret, id: 's2', hash: 'h2', retiredAt: null },
      ]);
      expect(await store.listSecrets('web')).toEqual([]);
      expect(await store.auditHead()).toMatchObject({ seq: 3, action: 'feeds.secret.retire' });
    });

    test('the last word of each point', async (store) => {
      await store.putStatus({ point: 'esx-2', at: NOON, body: '{"a":1}' });
      await store.putStatus({ point: 'esx-1', at: NOON, body: '{}' });
      await store.putStatus({ point: 'esx-2', at: NOON + 1, body: '{"a":2}' });
      expect(await store.statuses()).toEqual([
        { point: 'esx-1', at: NOON, body: '{}' },
        { point: 'esx-2', at: NOON + 1, body: '{"a":2}' },
      ]);
    });
  });
}
