// The report in a real browser: it shows what it should, runs nothing, asks nobody for anything, in light and dark and on
// paper, and names that would be markup are text.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bulkhead, makeFolder, ROOT } from '../cli/program.ts';

/** The browser finds no name and no address: what its makers' services are asked goes nowhere, too. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

const AT = '2026-11-02T09:00:00Z';
const HOSTILE = '<script>document.title = "taken"</script><img src=http://203.0.113.1/x.png onerror=alert(1)>';

/** Texts that an author may choose freely: what conditions ask for, and the name of a test that fails. */
const POLICY = `language 1
tiers { only default drop }
policy p in only {
  allow odd: workloads where name == ${JSON.stringify(HOSTILE)} -> internet on tcp/80
  allow web: internet -> workloads on tcp/443
}
test ${JSON.stringify(HOSTILE)} { deny internet -> workloads on tcp/443 }
segment net { subnet 10.0.0.1/24 }
vm web-01 { nic net 10.0.0.11 }
`;

const folder = makeFolder({ 'odd/main.seg': POLICY });
let profile = 0;

interface Browser {
  readonly status: number | null;
  readonly stdout: string;
  /** What the page wrote to the console, its errors and what its own policy stopped among it. */
  readonly console: readonly string[];
  /** Everything that the page asked for; what the browser asks for by itself has no origin. */
  readonly requests: readonly string[];
}

function browse(page: string, ...words: readonly string[]): Browser {
  const log = join(folder, `net-${++profile}.json`);
  const run = spawnSync(
    'chromium',
    [
      ...FLAGS,
      '--enable-logging=stderr',
      `--user-data-dir=${join(folder, `profile-${profile}`)}`,
      `--log-net-log=${log}`,
      ...words,
      pathToFileURL(page).href,
    ],
    { maxBuffer: 1 << 26, timeout: 60_000 },
  );
  if (run.error !== undefined) throw run.error;
  const lines = run.stderr.toString().split('\n');
  return {
    status: run.status,
    stdout: run.stdout.toString(),
    console: lines.filter((line) => /CONSOLE|Uncaught|Content Security Policy/.test(line)),
    requests: requestsIn(readFileSync(log, 'utf8')),
  };
}

/** One event a line. */
function requestsIn(log: string): readonly string[] {
  return log.split('\n').flatMap((line) => {
    const [, initiator] = /"initiator":"([^"]*)"/.exec(line) ?? [];
    const [, url] = /"url":"([^"]*)"/.exec(line) ?? [];
    return initiator === undefined || initiator === 'not an origin' || url === undefined ? [] : [url];
  });
}

function report(path: string, cwd: string, ...words: readonly string[]): string {
  const page = join(folder, `${path.replaceAll('/', '-')}.html`);
  const run = bulkhead(['report', path, '-q', '--at', AT, '--no-mutation', '-o', page, ...words], { cwd });
  expect(run).toMatchObject({ code: 0, stdout: '' });
  return page;
}

describe('what a page asks for', () => {
  it('is noticed', () => {
    const page = join(folder, 'curious.html');
    writeFileSync(page, '<!doctype html><img src="http://203.0.113.1/x.png"><script>console.log("said")</script>');
    const { console, requests } = browse(page, '--dump-dom');
    expect(requests).toEqual(['http://203.0.113.1/x.png']);
    expect(console.join()).toContain('said');
  });
});

describe('the page of the policies that come with Bulkhead', () => {
  let page = '';
  beforeAll(() => {
    page = report('policies', ROOT);
  }, 60_000);

  it('shows its sections and drawings, and is quiet', () => {
    const { status, stdout, console, requests } = browse(page, '--dump-dom');
    expect(status).toBe(0);
    expect(console).toEqual([]);
    expect(requests).toEqual([]);
    for (const id of ['scores', 'map', 'default-deny', 'exposure', 'blast-radius', 'findings', 'tests', 'mutation']) {
      expect(stdout).toMatch(new RegExp(`<section id="${id}" aria-labelledby="${id}-title">\\s*<h2 id="${id}-title">`));
    }
    expect(stdout.match(/<svg role="img"/g)).toHaveLength(2);
    expect(stdout).toContain('common.<wbr>places.<wbr>hostile');
    expect(stdout).not.toMatch(/<script|<link|<iframe|\ssrc=|href="(?!#)/);
  });

  it('has a name for every column and every row', () => {
    const { stdout } = browse(page, '--dump-dom');
    const tables = stdout.match(/<table[\s\S]*?<\/table>/g) ?? [];
    expect(tables.length).toBeGreaterThan(6);
    for (const table of tables) {
      const [, ...rows] = table.split('<tr>');
      expect(rows[0]).not.toMatch(/<th(?! scope="col")|<td/);
      for (const row of rows.slice(1)) expect(row.startsWith('<th scope="row"')).toBe(true);
    }
  });

  it('is another picture in the dark, and a few sheets of paper', () => {
    const shoot = (scheme: number): Buffer => {
      const path = join(folder, `page-${scheme}.png`);
      const settings = [`--blink-settings=preferredColorScheme=${scheme}`, '--window-size=800,600'];
      expect(browse(page, ...settings, `--screenshot=${path}`)).toMatchObject({ status: 0, requests: [] });
      return readFileSync(path);
    };
    expect(shoot(0).equals(shoot(1))).toBe(false);
    const paper = join(folder, 'page.pdf');
    expect(browse(page, `--print-to-pdf=${paper}`).status).toBe(0);
    expect(statSync(paper).size).toBeGreaterThan(10_000);
    const sheets = readFileSync(paper, 'latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(sheets.length).toBeGreaterThan(4);
    expect(sheets.length).toBeLessThan(20);
  });
});

describe('a page with names that are markup', () => {
  it('shows them, and does nothing that they say', () => {
    const { stdout, console, requests } = browse(report('odd', folder), '--dump-dom');
    expect(stdout).toContain('<title>Policy report</title>');
    // In a finding, in the list of failed tests, and in the drawing.
    expect(stdout.split('&lt;script&gt;').length).toBeGreaterThan(3);
    expect(stdout).not.toMatch(/<script|<img/);
    expect({ console, requests }).toEqual({ console: [], requests: [] });
  });
});
