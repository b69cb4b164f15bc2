// What `import` writes says what it was made from: for random clusters and dumps, the policies and the inventory that are
// written read back without an error, give the same verdicts for every flow, and print again as the same text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDifference } from '../../src/analyze/diff/flows-differ.ts';
import { bindRoot } from '../../src/bind/bind.ts';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { flowRows } from '../../src/evaluate/flow-rows.ts';
import { exportLayer } from '../../src/exporters/seg/export-layer.ts';
import { importInventory } from '../../src/importers/inventory/import-inventory.ts';
import { importKubernetes } from '../../src/importers/kubernetes/import-kubernetes.ts';
import { importNsx } from '../../src/importers/nsx/import-nsx.ts';
import type { Layer } from '../../src/model/layer.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { makeSource } from '../../src/text/source.ts';
import { writeInventory } from '../../src/workspace/formats/inventory.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { kubernetesWorlds } from './kubernetes-worlds.ts';
import { shapes, writeDump } from './nsx-shapes.ts';
import { nsxWorld } from './nsx-worlds.ts';

/** Rows of the layer, for a count of what was compared. */
function proveSame(layer: Layer): number {
  const { policies, inventory } = exportLayer(layer, (span) => span.file);
  const parsed = parsePolicyFile(makeSource('policies.seg', policies));
  const world = inventory === null ? null : importInventory(makeSource('inventory.yaml', writeInventory(inventory)));
  const bound = bindRoot([parsed.tree], { name: layer.name, inventories: world === null ? [] : [world] });
  const again = buildSnapshot([bound.layer], { at: 0 });
  const all = [...parsed.diagnostics, ...(world?.diagnostics ?? []), ...bound.diagnostics, ...again.diagnostics];
  expect(all.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`)).toEqual(
    [],
  );
  const before = buildSnapshot([layer], { at: 0 }).snapshot;
  expect(findDifference(before, again.snapshot, 'verdicts')).toBeNull();
  expect(printTree(parsed.tree)).toBe(policies);
  return [...flowRows(before.evaluator, { by: 'owner', from: null, to: null })].length;
}

describe('policies made of an import', () => {
  it('of random clusters allow what the manifests allow', () => {
    let rows = 0;
    fc.assert(
      fc.property(kubernetesWorlds, ({ dialect, objects }) => {
        const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
        rows += proveSame(importKubernetes([makeSource('cluster.json', text)], { name: 'cluster', dialect }).layer);
      }),
      { numRuns: sampleSize(200), seed: 20264 },
    );
    expect(rows).toBeGreaterThan(500);
  }, 120_000);

  it('of random dumps allow what the dump allows', () => {
    let rows = 0;
    fc.assert(
      fc.property(nsxWorld, fc.constantFrom(...shapes), ({ dump }, shape) => {
        const sources = writeDump(dump, shape).map((text, i) => makeSource(`dump-${i}.json`, text));
        rows += proveSame(importNsx(sources, { name: 'nsx' }).layer);
      }),
      { numRuns: sampleSize(500), seed: 20265 },
    );
    expect(rows).toBeGreaterThan(1000);
  }, 120_000);
});
