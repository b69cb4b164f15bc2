// Proves invariants and budgets over all flows, at all times from an instant on. Exact, by classes: what holds here holds
// of every pair of addresses, and what does not is shown by flows that `decide` confirms.
import { isSurelyEmpty, type TriSet } from '../../base/tri-set.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { describePeer } from '../../model/describe.ts';
import type { Expectation, Invariant } from '../../model/expectation.ts';
import type { Peer } from '../../model/peer.ts';
import type { Instant } from '../../model/time.ts';
import { witnessOf } from '../reach/witness.ts';
import { type Ends, endsOf, neverRegions, onlyRegions } from './claims.ts';
import { type Budget, findOverrun, findPath, type PathFinding } from './paths.ts';
import type { ClaimProof, Counterexample, ProofOutcome } from './proof.ts';
import { findOffences, type Offence } from './regions.ts';
import { findLostReplies } from './replies.ts';
import { describeBudget, describeChain, describeClaim, describeDoubt } from './words.ts';

/** Expectations that are proved, each in the terms of the layer that has it. */
export interface Stated {
  readonly layer: number;
  readonly expectation: Extract<Expectation, { kind: 'invariant' | 'budget' }>;
}

export interface Proof extends Stated {
  readonly claims: readonly ClaimProof[];
}

/** A snapshot for each instant that stands for all times, see `momentsOf`; none has an error. */
export type Moments = Iterable<{ readonly at: Instant; readonly snapshot: Snapshot }>;

const MOST = 3;

/** What is known of one claim after some of the moments. */
interface Running {
  readonly stated: Stated;
  readonly claim: Invariant | null;
  outcome: ProofOutcome;
  problem: string | null;
  counterexamples: readonly Counterexample[];
  /** Whether any of its flows is allowed at some time: a promise about replies to nothing is none. */
  isAbout: boolean;
}

/** One proof for each, in their order. A claim that is broken at one moment is not looked at again. */
export function prove(stated: readonly Stated[], moments: Moments): readonly Proof[] {
  const all = stated.flatMap((item): readonly Running[] => {
    const start = { stated: item, outcome: 'holds', problem: null, counterexamples: [], isAbout: false } as const;
    const { expectation } = item;
    if (expectation.kind === 'budget') return [{ ...start, claim: null }];
    return expectation.claims.map((claim) => ({ ...start, claim }));
  });
  for (const { at, snapshot } of moments) {
    const open = all.filter(({ outcome }) => outcome !== 'broken');
    if (open.length === 0) break;
    judgeAt(snapshot.evaluator, at, open);
  }
  for (const item of all) {
    if (item.outcome === 'holds' && item.claim?.kind === 'replies' && !item.isAbout) {
      refute(item, 'unproved', 'no flow of it is allowed at any time, so that there is no reply', []);
    }
  }
  return stated.map((item) => ({
    ...item,
    claims: all
      .filter((running) => running.stated === item)
      .map(({ claim, outcome, problem, counterexamples }) => ({
        span: claim === null ? item.expectation.span : claim.span,
        outcome,
        problem,
        counterexamples,
      })),
  }));
}

function judgeAt(evaluator: Evaluator, at: Instant, open: readonly Running[]): void {
  const cells: { readonly item: Running; readonly claim: Invariant; readonly ends: Ends }[] = [];
  for (const item of open) {
    const { layer, expectation } = item.stated;
    if (expectation.kind === 'budget') {
      judgeBudget(evaluator, at, item, expectation);
      continue;
    }
    const claim = item.claim as Invariant;
    const ends = endsOf(evaluator, layer, claim);
    const empty = emptySide([
      [claim.source, ends.source],
      [claim.destination, ends.destination],
    ]);
    if (empty !== null) refute(item, 'unproved', empty, []);
    else if (claim.kind === 'no-path') judgePath(evaluator, at, item, claim, ends);
    else if (claim.kind === 'replies') judgeReplies(evaluator, at, item, claim, ends);
    else cells.push({ item, claim, ends });
  }
  const offences = findOffences(
    evaluator,
    cells.map(({ item, claim, ends }) =>
      (claim.kind === 'never' ? neverRegions : onlyRegions)(evaluator, item.stated.layer, claim, ends),
    ),
    MOST,
  );
  for (const [index, { item, claim }] of cells.entries()) {
    accuse(evaluator, at, item, offences[index] ?? [], describeClaim(claim));
  }
}

/** A claim about nobody is true of nothing: it is not counted as met. */
function emptySide(sides: readonly (readonly [Peer, TriSet])[]): string | null {
  const empty = sides.find(([, set]) => isSurelyEmpty(set));
  return empty === undefined ? null : `\`${describePeer(empty[0])}\` selects nothing`;
}

function judgePath(
  evaluator: Evaluator,
  at: Instant,
  item: Running,
  claim: Extract<Invariant, { kind: 'no-path' }>,
  ends: Ends,
): void {
  const found = findPath(evaluator, item.stated.layer, claim, ends);
  if (found === null) return;
  const chain = chainAt(evaluator, at, found);
  const problem = describeChain(chain);
  if (found.certain) refute(item, 'broken', problem, [chain]);
  else refute(item, 'unproved', describeDoubt(problem, chain), [chain]);
}

function judgeBudget(evaluator: Evaluator, at: Instant, item: Running, budget: Budget): void {
  const of = evaluator.membership.evaluate(item.stated.layer, budget.of);
  const empty = emptySide([[budget.of, of]]);
  if (empty !== null) {
    refute(item, 'unproved', empty, []);
    return;
  }
  const found = findOverrun(evaluator, budget, of);
  if (found === null) return;
  const chain = chainAt(evaluator, at, found);
  const shown = chain.flows.length > 0 ? [chain] : [];
  refute(item, found.certain ? 'broken' : 'unproved', describeBudget(budget, found, chain), shown);
}

function judgeReplies(evaluator: Evaluator, at: Instant, item: Running, claim: Invariant, ends: Ends): void {
  const { offences, isAbout } = findLostReplies(evaluator, item.stated.layer, claim, ends, MOST);
  item.isAbout ||= isAbout;
  accuse(evaluator, at, item, offences, describeClaim(claim));
}

/** Offences as decided again: a flow that turns out to be unknown proves nothing. */
function accuse(evaluator: Evaluator, at: Instant, item: Running, offences: readonly Offence[], problem: string): void {
  if (offences.length === 0) return;
  const examples = offences.map(({ from, to, services, certain }) => {
    const witness = witnessOf(evaluator, from, to, services);
    const { verdict, reply } = witness.decision;
    const isProof = item.claim?.kind === 'replies' ? reply === 'blocked' : verdict === 'allow';
    return { example: { at, flows: [witness] }, isProof: certain && isProof };
  });
  const proofs = examples.filter(({ isProof }) => isProof).map(({ example }) => example);
  const [first] = examples;
  if (first === undefined) return;
  if (proofs.length > 0) refute(item, 'broken', problem, proofs);
  else refute(item, 'unproved', describeDoubt(problem, first.example), examples.map(({ example }) => example)); // biome-ignore format: one line
}

function chainAt(evaluator: Evaluator, at: Instant, { steps, traffic }: PathFinding): Counterexample {
  const flows = steps.map(([from, to]) => witnessOf(evaluator, from, to, traffic.between(from, to)));
  return { at, flows };
}

/** The first moment that shows something is told, unless a later one shows worse. */
function refute(
  item: Running,
  outcome: 'broken' | 'unproved',
  problem: string,
  counterexamples: readonly Counterexample[],
): void {
  if (item.outcome === 'broken' || item.outcome === outcome) return;
  item.outcome = outcome;
  item.problem = problem;
  item.counterexamples = counterexamples;
}
