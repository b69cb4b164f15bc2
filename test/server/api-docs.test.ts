// docs/api.md tells the truth: its examples run in order against a server on its configuration, and each answers with the
// status, headers and body that it shows; its table has every route. UPDATE=1 writes what came into the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { makeRing } from '../../src/trust/key-ring.ts';
import { writeRing } from '../../src/trust/ring-file.ts';
import { ROOT } from '../cli/program.ts';
import { useFolders } from '../kit/folders.ts';
import { NOON } from '../kit/stores.ts';
import { present, readExamples, readFiles, runExamples } from './api-page.ts';
import { useServers } from './test-server.ts';

const PAGE = join(ROOT, 'docs', 'api.md');
const page = readFileSync(PAGE, 'utf8');
const examples = readExamples(page);
const files = readFiles(page);

const newFolder = useFolders();
const open = useServers();
let answers: readonly string[] = [];
let routes: readonly string[] = [];

beforeAll(async () => {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeRing(join(folder, 'bulkhead-data', 'keys'), await makeRing(NOON));
  const config = (files['server.yaml'] ?? '').replace('format: bulkhead.server/1\n', '');
  const { server } = await open(folder, `listen: { port: 0 }\n${config}`);
  const url = await server.listen();
  const printed = await runExamples(
    examples.map(({ command }) => command),
    { cwd: folder, server: url },
  );
  answers = printed.map(present);
  const { paths = {} } = server.app.swagger();
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
  );
});

it('has a configuration, a policy and examples', () => {
  expect(Object.keys(files).sort()).toEqual(['server.yaml', 'shop.seg']);
  expect(examples.length).toBeGreaterThan(25);
  // A block that is not followed by its answer would not be run.
  expect(page.match(/^```sh$/gm)).toHaveLength(examples.length);
});

it('shows what the server answers', () => {
  if (process.env.UPDATE === '1') {
    let text = page;
    for (const [i, { start, end }] of [...examples.entries()].reverse()) {
      text = text.slice(0, start) + answers[i] + text.slice(end);
    }
    writeFileSync(PAGE, text);
    return;
  }
  for (const [i, { command, shown }] of examples.entries())
    expect({ command, answer: answers[i] }).toEqual({ command, answer: shown });
});

it('has every route in its table', () => {
  const listed = [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` \|/gm)].map(([, route = '']) => route);
  expect(listed.sort()).toEqual(routes.filter((route) => !route.startsWith('HEAD ')).sort());
});
