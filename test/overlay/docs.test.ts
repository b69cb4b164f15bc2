// The pages of the simulator name every stage in its order, every file of one, and every disposition.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dispositions } from '../../src/overlay/packet/disposition.ts';
import { stageNames } from '../../src/overlay/step/step.ts';
import { stages } from '../../src/overlay/walk/stage-table.ts';

const pipeline = readFileSync('docs/overlay-pipeline.md', 'utf8');
const overlay = readFileSync('docs/overlay.md', 'utf8');

it('the pipeline is documented in its order, each stage a file', () => {
  const listed = [...pipeline.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual([...stageNames]);
  expect(Object.keys(stages)).toEqual([...stageNames]);
  const files = readdirSync('src/overlay/stages');
  expect(files.sort()).toEqual(stageNames.map((name) => `${name}.ts`).sort());
});

it('every end is documented', () => {
  const table = overlay.slice(overlay.indexOf('## How it ends'), overlay.indexOf('## Formats'));
  const listed = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
  );
  expect(listed.sort()).toEqual(Object.keys(dispositions).sort());
});
