// Lints a text: a policy with a small shop as its world, or manifests.
import { expect } from 'vitest';
import type { LintFinding } from '../../../src/analyze/lint/kit/finding.ts';
import { lintSnapshot } from '../../../src/analyze/lint/lint.ts';
import { bindRoot } from '../../../src/bind/bind.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { importKubernetes } from '../../../src/importers/kubernetes/import-kubernetes.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import type { Tree } from '../../../src/syntax/tree.ts';
import type { Code } from '../../../src/text/codes.ts';
import type { Diagnostic } from '../../../src/text/diagnostic.ts';
import { makeSource, type Source } from '../../../src/text/source.ts';

export const AT = Date.parse('2026-11-21T12:00:00Z');
const WORLD = makeSource(
  'world.seg',
  `language 1
label tier in { web, db, ops }
label app
tiers { first; application default drop }
segment net { subnet 10.0.0.1/24, 2001:db8::1/64 }
vm web-01 { nic net 10.0.0.11 2001:db8::11  labels tier=web app=shop }
vm web-02 { nic net 10.0.0.12  labels tier=web app=shop }
vm db-01 { nic net 10.0.0.21  labels tier=db app=shop }
vm ops-01 { nic net 10.0.0.31  labels tier=ops app=tools }
`,
);

export interface Linted {
  readonly findings: readonly LintFinding[];
  readonly layers: readonly Layer[];
  readonly sources: ReadonlyMap<string, Source>;
  /** What was said before lint. */
  readonly known: readonly Diagnostic[];
}

/** What lint finds, optional checks among it, in a policy without errors. */
export function lint(source: Source): Linted {
  const { layer, trees, diagnostics } = source.name.endsWith('.yaml') ? fromManifest(source) : fromPolicy(source);
  const { snapshot, diagnostics: compiling } = buildSnapshot([layer], { at: AT });
  const known = [...diagnostics, ...compiling];
  expect(known.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  const sources = new Map([source, WORLD].map((own) => [own.name, own]));
  const wanted = new Set<Code>(['lint/missing-owner', 'lint/missing-reason']);
  return { findings: lintSnapshot({ snapshot, sources, trees, known, wanted }), layers: [layer], sources, known };
}

type Read = { readonly layer: Layer; readonly trees: readonly Tree[]; readonly diagnostics: readonly Diagnostic[] };

function fromPolicy(source: Source): Read {
  const parsed = [WORLD, source].map(parsePolicyFile);
  const trees = parsed.map(({ tree }) => tree);
  const { layer, diagnostics } = bindRoot(trees, { name: 'example' });
  return { layer, trees, diagnostics: [...parsed.flatMap((file) => file.diagnostics), ...diagnostics] };
}

function fromManifest(source: Source): Read {
  return { ...importKubernetes([source], { name: 'cluster' }), trees: [] };
}

/** Findings whose rule decides the flow that is shown, and findings whose rule does not. */
export const DECIDES = new Set([
  'lint/redundant',
  'lint/over-broad',
  'lint/one-sided',
  'lint/stateless-without-reply',
  'lint/or-for-and',
]);
export const DECIDES_NOT = new Set(['lint/shadowed', 'lint/unreachable-pass', 'lint/never-present']);
