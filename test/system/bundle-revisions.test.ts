// No answer about a bundle is ever made of two revisions: points ask on real connections while rules and machines are
// published in turn, and every digest is held against that of the revision that the answer names.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleSchema } from '../../src/api/bundle.ts';
import { prepareBundles } from '../../src/exporters/bundle/build.ts';
import { canonicalText } from '../../src/exporters/bundle/canonical.ts';
import { digestOf } from '../../src/trust/digest.ts';
import { machine, openPointServer, type PointServer, RULES } from '../server/point-server.ts';

const ROUNDS = 200;

const digestFor = (server: PointServer, point: string): string => {
  const { snapshot } = server.state.current({ project: null });
  const scope = { hosts: [point], sites: [], segments: [], workloads: [] };
  return digestOf(canonicalText(prepareBundles(snapshot).contentFor(scope)));
};

describe('no answer', () => {
  it('is ever made of two revisions, however many are published meanwhile', async () => {
    const server = await openPointServer(mkdtempSync(join(tmpdir(), 'bundles-')), {});
    const url = await server.listen();
    const points = ['esx-1', 'esx-2', 'esx-3'];
    /** By point and revision: the digest of the content of that revision alone. */
    const right = new Map(points.map((point) => [point, new Map<string, string>()]));
    const note = (): void => {
      const { revision } = server.state.current({ project: null });
      for (const point of points) right.get(point)?.set(revision, digestFor(server, point));
    };
    note();
    server.state.onChange(note);
    let isOver = false;
    let [asked, changes] = [0, 0];
    async function hammer(point: string): Promise<void> {
      let [known, seq] = ['', 0];
      while (!isOver) {
        const answer = await fetch(`${url}/v1/points/${point}/bundle`, {
          headers: { 'if-none-match': known, prefer: 'modes=snapshot,delta' },
        });
        asked++;
        if (answer.status === 304) continue;
        const document = bundleSchema.parse(await answer.json());
        const digest =
          document.kind === 'snapshot' ? digestOf(canonicalText(document.content as never)) : document.digestAfter;
        expect(digest).toBe(right.get(point)?.get(document.revision));
        expect(answer.headers.get('etag')).toBe(`"${digest}"`);
        expect(document.seq).toBeGreaterThan(seq);
        seq = document.seq;
        known = answer.headers.get('etag') ?? '';
        changes++;
      }
    }
    const all = [...points, ...points].map(hammer);
    for (let n = 0; n < ROUNDS; n++) {
      // Rules and machines in turn: a mix of the two would have a digest of no revision.
      if (n % 2 === 0) await server.publish(RULES.replaceAll(/tcp\/\d+/g, `tcp/${1000 + n}`));
      else
        await server.upsert(
          machine(`db-${n}`, 'db', 'esx-3', `10.0.1.${n}`),
          machine(`batch-${n}`, 'batch', 'esx-3', `10.0.2.${n}`),
        );
      const enough = asked + 2;
      while (asked < enough) await new Promise((resolve) => setImmediate(resolve));
    }
    isOver = true;
    await Promise.all(all);
    server.app.server.closeAllConnections();
    await server.close();
    console.log(`${ROUNDS} revisions, ${asked} answers, ${changes} of them bundles`);
    expect(asked).toBeGreaterThan(2 * ROUNDS);
    expect(changes).toBeGreaterThan(ROUNDS);
  }, 600_000);
});
