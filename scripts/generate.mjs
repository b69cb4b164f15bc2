// Turns grammar/policy.peggy into src/syntax/generated/policy-parser.{js,d.ts}.
// The parser is not kept in git; it is written only when the grammar or peggy itself is newer than the last result.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const grammar = join(root, 'grammar', 'policy.peggy');
const output = join(root, 'src', 'syntax', 'generated', 'policy-parser.js');
const types = output.replace(/\.js$/, '.d.ts');
const manifest = join(root, 'node_modules', 'peggy', 'package.json');

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Writes the parser if it is missing or older than its inputs. Throws when peggy refuses the grammar. */
export function generate() {
  const newest = Math.max(modified(grammar), modified(manifest));
  if (Math.min(modified(output), modified(types)) > newest) return;
  mkdirSync(dirname(output), { recursive: true });
  const peggy = join(root, 'node_modules', 'peggy', 'bin', 'peggy.js');
  const options = ['--format', 'es', '--dts', '--allowed-start-rules', '*'];
  const run = spawnSync(process.execPath, [peggy, ...options, '-o', output, grammar], { stdio: 'inherit', cwd: root });
  if (run.status !== 0) throw new Error(`peggy ended with ${run.status ?? run.signal}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) generate();
