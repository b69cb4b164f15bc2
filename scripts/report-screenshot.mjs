// Takes pictures of the report of the policies that come with Bulkhead, in light and dark, for docs/images: the built
// program writes the page, a headless Chromium shows it. Needs `npm run build` and Chromium (CHROMIUM names another one).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist', 'cli.js');

/** The instant of the demo. */
const AT = '2026-11-02T09:00:00Z';
const SIZE = '1280,1640';
/** Pictures are in the repository. */
const MOST_BYTES = 300 * 1024;

/** A browser that asks nothing of anybody. `--blink-settings` says which colors the reader prefers. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];
const SCHEMES = { dark: 0, light: 1 };

function run(command, words) {
  const { status, error, stderr } = spawnSync(command, words, { cwd: root });
  if (status === 0) return;
  process.stderr.write(`\`${command}\` failed: ${error?.message ?? stderr}\n`);
  process.exit(1);
}

if (!existsSync(program)) {
  process.stderr.write('there is no dist/cli.js: run `npm run build` first\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-report-'));
const images = join(root, 'docs', 'images');
mkdirSync(images, { recursive: true });
try {
  const page = join(folder, 'report.html');
  run(process.execPath, [program, 'report', 'policies', '-q', '--at', AT, '-o', page]);
  for (const [scheme, number] of Object.entries(SCHEMES)) {
    const path = join(images, `report-${scheme}.png`);
    run(process.env.CHROMIUM ?? 'chromium', [
      ...FLAGS,
      `--user-data-dir=${join(folder, scheme)}`,
      `--blink-settings=preferredColorScheme=${number}`,
      `--window-size=${SIZE}`,
      `--screenshot=${path}`,
      pathToFileURL(page).href,
    ]);
    const { size } = statSync(path);
    console.log(`docs/images/report-${scheme}.png: ${Math.round(size / 1024)} KiB`);
    if (size > MOST_BYTES) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
