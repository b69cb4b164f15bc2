// Thousands of random questions to every route of a server, made of its OpenAPI document. SEED asks for others.

import { expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';
import { FUZZED, fuzz } from '../server/fuzz.ts';
import { useServers } from '../server/test-server.ts';

const SEED = Number(process.env.SEED ?? 31);
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

const newFolder = useFolders();
const open = useServers();

it('no route has a fault, hangs, says what it did not announce, or changes anything that it refuses', {
  timeout: 600_000,
}, async () => {
  const seen = await fuzz(await open(newFolder(), FUZZED), RUNS, SEED);
  for (const [route, counts] of seen) {
    const told = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    process.stdout.write(`${route}  ${told.join(', ')}\n`);
  }
  process.stdout.write(`${RUNS} questions to each of ${seen.size} routes (seed ${SEED})\n`);
  expect(seen.size).toBeGreaterThan(15);
  // Random as they are, many routes have been let to do what they are for.
  const done = [...seen].filter(([, counts]) => [...counts.keys()].some((status) => status < 400));
  expect(done.length).toBeGreaterThan(seen.size / 2);
});
