// Writers that are killed, 200 times at random and at every step of a commit: nothing that was acknowledged is lost, and
// what is there is the state of a revision that was acknowledged or under way, never a mix.
import { beforeAll, expect, it } from 'vitest';
import { openStore } from '../../../src/store/sqlite/open.ts';
import { useFolders } from '../../kit/folders.ts';

import { makeModel, sayState } from '../../store/workload.ts';
import { acknowledged, buildWriter, startWriter } from './processes.ts';

const newFolder = useFolders();
const model = makeModel();
const SEED = 7;

let writer = '';
beforeAll(() => {
  writer = buildWriter();
});

/** Holds the folder, of which `before` was there, against what its writer was told; gives the revision that is there. */
async function judge(folder: string, lines: readonly string[], before: number): Promise<number> {
  const told = acknowledged(lines);
  const [revision, tried] = [Math.max(before, told.revision), Math.max(before, told.tried)];
  const { audit, logs } = told;
  const store = await openStore({ folder });
  const seq = (await store.head())?.seq ?? 0;
  const at = `after ${JSON.stringify(lines.slice(-2))}`;
  expect(seq, at).toBeGreaterThanOrEqual(revision);
  expect(seq, at).toBeLessThanOrEqual(tried);
  expect((await store.auditHead())?.seq ?? 0, at).toBeGreaterThanOrEqual(audit);
  if (logs > 0) expect((await store.logPage({ point: null, after: logs - 1, limit: 1 })).at(0)?.seq, at).toBe(logs);
  if (seq > 0) expect(sayState(await store.state(seq)), at).toBe(`r${seq} ${model.digest(seq)}`);
  await store.check();
  await store.close();
  return seq;
}

it('killed 200 times at random', { timeout: 600_000 }, async () => {
  let random = SEED;
  const next = (below: number): number => {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    return (random >>> 8) % below;
  };
  let folder = newFolder();
  let [seq, most] = [0, 0];
  let [inFlight, young] = [0, 0];
  for (let time = 0; time < 200; time++) {
    // A new folder now and then: the first start is interrupted too.
    if (time % 25 === 0) [folder, seq] = [newFolder(), 0];
    const { child, heard, ended } = startWriter(writer, [folder]);
    const isEarly = next(5) === 0;
    if (!isEarly) await heard('done');
    await new Promise((resolve) => setTimeout(resolve, next(isEarly ? 400 : 60)));
    child.kill('SIGKILL');
    const lines = await ended;
    expect(lines.filter((line) => line.startsWith('failed'))).toEqual([]);
    const { revision, tried } = acknowledged(lines);
    if (tried > revision) inFlight++;
    if (lines.length === 0) young++;
    seq = await judge(folder, lines, seq);
    most = Math.max(most, seq);
  }
  console.log(`killed: 200, with writes under way: ${inFlight}, before the store was open: ${young}`);
  expect(inFlight).toBeGreaterThan(20);
  expect(most).toBeGreaterThan(10);
});

it('killed at each step of a commit', async () => {
  const folder = newFolder();
  const seen: string[] = [];
  let seq = 0;
  for (let step = 1; step <= 60; step++) {
    const lines = await startWriter(writer, [folder, String(step)]).ended;
    const { revision, tried } = acknowledged(lines);
    seq = await judge(folder, lines, seq);
    if (revision < tried) seen.push(seq === tried ? 'new' : 'old');
    // A whole commit lies behind: so do all of its steps.
    if (lines.some((line) => line.startsWith('done'))) break;
  }
  console.log(`killed at ${seen.length} steps: ${seen.join(' ')}`);
  expect(seen.filter((outcome) => outcome === 'old').length).toBeGreaterThan(8);
  expect(seen).toContain('new');
});

it('a second writer is refused while the first one lives, and not after it was killed', async () => {
  const folder = newFolder();
  const first = startWriter(writer, [folder]);
  await first.heard('done');
  expect(await startWriter(writer, [folder]).ended).toEqual(['failed busy: another program has this data folder']);
  first.child.kill('SIGKILL');
  expect(await judge(folder, await first.ended, 0)).toBeGreaterThan(0);
});
