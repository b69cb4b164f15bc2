// `bulkhead points` against a server on a real socket.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PointDocument, PointsDocument } from '../../src/api/point.ts';
import { start } from '../cli/program.ts';
import { openPointServer, type PointServer } from '../server/point-server.ts';

let server: PointServer;
let url = '';
beforeAll(async () => {
  server = await openPointServer(mkdtempSync(join(tmpdir(), 'points-')), {});
  url = await server.listen();
  const { etag, 'bulkhead-revision': active } = (await server.app.inject('/v1/points/esx-1/bundle')).headers;
  const payload = {
    active,
    digest: String(etag).slice(1, -1),
    source: 'network',
    state: 'in-sync',
    rules: 2,
    capacity: 10,
  };
  await server.app.inject({ method: 'POST', url: '/v1/points/esx-1/status', payload });
  const rejected = { revision: 'r1', code: 'rule-limit', message: 'too many rules' };
  await server.app.inject({
    method: 'POST',
    url: '/v1/points/esx-2/status',
    payload: { active: null, source: 'disk', state: 'rejected', rejected },
  });
}, 30_000);
afterAll(async () => {
  server.app.server.closeAllConnections();
  await server.close();
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** The program beside this one: it asks the server that runs here. */
async function points(...words: readonly string[]): Promise<Run> {
  const child = start(['points', ...words, '--server', url]);
  const [out, error] = [child.stdout, child.stderr].map((stream) => {
    const parts: Buffer[] = [];
    stream?.on('data', (part: Buffer) => parts.push(part));
    return parts;
  }) as [Buffer[], Buffer[]];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out: Buffer.concat(out).toString(), error: Buffer.concat(error).toString() };
}

describe('points', () => {
  it('lists them, with what each has and should have', async () => {
    const { code, out } = await points();
    expect(code).toBe(0);
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ['point', 'state', 'has', 'told', 'rules', 'last heard'],
      ['esx-1', 'in-sync', 'r1', 'r1', '2 of 10', '2026-07-01T12:00:00Z'],
      ['esx-2', 'rejected', '-', '-', '-', '2026-07-01T12:00:00Z'],
      ['esx-3', 'silent', '-', '-', '-', '-'],
    ]);
  });

  it('lists those in one state, as a document too, and says whether all are as they should be', async () => {
    const { out } = await points('--state', 'silent', '-f', 'json');
    const document = JSON.parse(out) as PointsDocument;
    expect(document.format).toBe('bulkhead.points/1');
    expect(document.points.map(({ point }) => point)).toEqual(['esx-3']);
    expect((await points('--expect-current')).code).toBe(1);
    expect((await points('esx-1', '--expect-current')).code).toBe(0);
  });

  it('shows one of them', async () => {
    const { out } = await points('esx-2');
    expect(out).toContain('refused     r1: too many rules [rule-limit]');
    expect(out).toContain('guards      hosts esx-2');
    const document = JSON.parse((await points('esx-1', '-f', 'json')).out) as PointDocument;
    expect(document).toMatchObject({ format: 'bulkhead.point/1', point: 'esx-1', state: 'in-sync' });
  });

  it('says what it cannot do', async () => {
    const runs = [await points('esx-9'), await points('--state', 'lost'), await points('a', 'b')];
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(runs.map(({ error }) => /\[(.*?)\]/.exec(error)?.[1])).toEqual([
      'server/refused',
      'usage/invalid-value',
      'usage/excess-argument',
    ]);
  });
});
