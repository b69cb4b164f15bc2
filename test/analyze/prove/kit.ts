// Runs what a small shop promises of itself, and shows the outcome of each line in words.
import { expect } from 'vitest';
import { proveExpectations } from '../../../src/analyze/prove/prove-expectations.ts';
import type { TestResult } from '../../../src/analyze/test-result.ts';
import { runTests } from '../../../src/analyze/tests/run-tests.ts';
import { bindRoot } from '../../../src/bind/bind.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { makeSource } from '../../../src/text/source.ts';

export const AT = Date.parse('2026-11-02T09:00:00Z');

const WORLD = `language 1
tiers { application default drop }
label tier in { web, api, db, none } 
group web = vms where tier == web
group api = vms where tier == api
group db = vms where tier == db
group nobody = vms where tier == none
segment n { subnet 10.0.0.1/24 }
vm web-1 { nic n 10.0.0.11  labels tier=web }
vm web-2 { nic n 10.0.0.12  labels tier=web }
vm api-1 { nic n 10.0.0.21  labels tier=api }
vm db-1 { nic n 10.0.0.31  labels tier=db }
`;

/** A snapshot of the world with these rules (one policy) and promises. */
export function snapshotOf(rules: string, promises: string): Snapshot {
  const text = `${WORLD}policy p in application {\n${rules}\n}\n${promises}\n`;
  const parsed = parsePolicyFile(makeSource('p.seg', text));
  const bound = bindRoot([parsed.tree], { name: 'policies' });
  const built = buildSnapshot([bound.layer], { at: AT });
  const problems = [...parsed.diagnostics, ...bound.diagnostics, ...built.diagnostics];
  expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  return built.snapshot;
}

/** One line a claim: `holds`, or what keeps it from holding, with the flows that show it. */
export function prove(rules: string, promises: string): readonly string[] {
  return proveExpectations(snapshotOf(rules, promises)).flatMap(show);
}

export function runAll(rules: string, promises: string): readonly string[] {
  return runTests(snapshotOf(rules, promises), { at: AT, run: null }).tests.flatMap(show);
}

function show({ assertions, diagnostics }: TestResult): readonly string[] {
  const lines = assertions.flatMap(({ problem, counterexamples, at }) =>
    problem === null
      ? ['holds']
      : [
          `${problem}${at === null ? '' : ` at ${new Date(at).toISOString()}`}`,
          ...counterexamples.map(
            ({ source, destination, service, verdict, rule, reason }) =>
              `  ${source} -> ${destination} ${service.protocol}/${service.a}: ${verdict} by ${rule ?? '-'}${reason === null ? '' : ` (${reason})`}`,
          ),
        ],
  );
  return [...lines, ...diagnostics.map(({ message }) => message)];
}
