// npm run demo: what Bulkhead says about the policies that come with it, in the order in which one would ask.
// Runs the built program as a user would, prints each command before its answer, and ends with the first that fails.
// The instant is fixed, so that the answers, and the copy of them in README.md, do not change with the calendar.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const AT = '2026-11-02T09:00:00Z';

/** The commands of the demo: a sentence for the reader, and the words after `bulkhead`. */
export const STEPS = [
  { says: 'Are the policies sound?', words: ['check'] },
  { says: 'Which segments and groups are there?', words: ['graph'], lines: 24 },
  { says: 'Which groups may talk to each other?', words: ['flows', '--by', 'group'], lines: 24 },
];

/** One step: the prompt as typed, what is printed, and the exit code. */
export function runStep({ words, expect = 0, lines = Number.POSITIVE_INFINITY }, color = false) {
  const program = join(root, 'dist', 'cli.js');
  const options = ['--at', AT, '--color', color ? 'always' : 'never'];
  const run = spawnSync(process.execPath, [program, ...words, ...options], { cwd: root, encoding: 'utf8' });
  const shown = run.stdout.trimEnd().split('\n');
  const rest = shown.length - lines;
  const output = rest > 0 ? [...shown.slice(0, lines), `… and ${rest} more lines`] : shown;
  const typed = words.map((word) => (/[^\w./:-]/.test(word) ? `'${word}'` : word)).join(' ');
  return { prompt: `bulkhead ${typed}`, output, stderr: run.stderr, ok: run.status === expect };
}

function main() {
  if (!existsSync(join(root, 'dist', 'cli.js'))) {
    console.error('dist/cli.js is missing: run `npm ci` or `npm run build` first');
    process.exit(2);
  }
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const bold = (text) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  for (const step of STEPS) {
    const { prompt, output, stderr, ok } = runStep(step, color);
    console.log(`${bold(`# ${step.says}`)}\n${bold(`$ ${prompt}`)}\n${output.join('\n')}\n`);
    if (!ok) {
      console.error(`${stderr}\nthe demo ended here: \`${prompt}\` did not answer as expected`);
      process.exit(1);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
