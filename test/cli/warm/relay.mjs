// A thread between a test, which waits with its own thread standing still, and the process that runs the program.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';

const { signal, port } = workerData;
const host = fork(fileURLToPath(new URL('host.mjs', import.meta.url)), {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  serialization: 'advanced',
  execArgv: [],
});

const answered = (answer) => {
  port.postMessage(answer);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
};
host.on('message', answered);
host.on('exit', (code, killer) => answered({ broken: `the process of the program ended: ${killer ?? code}` }));
port.on('message', (request) => host.send(request));
