// Turns grammar/policy.peggy into src/syntax/generated/policy-parser.{js,d.ts}, which are not kept in git.
// Written only when the grammar, this script or peggy has changed since, by content: a checkout may give any file times.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));
const grammar = join(root, 'grammar', 'policy.peggy');
const peggy = join(root, 'node_modules', 'peggy');
const folder = join(root, 'src', 'syntax', 'generated');
const outputs = ['policy-parser.js', 'policy-parser.d.ts'];
// What src/syntax/parse.ts starts from: each start rule costs every call a little.
const starts = [
  ...['Statements', 'Statement', 'PolicyLines', 'PolicyLine', 'TestItems', 'TestItem', 'Tiers', 'Tier'],
  ...['Claims', 'Claim', 'Settings', 'Setting', 'ChangeLines', 'ChangeLine', 'Steps', 'Step'],
  ...['PropertyLines', 'PropertyLine', 'Flow', 'Peer', 'Service', 'Change'],
].join();
const stamp = join(folder, 'inputs.sha256');

/** Writes the parser unless it is that of the present grammar. Throws when peggy refuses the grammar. */
export function generate() {
  const hash = createHash('sha256');
  for (const path of [grammar, script, join(peggy, 'package.json')]) hash.update(readFileSync(path));
  const inputs = hash.digest('hex');
  const complete = [stamp, ...outputs.map((name) => join(folder, name))].every(existsSync);
  if (complete && readFileSync(stamp, 'utf8') === inputs) return;

  // Made aside and moved into place, so that a test run or a compiler at work never reads half a parser.
  const aside = join(folder, `making-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  try {
    const options = ['--format', 'es', '--dts', '--allowed-start-rules', starts, '-o', join(aside, 'policy-parser.js')];
    const args = [join(peggy, 'bin', 'peggy.js'), ...options, grammar];
    const run = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root });
    if (run.status !== 0) throw new Error(`peggy ended with ${run.status ?? run.signal}`);
    for (const name of outputs) renameSync(join(aside, name), join(folder, name));
    writeFileSync(stamp, inputs);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) generate();
