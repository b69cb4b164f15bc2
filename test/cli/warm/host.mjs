// A process that runs the bundled program again and again, once for each message: with the words, folder, environment and
// standard input that the message has, and what the run wrote and its exit code as the answer. The program's own entry
// is evaluated anew each time; the modules below it stay loaded, which is what a start costs.
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const realExit = process.exit;
const outputs = { stdout: process.stdout.write, stderr: process.stderr.write };
const listenersBefore = new Map(['SIGINT', 'SIGTERM', 'exit'].map((event) => [event, process.listeners(event)]));
let runs = 0;

process.on('message', async (request) => {
  const answer = await run(request);
  process.send(answer);
});

async function run({ path, words, cwd, env, input }) {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, path, ...words];
  process.exitCode = undefined;
  const written = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr']) process[name].write = capture(written[name]);
  const standardInput = Readable.from(input.length === 0 ? [] : [Buffer.from(input)], { objectMode: false });
  Object.defineProperty(process, 'stdin', { value: standardInput, configurable: true });
  try {
    await new Promise((resolve, reject) => {
      process.exit = (code) => {
        process.exitCode = code ?? process.exitCode;
        resolve();
      };
      import(`${pathToFileURL(path).href}?run=${++runs}`).then(resolve, reject);
    });
  } catch (reason) {
    written.stderr.push(Buffer.from(`${reason?.stack ?? reason}\n`));
    process.exitCode = 1;
  } finally {
    process.exit = realExit;
    for (const [name, write] of Object.entries(outputs)) process[name].write = write;
    process.stdout.removeAllListeners('error');
    for (const [event, kept] of listenersBefore)
      for (const listener of process.listeners(event)) if (!kept.includes(listener)) process.off(event, listener);
  }
  const [stdout, stderr] = [written.stdout, written.stderr].map((chunks) => Buffer.concat(chunks).toString());
  return { code: process.exitCode ?? 0, stdout, stderr };
}

function capture(chunks) {
  return (chunk, encoding, done) => {
    chunks.push(
      typeof chunk === 'string' ? Buffer.from(chunk, encoding?.length > 0 ? encoding : 'utf8') : chunk.slice(),
    );
    const told = typeof encoding === 'function' ? encoding : done;
    if (told) process.nextTick(told);
    return true;
  };
}
