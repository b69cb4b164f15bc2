// Plants faults in the evaluator, one at a time, and demands that comparing it with the naive evaluator finds each.
// A fault is a piece of text replaced while the program is bundled: no file is changed. Ends with 1 if a fault survives,
// or if its text is no longer there, or there more than once, and so it is not known what was planted.
// WORLDS and SEED in the environment ask for more worlds, or for others; words after the command, for faults by name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { FAULTS } from './planted-faults.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** At most: the comparison ends at the first difference, so that only what survives takes them all. */
const WORLDS = Number(process.env.WORLDS ?? 3000);
/** Without a fault, where none may differ. */
const SOUND_WORLDS = Math.min(WORLDS, 400);
const SEED = Number(process.env.SEED ?? 7);
const QUESTIONS = 10;

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-faults-'));
const outfile = join(folder, 'compare.mjs');
/** The fault to plant in the next bundle, or null, and whether it was. */
const planted = { fault: null, isThere: true };
const bundle = await context({
  stdin: {
    contents: `import { compareWorlds } from './test/properties/compare.ts';
      const { mismatch } = compareWorlds(Number(process.argv[2]), ${SEED}, ${QUESTIONS});
      if (mismatch !== null) { console.log(mismatch); process.exitCode = 3; }`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'silent',
  plugins: [{ name: 'plant', setup: (build) => build.onLoad({ filter: /\/src\/.*\.ts$/ }, load) }],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
try {
  if ((await run(null)) !== 'no difference') {
    console.error('without any fault the two evaluators already differ');
    process.exitCode = 1;
  } else {
    const wanted = process.argv.slice(2).join(' ');
    const faults = FAULTS.filter(([name]) => name.includes(wanted));
    let survived = 0;
    for (const fault of faults) {
      const outcome = await run(fault);
      if (outcome !== 'caught') survived++;
      console.log(outcome === 'caught' ? `caught    ${fault[0]}` : `SURVIVED  ${fault[0]} (${outcome})`);
    }
    console.log(`${faults.length - survived} of ${faults.length} faults caught by ${WORLDS} worlds at most`);
    if (survived > 0 || faults.length === 0) process.exitCode = 1;
  }
} finally {
  await bundle.dispose();
  rmSync(folder, { recursive: true, force: true });
}

function load({ path }) {
  const text = readFileSync(path, 'utf8');
  const { fault } = planted;
  if (fault === null || path !== resolve(root, 'src', fault[1])) return { contents: text, loader: 'ts' };
  planted.isThere = text.split(fault[2]).length === 2;
  return { contents: text.replace(fault[2], () => fault[3]), loader: 'ts' };
}

/** What came of comparing with the fault; null: without any. */
async function run(fault) {
  planted.fault = fault;
  planted.isThere = fault === null;
  await bundle.rebuild();
  if (!planted.isThere) return 'its text is not there, or not once';
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [outfile, String(fault === null ? SOUND_WORLDS : WORLDS)],
    {
      encoding: 'utf8',
    },
  );
  if (fault === null && status !== 0) console.error(stdout, stderr);
  if (status === 0) return 'no difference';
  // A fault that stops the program proves nothing about the comparison.
  return status === 3 ? 'caught' : 'it breaks down';
}
