// A few random questions to every route; test/system asks thousands.

import { expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';
import { FUZZED, fuzz } from './fuzz.ts';
import { useServers } from './test-server.ts';

const newFolder = useFolders();
const open = useServers();

it('no route has a fault, hangs, says what it did not announce, or changes anything that it refuses', async () => {
  const seen = await fuzz(await open(newFolder(), FUZZED), 5, 7);
  expect(seen.size).toBeGreaterThan(15);
  // Random as they are, many routes have been let to do what they are for.
  const done = [...seen].filter(([, counts]) => [...counts.keys()].some((status) => status < 400));
  expect(done.length).toBeGreaterThan(seen.size / 3);
});
