// Has heavy tasks done: in a thread of their own, one after the other, within limits of time and number; or at once, in
// the thread that asks, where there is no other. A thread that hangs or dies is replaced.
import { Worker } from 'node:worker_threads';
import type { Grants } from '../../engine/projects/grants.ts';
import { problem } from '../http/problem.ts';
import { digestOf } from '../state/content.ts';
import type { Held } from '../state/held.ts';
import type { Views } from '../state/views.ts';
import { problemOf } from './plain-problem.ts';
import { runTask } from './run-task.ts';
import { type Outcome, type Results, SIDES_KEPT, type Side, type Task } from './task.ts';

export interface Heavy {
  /** Rejects with a problem: what the task refuses, 503 where too many wait or it takes too long. */
  readonly run: <K extends Task['kind']>(task: Extract<Task, { readonly kind: K }>) => Promise<Results[K]>;
  readonly close: () => Promise<void>;
}

export interface HeavyOptions {
  readonly grants: Grants;
  readonly views: Views;
  /** The program of the thread; null: none, everything is done at once. */
  readonly thread: URL | null;
  /** Milliseconds that a task may take. */
  readonly timeout: number;
  /** Tasks that may wait. */
  readonly waiting: number;
}

export function createHeavy(options: HeavyOptions): Heavy {
  const { thread, views } = options;
  if (thread !== null) return inThread(thread, options);
  return {
    async run(task) {
      return runTask(task, views) as never;
    },
    close: async () => {},
  };
}

function inThread(program: URL, { grants, timeout, waiting }: HeavyOptions): Heavy {
  const keys = new WeakMap<Held, string>();
  let worker: Worker | null = null;
  let sent: string[] = [];
  let waits = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** Who waits for the task that is done. */
  let waiter: { readonly resolve: (outcome: Outcome) => void; readonly reject: (reason: unknown) => void } | null =
    null;

  function start(): Worker {
    const made = new Worker(program, { workerData: grants, name: 'bulkhead-heavy' });
    made.unref();
    made.on('message', (outcome: Outcome) => waiter?.resolve(outcome));
    made.on('error', (reason) => lose(made, reason));
    made.on('exit', () => lose(made, new Error('the thread of heavy tasks has ended')));
    return made;
  }

  /** The next task gets a new thread, which has been sent nothing. */
  function lose(lost: Worker, reason: unknown): void {
    if (worker !== lost) return;
    worker = null;
    sent = [];
    void lost.terminate();
    waiter?.reject(reason);
  }

  async function ask(task: Task<Side>): Promise<Outcome> {
    const asked = worker ?? start();
    worker = asked;
    const tooLong = (): void => {
      const help = 'ask about less: fewer groups, one project, two revisions that are closer';
      const headers = { 'retry-after': '60' };
      lose(asked, problem(503, 'took-too-long', 'this takes longer than is allowed', { help, headers }));
    };
    const timer = setTimeout(tooLong, timeout);
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        waiter = { resolve, reject };
        asked.postMessage(task);
      });
    } finally {
      waiter = null;
      clearTimeout(timer);
    }
  }

  function sideOf(held: Held, again: boolean): Side {
    const key = keys.get(held) ?? digestOf(held);
    keys.set(held, key);
    const isSent = !again && sent.includes(key);
    sent = [...sent.filter((each) => each !== key), key].slice(-SIDES_KEPT);
    const { files, items } = held;
    return { key, at: held.snapshot.at, content: isSent ? null : { files, items } };
  }

  async function perform(task: Task, again = false): Promise<Results[keyof Results]> {
    const before = sideOf(task.before, again);
    const sides = 'after' in task ? { before, after: sideOf(task.after, again) } : { before };
    const outcome = await ask({ ...task, ...sides } as Task<Side>);
    if (outcome.kind === 'done') return outcome.result;
    if (outcome.kind === 'refused') throw problemOf(outcome.problem);
    if (again) throw new Error('the thread of heavy tasks does not know what it was sent');
    return perform(task, true);
  }

  return {
    async run(task) {
      if (waits >= waiting) {
        throw problem(503, 'busy', 'too many long questions are waiting', { headers: { 'retry-after': '5' } });
      }
      waits++;
      const turn = last.then(() => perform(task));
      last = turn.catch(() => undefined);
      try {
        return (await turn) as never;
      } finally {
        waits--;
      }
    },
    async close() {
      const old = worker;
      worker = null;
      waiter?.reject(problem(503, 'stopping', 'the server stops'));
      await old?.terminate();
    },
  };
}
