// Writes that are interrupted at every statement: what is left is what was before or all of it, and the store goes on.
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open.ts';
import { type Commit, type Store, StoreFailure } from '../../src/store/store.ts';
import { useFolders } from '../kit/folders.ts';
import { commitAll, draft, item, NOON, publishOf } from '../kit/stores.ts';
import { commitNumber, makeModel, sayState } from './workload.ts';

const newFolder = useFolders();

class Interruption extends Error {}

/** A store of five revisions whose n-th step from now is interrupted, as soon as that is set. */
async function openInterrupted(folder: string) {
  let left = Number.POSITIVE_INFINITY;
  const steps: string[] = [];
  const store = await openStore({
    folder,
    watch(step) {
      steps.push(step.split(' ')[0] ?? '');
      if (--left === 0) throw new Interruption(step);
    },
  });
  for (let n = 1; n <= 5; n++) await store.commit(commitNumber(n), { expected: n - 1 });
  return {
    store,
    interruptAt(step: number) {
      left = step;
      steps.length = 0;
    },
    stop() {
      left = Number.POSITIVE_INFINITY;
      return [...steps];
    },
  };
}

const everything: Commit = {
  ...publishOf({ 'p.seg': 'new', 'q.seg': 'more' }, { at: NOON + 60_000 }),
  upsert: [item('vm-1', 'new'), item('vm-new')],
  remove: [{ kind: 'workloads', id: 'vm-30' }],
  idempotency: { principal: 'ada', key: 'k', request: 'r', answer: () => 'answer' },
};

const WRITES: readonly [string, (store: Store) => Promise<unknown>, (store: Store) => Promise<unknown>][] = [
  [
    'a commit',
    (store) => store.commit(everything, { expected: 5 }),
    async (store) => [await store.head(), await store.auditHead(), await store.findIdempotent('ada', 'k')],
  ],
  ['an entry of the audit log', (store) => store.appendAudit(draft('x')), (store) => store.auditHead()],
  [
    'a batch of decision logs',
    (store) =>
      store.appendLog({
        ...{ at: NOON, point: 'p', key: 'k', request: 'r', entries: 1, body: Buffer.from('body') },
        ...{ quota: { point: 99, all: 99 } },
      }),
    (store) => store.logPage({ point: null, after: 0, limit: 9 }),
  ],
  [
    'a secret',
    (store) => store.addSecret({ feed: 'f', id: 's', hash: 'h', createdAt: NOON }, draft('x')),
    async (store) => [await store.listSecrets('f'), await store.auditHead()],
  ],
];

/** The steps of a write that nothing interrupts, in a store of five revisions. */
async function stepsOf(write: (store: Store) => Promise<unknown>): Promise<readonly string[]> {
  const { store, interruptAt, stop } = await openInterrupted(newFolder());
  interruptAt(Number.POSITIVE_INFINITY);
  await write(store);
  const steps = stop();
  await store.close();
  return steps;
}

it.each(WRITES)('%s, interrupted at each of its steps, is not there; then it is made', async (_name, write, read) => {
  const steps = await stepsOf(write);
  const last = steps.indexOf('commit') + 1;
  expect(last).toBeGreaterThan(3);
  const { store, interruptAt, stop } = await openInterrupted(newFolder());
  const [before, state] = [await read(store), sayState(await store.state(5))];
  for (let step = 1; step <= last; step++) {
    interruptAt(step);
    await expect(write(store)).rejects.toThrow(Interruption);
    stop();
    expect(await read(store)).toEqual(before);
    expect(sayState(await store.state(5))).toBe(state);
  }
  await write(store);
  expect(await read(store)).not.toEqual(before);
  await store.check();
  await store.close();
});

it('a commit that was made before anybody was told of it is there, whole, when the store is opened again', async () => {
  const steps = await stepsOf((store) => store.commit(commitNumber(6), { expected: 5 }));
  const folder = newFolder();
  const { store, interruptAt } = await openInterrupted(folder);
  interruptAt(steps.indexOf('mark') + 1);
  await expect(store.commit(commitNumber(6), { expected: 5 })).rejects.toThrow('mark');
  await store.close();

  const after = await openStore({ folder });
  expect(sayState(await after.state(6))).toBe(`r6 ${makeModel().digest(6)}`);
  expect(await commitAll(after, commitNumber(7))).toEqual([7]);
  await after.close();
});

it('a first start that is interrupted anywhere is made good by the next', async () => {
  const folder = newFolder();
  for (let step = 1; ; step++) {
    let left = step;
    const opening = openStore({
      folder,
      watch(text) {
        if (--left === 0) throw new Interruption(text);
      },
    });
    const opened = await opening.catch((reason: unknown) => reason);
    if (!(opened instanceof Error)) {
      expect(step).toBeGreaterThan(3);
      expect(await commitAll(opened as Store, commitNumber(1))).toEqual([1]);
      await (opened as Store).close();
      return;
    }
    expect(opened).toBeInstanceOf(Interruption);
    expect(opened).not.toBeInstanceOf(StoreFailure);
  }
});

it('readers during a commit see the state before or the one after it', async () => {
  const store = await openStore({ folder: newFolder() });
  const model = makeModel();
  for (let n = 1; n <= 20; n++) {
    const committing = store.commit(commitNumber(n), { expected: n - 1 });
    const reading = Array.from({ length: 8 }, async () => {
      const head = await store.head();
      return head === null ? 'none' : sayState(await store.state(head.seq));
    });
    await committing;
    const seen = new Set(await Promise.all(reading));
    const allowed = [n === 1 ? 'none' : `r${n - 1} ${model.digest(n - 1)}`, `r${n} ${model.digest(n)}`];
    expect([...seen].filter((one) => !allowed.includes(one))).toEqual([]);
  }
  await store.close();
});
