// The thread that does heavy tasks: compiles the states that it is sent, keeps the last of them, and answers each task.
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../base/invariant.ts';
import type { Grants } from '../../engine/projects/grants.ts';
import { Problem } from '../http/problem.ts';
import { createHolder, type Held, holdAt } from '../state/held.ts';
import { createLayerMaker } from '../state/layers.ts';
import { createViews } from '../state/views.ts';
import { plainProblem } from './plain-problem.ts';
import { runTask } from './run-task.ts';
import { type Outcome, SIDES_KEPT, type Side, type Task } from './task.ts';

const grants = workerData as Grants;
const holder = createHolder(createLayerMaker(grants));
const views = createViews(grants);
const kept = new Map<string, Held>();
let last: Held | null = null;

function heldOf({ key, at, content }: Side): Held | null {
  const known = kept.get(key);
  if (known === undefined && content === null) return null;
  const made = known ?? holder.hold(content as NonNullable<typeof content>, at, last).held;
  invariant(made !== null, 'a state that is sent was compiled before');
  const held = holdAt(made, at);
  kept.delete(key);
  kept.set(key, held);
  const [oldest] = kept.keys();
  if (kept.size > SIDES_KEPT && oldest !== undefined) kept.delete(oldest);
  last = held;
  return held;
}

function answer(task: Task<Side>): Outcome {
  const before = heldOf(task.before);
  const after = 'after' in task ? heldOf(task.after) : before;
  if (before === null || after === null) return { kind: 'unknown-side' };
  try {
    return { kind: 'done', result: runTask({ ...task, before, ...('after' in task ? { after } : {}) } as Task, views) };
  } catch (reason) {
    if (reason instanceof Problem) return { kind: 'refused', problem: plainProblem(reason) };
    throw reason;
  }
}

parentPort?.on('message', (task: Task<Side>) => parentPort?.postMessage(answer(task)));
