// Run by npm after an install in a checkout. Builds when the development dependencies are there; an install without
// them (`npm ci --omit=dev`, or a packed install, which has dist/ already) has nothing to build with and must not fail.
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
const missing = ['esbuild', 'peggy', 'typescript'].filter((name) => {
  try {
    resolve(`${name}/package.json`);
    return false;
  } catch {
    return true;
  }
});

if (missing.length > 0) console.error(`not built: ${missing.join(', ')} not installed`);
else {
  const { buildAll } = await import('./build.mjs');
  await buildAll();
}
