// npm run demo: what Bulkhead says about the policies that come with it, in the order in which one would ask.
// Runs the built program as a user would, prints each command before its answer, and ends with the first that fails.
// The instant is fixed, so that the answers, and the copy of them in README.md, do not change with the calendar.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const BUILT = join(root, 'dist', 'cli.js');

/** Within the life of every rule of the policies. */
const AT = '2026-11-02T09:00:00Z';

/** The commands of the demo: a sentence for the reader, and the words after `bulkhead`. */
export const STEPS = [
  { says: 'Are the policies sound?', words: ['check'] },
  {
    says: 'Which segments and groups are there? (the first of each; `-f svg` draws them all)',
    words: ['graph'],
    each: 7,
  },
  {
    says: 'Which groups may the page servers talk to?',
    words: ['flows', '--by', 'group', '--from', 'shop.groups.web'],
  },
  {
    says: 'May the checkout write orders, and which rules say so?',
    words: ['why', 'checkout-e1', 'orders-db-1', 'tcp/5432'],
  },
  {
    says: 'May a page server read them? Which rule says no, and which nearly said yes?',
    words: ['why', 'web-e1 -> orders-db-1 on tcp/5432', '--expect', 'deny'],
  },
  { says: 'Do the policies do what their authors promised?', words: ['test', '-q'], each: 9 },
];

/** One step: the prompt as typed, what is printed, and the exit code. */
export function runStep({ words, each = Number.POSITIVE_INFINITY }, { color = false, program = BUILT } = {}) {
  const options = ['--at', AT, '--color', color ? 'always' : 'never'];
  const run = spawnSync(process.execPath, [program, ...words, ...options], { cwd: root, encoding: 'utf8' });
  const output = run.stdout
    .trimEnd()
    .split('\n\n')
    .flatMap((part, i) => [...(i === 0 ? [] : ['']), ...cut(part, each)]);
  const typed = words.map((word) => (/[^\w./:-]/.test(word) ? `'${word}'` : word)).join(' ');
  return { prompt: `bulkhead ${typed}`, output, stderr: run.stderr, ok: run.status === 0 };
}

/** The heading of a part and its first lines. */
function cut(part, each) {
  const lines = part.split('\n');
  const rest = lines.length - 1 - each;
  return rest > 0 ? [...lines.slice(0, each + 1), `${/^ */.exec(lines[1])[0]}… and ${rest} more lines`] : lines;
}

function main() {
  if (!existsSync(BUILT)) {
    console.error('dist/cli.js is missing: run `npm ci` or `npm run build` first');
    process.exit(2);
  }
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const bold = (text) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  for (const step of STEPS) {
    const { prompt, output, stderr, ok } = runStep(step, { color });
    console.log(`${bold(`# ${step.says}`)}\n${bold(`$ ${prompt}`)}\n${output.join('\n')}\n`);
    if (!ok) {
      console.error(`${stderr}\nthe demo ended here: \`${prompt}\` did not answer as expected`);
      process.exit(1);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
