// Runs the program in a process that is kept between runs. A test waits for the answer as it would for a new process.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Run } from '../program.ts';

export interface WarmRequest {
  readonly path: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input: string | Buffer;
}

interface Warm {
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

let warm: Warm | null = null;

/** Throws where the process ended or did not answer within two minutes. */
export function runWarm(request: WarmRequest): Run {
  warm ??= startWarm();
  const { port, signal } = warm;
  Atomics.store(signal, 0, 0);
  port.postMessage(request);
  const waited = Atomics.wait(signal, 0, 0, 120_000);
  const answer = receiveMessageOnPort(port)?.message as (Run & { readonly broken?: string }) | undefined;
  if (waited === 'timed-out' || answer === undefined) throw new Error(`no answer to \`${request.words.join(' ')}\``);
  if (answer.broken !== undefined) throw new Error(answer.broken);
  return answer;
}

function startWarm(): Warm {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(new URL('relay.mjs', import.meta.url), {
    workerData: { signal, port: port2 },
    transferList: [port2],
  });
  worker.unref();
  port.unref();
  return { port, signal };
}
