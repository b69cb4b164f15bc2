// Two projects: `unit` needs no privileges and no services, `system` may need both and runs by `npm run test:system`.
// Unit tests change nothing outside of themselves, so that their files share modules: loading those anew for each file
// costs as much as running it. Many wait for a program that they started, hence a worker for every processor.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Properties that `npm test` tries on a part of their random input. */
const SAMPLED = [
  'test/properties/*.test.ts',
  'test/analyze/diff/diff-worlds.test.ts',
  'test/analyze/suggest/suggest-worlds.test.ts',
  'test/exporters/feeds/random-worlds.test.ts',
];

export default defineConfig({
  test: {
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          isolate: false,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts', ...SAMPLED],
          env: { SAMPLES: 'all' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/syntax/generated/**'] },
  },
});
