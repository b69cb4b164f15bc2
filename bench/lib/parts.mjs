// Bundles parts of the sources at hand and gives them to a benchmark, in this process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** `exports`: lines that export the parts, relative to the repository. */
export async function loadParts(exports, use) {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    const outfile = join(folder, 'parts.mjs');
    const stdin = { contents: exports, resolveDir: ROOT, loader: 'ts' };
    // A bundled CommonJS package calls `require` for Node's own modules; an ES module has none unless it makes one.
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    const options = { banner, bundle: true, platform: 'node', target: 'node20.19', format: 'esm', logLevel: 'warning' };
    await build({ ...options, stdin, outfile });
    return use(await import(pathToFileURL(outfile).href));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
