// Builds dist/: the command line with its lazy chunks, the library, and the library's type declarations.
// The command line carries its dependencies bundled, so that it starts without walking node_modules; the library
// leaves them as imports, so that an application has one copy of each.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generate } from './generate.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
  define: { BULKHEAD_VERSION: JSON.stringify(version) },
};

generate();
rmSync(dist, { recursive: true, force: true });

// A bundled CommonJS package calls `require` for Node's own modules; an ES module has none unless it makes one.
const require = "import { createRequire as bulkheadRequire } from 'node:module';";
await build({
  ...shared,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['@hpcc-js/wasm-graphviz'],
  banner: { js: `${require} const require = bulkheadRequire(import.meta.url);` },
});
chmodSync(join(dist, 'cli.js'), 0o755);

await build({
  ...shared,
  entryPoints: { index: 'src/index.ts' },
  outdir: 'dist',
  packages: 'external',
});

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (types.status !== 0) process.exit(1);
