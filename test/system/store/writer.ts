// A program that writes revisions into a store until somebody kills it, and says on standard output what it was told is
// kept: `ready r3`, `try 4`, `done 4 audit 9 logs 2`. Words: folder, step of the first commit at which it kills itself (0: none).
import { writeSync } from 'node:fs';
import { openStore } from '../../../src/store/sqlite/open.ts';
import { StoreFailure } from '../../../src/store/store.ts';
import { commitNumber } from '../../store/workload.ts';

const [folder = '', killAt = '0'] = process.argv.slice(2);

/** Past every buffer of this process, so that a kill loses nothing of it. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

let left = Number.POSITIVE_INFINITY;

try {
  const store = await openStore({
    folder,
    watch: () => {
      if (--left === 0) process.kill(process.pid, 'SIGKILL');
    },
  });
  let seq = (await store.head())?.seq ?? 0;
  say(`ready r${seq}`);
  if (killAt !== '0') left = Number(killAt);
  for (;;) {
    seq++;
    say(`try ${seq}`);
    await store.commit(commitNumber(seq), { expected: seq - 1 });
    const log = await store.appendLog({
      ...{ at: 0, point: `p${seq % 3}`, key: `k${seq}`, request: 'r', entries: 1, body: Buffer.alloc(seq % 900) },
      ...{ quota: { point: 1e9, all: 1e9 } },
    });
    const audit = await store.auditHead();
    say(`done ${seq} audit ${audit?.seq} logs ${'seq' in log ? log.seq : 0}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
} catch (reason) {
  if (!(reason instanceof StoreFailure)) throw reason;
  say(`failed ${reason.reason}: ${reason.message}`);
  process.exitCode = 1;
}
