// Builds dist/: the command line with its lazy chunks, the library with client and server, and their type declarations.
// The command line carries its dependencies bundled, so that it starts without walking node_modules; the library
// leaves them as imports, so that an application has one copy of each.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { generate } from './generate.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Packages of the server, which are loaded from node_modules when a server is run. */
const SERVER_PACKAGES = [
  ...['@fastify/helmet', '@fastify/swagger', '@fastify/swagger-ui', '@fastify/under-pressure'],
  ...['close-with-grace', 'fastify', 'jose', 'kysely', 'prom-client'],
];

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

/** The module `bulkhead:code-pages`: the pages of docs/codes by code, for `bulkhead explain`. */
const codePages = {
  name: 'code-pages',
  setup(builder) {
    const folder = join(root, 'docs', 'codes');
    builder.onResolve({ filter: /^bulkhead:code-pages$/ }, ({ path }) => ({ path, namespace: 'code-pages' }));
    builder.onLoad({ filter: /.*/, namespace: 'code-pages' }, () => {
      const pages = {};
      for (const name of readdirSync(folder).sort()) {
        const text = readFileSync(join(folder, name), 'utf8');
        const code = /^# ([a-z0-9-]+\/[a-z0-9-]+)\n/.exec(text)?.[1];
        if (code !== undefined && basename(name, '.md') === code.replace('/', '-')) pages[code] = text;
      }
      return { contents: JSON.stringify(pages), loader: 'json' };
    });
  },
};

/** Writes the command line to `outdir` as cli.js and chunks/. */
export async function buildProgram(outdir) {
  // A bundled CommonJS package calls `require` for Node's own modules; an ES module has none unless it makes one.
  const require = "import { createRequire as bulkheadRequire } from 'node:module';";
  await build({
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts', heavy: 'src/server/heavy/thread.ts' },
    outdir,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // What only a server needs stays where npm put it: a page, native code, and packages that read files of their own.
    external: ['@hpcc-js/wasm-graphviz', 'better-sqlite3', ...SERVER_PACKAGES],
    plugins: [codePages],
    banner: { js: `${require} const require = bulkheadRequire(import.meta.url);` },
  });
  chmodSync(join(outdir, 'cli.js'), 0o755);
}

/** Writes the library, the client and the server to `outdir`; what they have in common is there once. */
export async function buildLibrary(outdir) {
  await build({
    ...shared,
    entryPoints: { index: 'src/index.ts', client: 'src/client.ts', server: 'src/server.ts' },
    outdir,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    packages: 'external',
  });
}

/** Builds everything that the package ships. */
export async function buildAll() {
  generate();
  rmSync(dist, { recursive: true, force: true });
  await buildProgram(dist);
  await buildLibrary(dist);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  if (types.status !== 0) process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
