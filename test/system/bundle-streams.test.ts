// Points that wait and follow, on real connections: long polls and event streams, while revisions are published and the
// server is closed and opened again.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleSchema, type DeltaDocument, type SnapshotDocument } from '../../src/api/bundle.ts';
import { prepareBundles } from '../../src/exporters/bundle/build.ts';
import { canonicalText } from '../../src/exporters/bundle/canonical.ts';
import type { BundleContent } from '../../src/exporters/bundle/content.ts';
import { applyDelta } from '../../src/exporters/bundle/delta.ts';
import { digestOf } from '../../src/trust/digest.ts';
import type { PublicKeys } from '../../src/trust/key-ring.ts';
import { readPublicKeys, verifyDetached } from '../../src/trust/signature.ts';
import { machine, openPointServer, type PointServer } from '../server/point-server.ts';

const open: PointServer[] = [];
const streams: AbortController[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  for (const server of open.splice(0)) {
    server.app.server.closeAllConnections();
    await server.close();
  }
});
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'streams-'));
async function serve(folder = newFolder(), settings = ''): Promise<PointServer> {
  const server = await openPointServer(folder, { settings });
  open.push(server);
  return server;
}

const database = (n: number) => machine(`db-${n}`, 'db', 'esx-3', `10.0.1.${2 * n}`);
const bundle = (url: string, point: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/points/${point}/bundle`, { headers });
const digestFor = (server: PointServer, point: string): string => {
  const { snapshot } = server.state.current({ project: null });
  const scope = { hosts: [point], sites: [], segments: [], workloads: [] };
  return digestOf(canonicalText(prepareBundles(snapshot).contentFor(scope)));
};

/** Whether the promise has settled by now: after everything that is due has happened. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(() => resolve(isPending), 150));
  return (await Promise.race([promise, late])) === isPending;
}

describe('a long poll', () => {
  it('is answered when something changes for the point, and by nothing else', async () => {
    const server = await serve();
    const url = await server.listen();
    const etag = (await bundle(url, 'esx-1')).headers.get('etag') ?? '';
    const headers = { 'if-none-match': etag, prefer: 'modes=snapshot,delta;wait=30' };
    const waiting = bundle(url, 'esx-1', headers);
    await server.upsert(machine('batch-2', 'batch', 'esx-3', '10.0.2.2'));
    expect(await isPending(waiting)).toBe(true);
    await server.upsert(database(2));
    const answer = await waiting;
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'modes=snapshot,delta;wait=30']);
    expect(await answer.json()).toHaveProperty('kind', 'delta');
  });

  it('ends with 304 when its time is over, which the server bounds', async () => {
    const server = await serve(newFolder(), 'bundles: { longestWaitSeconds: 1 }\n');
    const url = await server.listen();
    const etag = (await bundle(url, 'esx-1')).headers.get('etag') ?? '';
    const answer = await bundle(url, 'esx-1', { 'if-none-match': etag, prefer: 'wait=3000' });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([304, 'wait=1']);
  });

  it('is answered at once where the point has something else', async () => {
    const url = await (await serve()).listen();
    expect((await bundle(url, 'esx-1', { 'if-none-match': '"x"', prefer: 'wait=30' })).status).toBe(200);
  });

  it('is one of few of a point at a time, and gives its place back when the point goes away', async () => {
    const server = await serve(newFolder(), 'bundles: { waiting: 2 }\n');
    const url = await server.listen();
    const etag = (await bundle(url, 'esx-1')).headers.get('etag') ?? '';
    const headers = { 'if-none-match': etag, prefer: 'wait=30' };
    const gone = new AbortController();
    streams.push(gone);
    const poll = () => fetch(`${url}/v1/points/esx-1/bundle`, { headers, signal: gone.signal }).catch(() => null);
    const both = [poll(), poll()];
    expect(await isPending(Promise.race(both))).toBe(true);
    const third = await bundle(url, 'esx-1', headers);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '5']);
    // Another point has places of its own.
    const other = (await bundle(url, 'esx-2')).headers.get('etag') ?? '';
    expect(await isPending(bundle(url, 'esx-2', { 'if-none-match': other, prefer: 'wait=30' }))).toBe(true);
    gone.abort();
    await Promise.all(both);
    // The server hears of it a moment later.
    let again = bundle(url, 'esx-1', headers);
    while (!(await isPending(again))) again = bundle(url, 'esx-1', headers);
  });

  it('ends when the server does', async () => {
    const server = await serve();
    const url = await server.listen();
    const etag = (await bundle(url, 'esx-1')).headers.get('etag') ?? '';
    const waiting = bundle(url, 'esx-1', { 'if-none-match': etag, prefer: 'wait=30' });
    expect(await isPending(waiting)).toBe(true);
    open.splice(0);
    await server.close();
    expect((await waiting).status).toBe(304);
  });
});

interface Event {
  readonly event: string;
  readonly id: string;
  readonly data: readonly string[];
}

/** Opens a stream of events; gives them one by one. */
async function follow(url: string, point: string, last: string | null = null) {
  const gone = new AbortController();
  streams.push(gone);
  const headers: Record<string, string> = last === null ? {} : { 'last-event-id': last };
  const answer = await fetch(`${url}/v1/points/${point}/events`, { headers, signal: gone.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function next(): Promise<Event | null> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end === -1) {
        const part = await reader?.read();
        if (part === undefined || part.done) return null;
        text += part.value;
        continue;
      }
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const all = (name: string) =>
        lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));
      if (all('event').length > 0) return { event: all('event')[0] ?? '', id: all('id')[0] ?? '', data: all('data') };
    }
  }
  return { answer, next, stop: () => gone.abort() };
}

describe('a stream of events', () => {
  it('begins with a snapshot and goes on with signed deltas that lead from each content to the next', async () => {
    const server = await serve();
    const url = await server.listen();
    const trusted = readPublicKeys(await (await fetch(`${url}/v1/keys`)).text()) as PublicKeys;
    const stream = await follow(url, 'esx-1');
    expect(stream.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const first = (await stream.next()) as Event;
    expect(first.event).toBe('snapshot');
    let content = (JSON.parse(first.data[0] ?? '') as SnapshotDocument).content as BundleContent;
    let seq = 0;
    for (let n = 2; n < 7; n++) {
      await server.upsert(database(n));
      const { event, id, data } = (await stream.next()) as Event;
      expect(event).toBe('delta');
      expect(await verifyDetached(Buffer.from(data[0] ?? ''), data[1] ?? null, trusted)).toHaveProperty('kid');
      const document = bundleSchema.parse(JSON.parse(data[0] ?? '')) as DeltaDocument;
      const applied = applyDelta(content, document.change as never);
      if (applied.kind === 'refused') throw new Error(applied.problem);
      content = applied.content;
      expect(digestOf(canonicalText(content))).toBe(document.digestAfter);
      expect(id).toBe(`"${document.digestAfter}"`);
      expect(document.seq).toBeGreaterThan(seq);
      ({ seq } = document);
    }
    expect(digestOf(canonicalText(content))).toBe(digestFor(server, 'esx-1'));
  });

  it('is taken up where it ended: with what was missed, or a word that nothing was', async () => {
    const server = await serve();
    const url = await server.listen();
    const stream = await follow(url, 'esx-1');
    const { id } = (await stream.next()) as Event;
    stream.stop();
    const same = await follow(url, 'esx-1', id);
    expect(await same.next()).toEqual({ event: 'in-sync', id, data: ['{}'] });
    same.stop();
    await server.upsert(database(2));
    await server.upsert(database(3));
    const later = (await (await follow(url, 'esx-1', id)).next()) as Event;
    expect(later.event).toBe('delta');
    expect((JSON.parse(later.data[0] ?? '') as DeltaDocument).base).toBe(id.slice(1, -1));
    expect(later.id).toBe(`"${digestFor(server, 'esx-1')}"`);
  });

  it('is taken up after a restart, from the same content without a snapshot, from an older one with one', async () => {
    const folder = newFolder();
    const first = await serve(folder);
    const firstUrl = await first.listen();
    const before = (await (await follow(firstUrl, 'esx-1')).next()) as Event;
    await first.upsert(database(2));
    const now = (await (await follow(firstUrl, 'esx-1')).next()) as Event;
    open.splice(0);
    for (const stream of streams.splice(0)) stream.abort();
    await first.close();
    const url = await (await serve(folder)).listen();
    expect(await (await follow(url, 'esx-1', now.id)).next()).toMatchObject({ event: 'in-sync', id: now.id });
    expect(await (await follow(url, 'esx-1', before.id)).next()).toEqual({ ...now, event: 'snapshot' });
  });

  it('ends when the server does, and is refused to a point that does not exist', async () => {
    const server = await serve();
    const url = await server.listen();
    expect((await fetch(`${url}/v1/points/esx-9/events`)).status).toBe(404);
    const stream = await follow(url, 'esx-1');
    await stream.next();
    const end = stream.next();
    expect(await isPending(end)).toBe(true);
    open.splice(0);
    await server.close();
    expect(await end).toBeNull();
  });
});
