// The example policies: complete, clean, and true to their own tests.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runTests } from '../../src/analyze/tests/run-tests.ts';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { workloadKinds } from '../../src/model/workload.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const at = Date.UTC(2026, 10, 21, 12);

const workspace = loadWorkspace({ paths: ['policies'], world: [], cwd: root });
const { snapshot, diagnostics } = buildSnapshot(workspace.layers, { at });
const [layer] = workspace.layers;
const policies = layer?.policies ?? [];
const rules = policies.flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })));
const workloads = layer?.world.workloads ?? [];
const expectations = layer?.expectations ?? [];
const names = (list: readonly { readonly name: string }[]): string[] => list.map((item) => item.name).sort();

test('they are one layer without any finding', () => {
  expect(workspace.layers).toHaveLength(1);
  expect([...workspace.diagnostics, ...diagnostics]).toEqual([]);
});

describe('they are as large as they say', () => {
  test('at least 60 rules in five tiers, each of which has some', () => {
    expect(layer?.tiers.map((tier) => tier.name)).toEqual([
      'emergency',
      'infrastructure',
      'environment',
      'platform',
      'application',
    ]);
    expect(rules.length).toBeGreaterThanOrEqual(60);
    expect(new Set(rules.map(({ policy }) => policy.tier)).size).toBe(5);
    expect(layer?.tiers.at(-1)?.default).toEqual({ verdict: 'drop', whereSelected: false });
  });

  test('at least 40 workloads of every kind, at two sites and in a cloud network, with both address families', () => {
    expect(workloads.length).toBeGreaterThanOrEqual(40);
    expect(new Set(workloads.map((workload) => workload.kind))).toEqual(new Set(workloadKinds));
    expect(layer?.world.sites).toHaveLength(3);
    const families = workloads.flatMap((workload) =>
      workload.interfaces.flatMap((own) => own.addresses.map(({ family }) => family)),
    );
    expect(new Set(families)).toEqual(new Set([4, 6]));
    expect(workloads.some((workload) => workload.interfaces.length === 2)).toBe(true);
  });

  test('policy files and an inventory together make the world', () => {
    const files = new Set(workloads.map((workload) => workload.span?.file));
    expect([...files].some((file) => file?.endsWith('.seg'))).toBe(true);
    expect([...files].some((file) => file?.endsWith('inventory.yaml'))).toBe(true);
  });

  test('at least 20 tests, and promises for later', () => {
    const ofKind = (kind: string): number => expectations.filter((item) => item.kind === kind).length;
    expect(ofKind('test')).toBeGreaterThanOrEqual(20);
    expect(ofKind('invariant')).toBeGreaterThan(0);
    expect(ofKind('budget')).toBeGreaterThan(0);
  });
});

test('what the language offers is shown', () => {
  const some = (holds: (item: (typeof rules)[number]) => boolean): boolean => rules.some(holds);
  const shown = {
    pass: some(({ rule }) => rule.action === 'pass' && rule.passTo === null),
    'pass to': some(({ rule }) => rule.passTo === 'application'),
    reject: some(({ rule }) => rule.action === 'reject'),
    stateless: some(({ rule }) => rule.stateless),
    strict: some(({ rule }) => rule.strict),
    window: some(({ rule }) => rule.window !== null),
    until: some(({ policy, rule }) => (rule.until ?? policy.until) !== null),
    disabled: some(({ rule }) => rule.disabled && rule.reason !== null),
    staged: policies.some((policy) => policy.staged),
    'applies to': policies.some((policy) => policy.appliesTo !== null),
    'named port': some(({ rule }) => rule.service.named.length > 0),
    'one direction': some(({ rule }) => rule.direction !== 'both'),
    exclude: layer?.exclude !== null,
  };
  expect(Object.entries(shown).filter(([, isShown]) => !isShown)).toEqual([]);
});

test('every policy says who owns it and which ticket asked for it', () => {
  expect(names(policies.filter((policy) => policy.owner === null || policy.ticket === null))).toEqual([]);
});

test('an expiry lies far enough ahead for the example to last', () => {
  const ends = rules.flatMap(({ policy, rule }) => rule.until ?? policy.until ?? []);
  expect(ends.length).toBeGreaterThan(0);
  expect(Math.min(...ends)).toBeGreaterThan(Date.UTC(2028, 0, 1));
});

test('their own tests pass, at any hour', () => {
  const report = runTests(snapshot, { at, run: null });
  expect(names(report.tests.filter(({ outcome }) => outcome !== 'passed'))).toEqual([]);
  const night = Date.UTC(2027, 6, 4, 2, 30);
  const later = buildSnapshot(workspace.layers, { at: night });
  const nightly = runTests(later.snapshot, { at: night, run: null });
  expect(names(nightly.tests.filter(({ outcome }) => outcome !== 'passed'))).toEqual([]);
});

test('they are in the form that `fmt` gives', () => {
  const files = [...workspace.sources.values()].filter(({ name }) => name.endsWith('.seg'));
  expect(files.length).toBeGreaterThan(15);
  for (const source of files) {
    expect(printTree(parsePolicyFile(source).tree, source), source.name).toBe(source.text);
  }
});
