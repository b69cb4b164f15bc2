// Mutants fare as a rival says that knows no short cut: each compiled from nothing, every expectation run on it. What
// survives is shown by a flow that changed; what is called equivalent changes none; and the tests that are proposed are
// valid text, hold as things are, and notice what they say.
import { describe, expect, it } from 'vitest';
import { diffSnapshots } from '../../../src/analyze/diff/diff.ts';
import { mutate } from '../../../src/analyze/mutate/mutate.ts';
import { applyMutant } from '../../../src/analyze/mutate/operators/mutant.ts';
import { proposeTests } from '../../../src/analyze/suggest/propose-tests.ts';
import { runTests } from '../../../src/analyze/tests/run-tests.ts';
import { bindRoot } from '../../../src/bind/bind.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import { decide } from '../../../src/evaluate/decide.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { makeSource } from '../../../src/text/source.ts';
import { makeProposedTestsDocument } from '../../../src/workspace/formats/proposed-tests.ts';

const AT = Date.parse('2026-11-02T09:00:00Z');

const ROOT = `language 1
tiers { guard; application default drop }
label tier in { web, api, db }
label env in { prod, dev }
group web = vms where tier == web and env == prod
group api = vms where tier == api
group db = vms where tier == db
segment n { subnet 10.0.0.1/24, 2001:db8::1/64 }
vm web-1 { nic n 10.0.0.11 2001:db8::11  labels tier=web env=prod }
vm web-2 { nic n 10.0.0.12  labels tier=web env=dev }
vm api-1 { nic n 10.0.0.21  labels tier=api env=prod }
vm db-1 { nic n 10.0.0.31  labels tier=db env=prod }
policy guard in guard { drop apart: (vms where env == dev) -> (vms where env == prod) }
policy shop in application priority 10 {
  allow in customers: addresses 203.0.113.0/24 -> web on tcp/443
  allow web-to-api:   web -> api on tcp/8443-8444
  allow nightly:      api -> db on tcp/5432  window "Mon-Fri 22:00-04:00 UTC"
  allow cutover:      web -> db on tcp/5432 from 1024-65535  until 2026-12-31
  reject no-db:       any -> db
}
`;
const TESTS = `language 1
test "now" {
  allow addresses 203.0.113.7 -> web on tcp/443  by customers
  allow web -> api on tcp/8443
  deny  web -> db on tcp/22  by no-db
  at 2026-11-02T23:00:00Z { allow api -> db on tcp/5432 }
}
test "given" {
  given vm new { nic n 10.0.0.99  labels tier=api env=dev }
  deny new -> db on tcp/5432
}
invariant "closed" { never (vms where env == dev) -> (vms where env == prod) }
budget "web" { reach of web within 2 hops <= 3 }
change "more" { add to shop before no-db: allow more: api -> db on tcp/22
  opens api -> db on tcp/22 }
`;

function rootOf(...texts: readonly string[]): Layer {
  const parsed = texts.map((text, i) => parsePolicyFile(makeSource(`${i}.seg`, text)));
  const bound = bindRoot(
    parsed.map(({ tree }) => tree),
    { name: 'policies' },
  );
  const problems = [...parsed.flatMap(({ diagnostics }) => diagnostics), ...bound.diagnostics];
  expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  return bound.layer;
}

const snapshotOf = (...layers: readonly Layer[]): Snapshot => buildSnapshot(layers, { at: AT }).snapshot;
const outcomes = (snapshot: Snapshot) => runTests(snapshot, { at: AT, run: null }).tests.map(({ outcome }) => outcome);

const snapshot = snapshotOf(rootOf(ROOT, TESTS));
const report = mutate(snapshot, { at: AT });
const survivors = report.results.flatMap((result) => (result.status === 'survived' ? [result] : []));

describe('mutants', () => {
  it('are of every kind that the policies give rise to, and counted', () => {
    expect(outcomes(snapshot)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
    expect(new Set(report.results.map(({ mutant }) => mutant.operator)).size).toBeGreaterThan(8);
    const count = (status: string): number => report.results.filter((result) => result.status === status).length;
    expect([count('killed'), count('killed') + count('survived')]).toEqual([report.killed, report.of]);
    for (const status of ['killed', 'survived', 'equivalent']) expect(count(status), status).toBeGreaterThan(3);
    expect(new Set(report.results.map(({ mutant }) => mutant.id)).size).toBe(report.results.length);
  });

  it('are noticed exactly where running everything on each from nothing fails', () => {
    const wrong = report.results.flatMap(({ mutant, status }) => {
      const mutated = snapshotOf(...applyMutant(snapshot.layers, mutant));
      const isNoticed = outcomes(mutated).some((outcome) => outcome !== 'passed');
      return isNoticed === (status === 'killed') ? [] : [`${mutant.id} ${mutant.change}: ${status}`];
    });
    expect(wrong).toEqual([]);
  });

  it('that survive change the flow that is shown, and those called equivalent none', () => {
    for (const { mutant, flow } of survivors) {
      const [was, is] = [snapshot.layers, applyMutant(snapshot.layers, mutant)].map((layers) =>
        decide(buildSnapshot(layers, { at: flow.at }).snapshot.evaluator, flow.question),
      );
      expect([was?.verdict, is?.verdict], mutant.id).toEqual([flow.before, flow.after]);
      expect(flow.before, mutant.id).not.toBe(flow.after);
    }
    for (const { mutant, status } of report.results) {
      if (status !== 'equivalent') continue;
      const { gained, lost } = diffSnapshots(snapshot, snapshotOf(...applyMutant(snapshot.layers, mutant)));
      expect([...gained, ...lost], mutant.id).toEqual([]);
    }
  });
});

describe('proposed tests', () => {
  const proposed = proposeTests(snapshot, report, 0);
  const { text, ...document } = makeProposedTestsDocument(proposed, AT);

  it('say what they notice, and what is left', () => {
    expect(proposed.lines.length).toBeGreaterThan(2);
    expect(proposed.lines.length).toBeLessThan(survivors.length);
    const named = [...proposed.lines.flatMap(({ notices }) => notices), ...proposed.left].map(({ id }) => id);
    expect(named.sort()).toEqual(survivors.map(({ mutant }) => mutant.id).sort());
    expect(document.after - document.before).toBe(survivors.length - proposed.left.length);
  });

  it('hold as things are, and raise the score by what they say', () => {
    const more = snapshotOf(rootOf(ROOT, TESTS, text));
    expect(new Set(outcomes(more))).toEqual(new Set(['passed']));
    const again = mutate(more, { at: AT });
    expect([again.killed, again.of]).toEqual([document.after, document.of]);
    expect(again.killed).toBeGreaterThan(report.killed);
  });

  it('each fail on the mutants that they are for', () => {
    for (const { text: line, at, notices } of proposed.lines) {
      const when = at === null ? line : `at ${new Date(at).toISOString()} { ${line} }`;
      const layers = [rootOf(ROOT, `language 1\ntest "one" { ${when} }\n`)];
      expect(outcomes(snapshotOf(...layers)), line).toEqual(['passed']);
      const own = mutate(snapshotOf(...layers), {
        at: AT,
        wants: ({ id }) => notices.some((mutant) => mutant.id === id),
      });
      expect([own.killed, own.of], line).toEqual([notices.length, notices.length]);
    }
  });
});
