// Bundles over HTTP: what a point gets, what it gets next, and what it is told where that cannot be.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleSchema, type DeltaDocument, type SnapshotDocument } from '../../src/api/bundle.ts';
import { canonicalText } from '../../src/exporters/bundle/canonical.ts';
import { applyDelta } from '../../src/exporters/bundle/delta.ts';
import { digestOf } from '../../src/trust/digest.ts';
import { rotate } from '../../src/trust/key-ring.ts';
import { readRing, writeRing } from '../../src/trust/ring-file.ts';
import { readPublicKeys, verifyDetached } from '../../src/trust/signature.ts';
import { NOON } from '../kit/stores.ts';
import { machine, openPointServer, type PointServer, RULES } from './point-server.ts';

const open: PointServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bundles-'));
async function serve(folder = newFolder(), options: Parameters<typeof openPointServer>[1] = {}): Promise<PointServer> {
  const server = await openPointServer(folder, options);
  open.push(server);
  return server;
}
async function shut(server: PointServer): Promise<void> {
  open.splice(open.indexOf(server), 1);
  await server.close();
}

const get = ({ app }: PointServer, point: string, headers: Record<string, string> = {}, more: InjectOptions = {}) =>
  app.inject({ method: 'GET', url: `/v1/points/${encodeURIComponent(point)}/bundle`, headers, ...more });

async function snapshotOf(server: PointServer, point: string): Promise<{ etag: string; document: SnapshotDocument }> {
  const answer = await get(server, point);
  expect(answer.statusCode, answer.body).toBe(200);
  return { etag: String(answer.headers.etag), document: JSON.parse(answer.body) as SnapshotDocument };
}

const BOTH = 'modes=snapshot,delta';

describe('a bundle', () => {
  it('is a snapshot of the point, under the digest of its content', async () => {
    const server = await serve();
    const answer = await get(server, 'esx-1');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const document = bundleSchema.parse(JSON.parse(answer.body)) as SnapshotDocument;
    expect(document).toMatchObject({ kind: 'snapshot', point: 'esx-1', revision: 'r1', seq: 1 });
    expect(document.digest).toBe(digestOf(canonicalText(document.content as never)));
    expect(answer.headers.etag).toBe(`"${document.digest}"`);
    expect(document.content.rules.map(({ rule }) => rule)).toEqual(['p.a']);
    expect(answer.body).not.toContain('batch');
  });

  it('is signed over exactly the bytes that are sent, and verifies with the keys that are published', async () => {
    const server = await serve();
    const answer = await get(server, 'esx-1');
    const keys = await server.app.inject('/v1/keys');
    expect(keys.headers['content-type']).toContain('application/jwk-set+json');
    const trusted = readPublicKeys(keys.body);
    const signature = String(answer.headers['bulkhead-signature']);
    expect(await verifyDetached(answer.rawPayload, signature, trusted ?? { keys: [] })).toHaveProperty('kid');
    expect(keys.body).not.toContain('"d"');
  });

  it('is signed with the next key as soon as keys are rotated, without a restart', async () => {
    const folder = newFolder();
    const server = await serve(folder);
    const before = readPublicKeys((await server.app.inject('/v1/keys')).body);
    const place = join(folder, 'bulkhead-data/keys');
    const ring = readRing(place);
    if (ring === null || 'code' in ring) throw new Error('there are keys');
    writeRing(place, await rotate(ring, NOON));
    const answer = await get(server, 'esx-1');
    const verified = await verifyDetached(
      answer.rawPayload,
      String(answer.headers['bulkhead-signature']),
      before ?? { keys: [] },
    );
    expect(verified).toEqual({ kid: ring.keys[1]?.kid });
  });

  it('is refused where there are no keys, unless it may be unsigned', async () => {
    const answer = await get(await serve(newFolder(), { keys: false }), 'esx-1');
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'no-keys', '30']);
    const allowed = await get(
      await serve(newFolder(), { keys: false, settings: 'bundles: { unsigned: true }\n' }),
      'esx-1',
    );
    expect([allowed.statusCode, allowed.headers['bulkhead-signature']]).toEqual([200, undefined]);
  });

  it('is of what the configuration says that a point guards', async () => {
    const settings = 'points: { edge: { workloads: [web-1, batch-1] }, esx-2: { hosts: [esx-3] } }\n';
    const server = await serve(newFolder(), { settings });
    const workloads = async (point: string) =>
      (await snapshotOf(server, point)).document.content.places.map(({ workload }) => workload);
    expect(await workloads('edge')).toEqual(['batch-1', 'web-1']);
    expect(await workloads('esx-2')).toEqual(['batch-1']);
  });

  it('of a point that does not exist is none', async () => {
    const answer = await get(await serve(), 'esx-9');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'no-such-point']);
  });

  it('answers a HEAD with the same head', async () => {
    const server = await serve();
    const [whole, head] = [await get(server, 'esx-1'), await get(server, 'esx-1', {}, { method: 'HEAD' })];
    expect([head.statusCode, head.headers.etag, head.body]).toEqual([200, whole.headers.etag, '']);
    const same = await get(server, 'esx-1', { 'if-none-match': String(whole.headers.etag) }, { method: 'HEAD' });
    expect(same.statusCode).toBe(304);
  });
});

describe('a point that has a bundle', () => {
  it('is told that it has what there is', async () => {
    const server = await serve();
    const { etag } = await snapshotOf(server, 'esx-1');
    const answer = await get(server, 'esx-1', { 'if-none-match': `"x", ${etag}` });
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
  });

  it('keeps its tag over revisions that change nothing for it', async () => {
    const server = await serve();
    const [before, other] = [await snapshotOf(server, 'esx-1'), await snapshotOf(server, 'esx-3')];
    await server.upsert(machine('batch-2', 'batch', 'esx-3', '10.0.2.2'));
    expect((await get(server, 'esx-1', { 'if-none-match': before.etag })).statusCode).toBe(304);
    expect(await snapshotOf(server, 'esx-1')).toEqual(before);
    expect((await get(server, 'esx-3', { 'if-none-match': other.etag })).statusCode).toBe(200);
  });

  it('keeps its tag while windows open and close', async () => {
    const server = await serve();
    await server.publish(RULES.replace('tcp/5432', 'tcp/5432 window "Mon-Fri 08:00-09:00 UTC"'));
    const before = await snapshotOf(server, 'esx-1');
    expect(before.document.content.rules[0]?.windows).toHaveLength(1);
    for (const hours of [3, 21, 22]) {
      server.setNow(NOON + hours * 3_600_000);
      await server.state.tick();
      expect((await get(server, 'esx-1', { 'if-none-match': before.etag })).statusCode).toBe(304);
    }
  });

  it('gets a delta of what it has, if it takes deltas: of members, groups alone', async () => {
    const server = await serve();
    const { etag, document } = await snapshotOf(server, 'esx-1');
    await server.upsert(machine('db-2', 'db', 'esx-3', '10.0.1.2'));
    const answer = await get(server, 'esx-1', { 'if-none-match': etag, prefer: BOTH });
    const change = bundleSchema.parse(JSON.parse(answer.body)) as DeltaDocument;
    expect(answer.headers['preference-applied']).toBe(BOTH);
    expect(change).toMatchObject({ kind: 'delta', base: document.digest, revision: 'r2' });
    expect(change.seq).toBeGreaterThan(document.seq);
    expect(change.change).toEqual({
      rules: { upsert: [], delete: [] },
      groups: { upsert: [], change: [{ id: 'policies:db', add: { addresses: ['10.0.1.2'] } }], delete: [] },
      places: { upsert: [], delete: [] },
    });
    const applied = applyDelta(document.content as never, change.change as never);
    if (applied.kind === 'refused') throw new Error(applied.problem);
    expect(digestOf(canonicalText(applied.content))).toBe(change.digestAfter);
    expect(answer.headers.etag).toBe(`"${change.digestAfter}"`);
  });

  it('gets a snapshot where its base is not known, and 410 where it takes only deltas', async () => {
    const server = await serve();
    const lost = { 'if-none-match': `"sha256:${'0'.repeat(64)}"` };
    const either = await get(server, 'esx-1', { ...lost, prefer: BOTH });
    expect([either.statusCode, either.json().kind]).toEqual([200, 'snapshot']);
    const only = await get(server, 'esx-1', { ...lost, prefer: 'modes=delta' });
    expect([only.statusCode, only.json().code]).toEqual([410, 'base-unknown']);
    expect((await get(server, 'esx-1', { prefer: 'modes=delta' })).statusCode).toBe(410);
  });

  it('gets 410 once its base was let go of', async () => {
    const server = await serve(newFolder(), { settings: 'bundles: { historyBytes: 2000 }\n' });
    const { etag } = await snapshotOf(server, 'esx-1');
    for (let n = 2; n < 9; n++) {
      await server.upsert(machine(`db-${n}`, 'db', 'esx-3', `10.0.1.${2 * n}`));
      await snapshotOf(server, 'esx-1');
    }
    expect((await get(server, 'esx-1', { 'if-none-match': etag, prefer: 'modes=delta' })).statusCode).toBe(410);
  });

  it('may ask as it likes: what is not understood is passed over', async () => {
    const server = await serve();
    const { etag } = await snapshotOf(server, 'esx-1');
    for (const prefer of ['', 'respond-async', 'wait=soon', 'modes=everything; wait=', 'wait=-1', 'x'.repeat(500)]) {
      const answer = await get(server, 'esx-1', { prefer });
      expect([answer.statusCode, answer.headers.etag], prefer).toEqual([200, etag]);
    }
  });
});

describe('numbers', () => {
  it('grow with every content, and stay with it', async () => {
    const server = await serve();
    const seqs: number[] = [];
    for (const port of [1, 2, 3]) {
      await server.publish(RULES.replace('5432', String(port)));
      const first = await snapshotOf(server, 'esx-1');
      expect(await snapshotOf(server, 'esx-1')).toEqual(first);
      seqs.push(first.document.seq);
    }
    expect([...new Set(seqs)].sort((a, b) => a - b)).toEqual(seqs);
    // What was before comes again: under a higher number, with the tag that it had.
    await server.publish(RULES.replace('5432', '2'));
    expect((await snapshotOf(server, 'esx-1')).document.seq).toBeGreaterThan(seqs[2] as number);
  });

  it('and tags, bytes and signatures are the same after a restart', async () => {
    const folder = newFolder();
    const first = await serve(folder);
    await first.upsert(machine('db-2', 'db', 'esx-3', '10.0.1.2'));
    const points = ['esx-1', 'esx-2', 'esx-3'];
    const before = await Promise.all(points.map((point) => get(first, point)));
    await shut(first);
    const second = await serve(folder);
    for (const [index, point] of points.entries()) {
      const after = await get(second, point);
      expect(after.body).toBe(before[index]?.body);
      for (const name of ['etag', 'bulkhead-signature', 'bulkhead-seq'])
        expect(after.headers[name]).toBe(before[index]?.headers[name]);
      const etag = String(before[index]?.headers.etag);
      expect((await get(second, point, { 'if-none-match': etag })).statusCode).toBe(304);
    }
  });

  it('never go back with the clock', async () => {
    const server = await serve();
    const { document } = await snapshotOf(server, 'esx-1');
    server.setNow(NOON - 365 * 86_400_000);
    await server.publish(RULES.replace('5432', '1'));
    expect((await snapshotOf(server, 'esx-1')).document.seq).toBeGreaterThan(document.seq);
  });

  it('never go back where an older store was put back', async () => {
    const folder = newFolder();
    const first = await serve(folder);
    const backup = join(newFolder(), 'old.sqlite');
    await first.store.backup(backup);
    for (const port of [1, 2, 3, 4, 5]) {
      await first.publish(RULES.replace('5432', String(port)));
      await snapshotOf(first, 'esx-1');
    }
    const highest = (await snapshotOf(first, 'esx-1')).document;
    await shut(first);
    await restore(join(folder, 'bulkhead-data'), backup);
    const second = await serve(folder);
    const { etag, document } = await snapshotOf(second, 'esx-1');
    expect(document.revision).toBe('r1');
    expect(document.seq).toBeGreaterThan(highest.seq);
    // A point that has the later content is not told that it has what there is.
    expect((await get(second, 'esx-1', { 'if-none-match': `"${highest.digest}"`, prefer: BOTH })).statusCode).toBe(200);
    expect(etag).not.toBe(`"${highest.digest}"`);
  });

  it('are above what the point says that it had, where everything was lost', async () => {
    const server = await serve();
    const answer = await get(server, 'esx-1', { 'bulkhead-seq': '700' });
    expect(answer.json().seq).toBe(701);
    expect((await snapshotOf(server, 'esx-1')).document.seq).toBe(701);
    expect((await snapshotOf(server, 'esx-2')).document.seq).toBe(1);
  });
});

/** Puts the backup in the place of the database, as somebody who restores it does. */
async function restore(data: string, backup: string): Promise<void> {
  const { copyFileSync, readdirSync, rmSync } = await import('node:fs');
  const database = readdirSync(data).find((name) => name.endsWith('.sqlite') || name.endsWith('.db')) ?? '';
  for (const name of readdirSync(data))
    if (!['keys', 'bundles'].includes(name)) rmSync(join(data, name), { recursive: true });
  copyFileSync(backup, join(data, database));
}
