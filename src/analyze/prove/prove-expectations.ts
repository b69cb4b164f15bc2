// Proves what the layers promise of themselves: their invariants and budgets, at every instant that stands for a time
// from the snapshot's on. The result has the form of tests, so that whoever runs tests runs these too.
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Instant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Counterexample as PairExample } from '../assertion.ts';
import { type FlowWitness, rulesOf, unruled } from '../reach/witness.ts';
import type { LineResult, TestResult } from '../test-result.ts';
import { momentsOf } from './moments.ts';
import type { ClaimProof } from './proof.ts';
import { type Proof, prove, type Stated } from './prove.ts';

export interface ProveOptions {
  /** Which expectations; absent: all. */
  readonly wants?: (expectation: Expectation) => boolean;
  /** Called with each instant before it is compiled and looked at. */
  readonly onMoment?: (at: Instant) => void;
}

/** In the order of layers and of their expectations. `snapshot`: without errors; what it was made of is proved. */
export function proveExpectations(snapshot: Snapshot, { wants, onMoment }: ProveOptions = {}): readonly TestResult[] {
  const stated = snapshot.layers.flatMap(({ expectations }, layer) =>
    expectations.flatMap((expectation): readonly Stated[] =>
      (expectation.kind === 'invariant' || expectation.kind === 'budget') && wants?.(expectation) !== false
        ? [{ layer, expectation }]
        : [],
    ),
  );
  if (stated.length === 0) return [];
  const problems: Diagnostic[] = [];
  const moments = function* () {
    for (const at of momentsOf(snapshot.layers, snapshot.at)) {
      onMoment?.(at);
      if (at === snapshot.at) yield { at, snapshot };
      else {
        const built = buildSnapshot(snapshot.layers, { at });
        const errors = built.diagnostics.filter(({ severity }) => severity === 'error');
        problems.push(...errors);
        if (errors.length === 0) yield { at, snapshot: built.snapshot };
      }
    }
  };
  const proofs = prove(stated, moments());
  return proofs.map((proof) => toResult(snapshot, proof, problems));
}

/** What could not be compiled at some time is proved of no time. */
function toResult({ layers, at }: Snapshot, proof: Proof, problems: readonly Diagnostic[]): TestResult {
  const { kind, name, module, span } = proof.expectation;
  const holds = problems.length === 0 && proof.claims.every(({ outcome }) => outcome === 'holds');
  return {
    kind,
    name,
    module,
    layer: layers[proof.layer]?.name ?? '',
    span,
    outcome: holds ? 'passed' : 'failed',
    assertions: proof.claims.map((claim) => toLine(claim, at)),
    diagnostics: problems,
  };
}

function toLine({ span, outcome, problem, counterexamples }: ClaimProof, now: Instant): LineResult {
  const [first] = counterexamples;
  return {
    span,
    holds: outcome === 'holds',
    pairs: 0,
    problem,
    at: first === undefined || first.at === now ? null : first.at,
    counterexamples: counterexamples.flatMap(({ flows }) => flows.map(toPair)),
    isChain: counterexamples.some(({ flows }) => flows.length > 1),
  };
}

/** A flow as failed tests show pairs. */
export function toPair({ source, destination, question, decision }: FlowWitness): PairExample {
  return {
    source,
    destination,
    service: question.service,
    verdict: decision.verdict,
    rule: rulesOf(decision)[0] ?? null,
    reason: decision.verdict === 'allow' && rulesOf(decision).length > 0 ? null : unruled(decision),
  };
}
