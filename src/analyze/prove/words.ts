// Says in a line what keeps a claim from holding.
import { describePeer } from '../../model/describe.ts';
import type { Invariant } from '../../model/expectation.ts';
import { formatServices } from '../../net/service-text.ts';
import type { FlowWitness } from '../reach/witness.ts';
import type { Budget, BudgetFinding } from './paths.ts';
import type { Counterexample } from './proof.ts';

export function describeClaim(claim: Invariant): string {
  const on = claim.service.text ?? formatServices(claim.service.set);
  const flow = `from \`${describePeer(claim.source)}\` to \`${describePeer(claim.destination)}\``;
  switch (claim.kind) {
    case 'never':
      return `a flow ${flow} is allowed on ${on}`;
    case 'only':
      return `a flow to \`${describePeer(claim.destination)}\` is allowed on ${on} that is not from \`${describePeer(claim.source)}\``;
    case 'replies':
      return `the reply of a flow ${flow} does not come back`;
    case 'no-path':
      return `a chain of flows leads ${flow}`;
  }
}

export function describeChain({ flows }: Counterexample): string {
  const places = [flows[0]?.source ?? '', ...flows.map(({ destination }) => destination)];
  return `a chain of ${hops(flows.length)} leads there: ${places.join(' -> ')}`;
}

export function describeBudget(budget: Budget, { sure, possible }: BudgetFinding, chain: Counterexample): string {
  const count = sure === possible ? `${sure}` : `${sure} to ${possible}`;
  const workloads = `${count} workload${count === '1' ? '' : 's'}`;
  const of = `\`${describePeer(budget.of)}\``;
  const within = budget.hops === null ? '' : ` within ${hops(budget.hops)}`;
  const what = budget.direction === 'from' ? `${workloads} can be reached from ${of}` : `${workloads} can reach ${of}`;
  const farthest = budget.direction === 'from' ? chain.flows.at(-1)?.destination : chain.flows[0]?.source;
  const shown = farthest === undefined ? '' : `; the farthest is ${farthest}`;
  return `${what}${within}, not ${budget.atMost} at most${shown}`;
}

/** A claim that is not shown to be broken, and why it cannot be proved either. */
export function describeDoubt(problem: string, { flows }: Counterexample): string {
  return `it cannot be proved, for perhaps ${problem}: ${doubtOf(flows)}`;
}

function doubtOf(flows: readonly FlowWitness[]): string {
  const unknown = flows.find(({ decision }) => decision.verdict === 'unknown');
  if (unknown !== undefined) return unknown.decision.reason ?? 'it is not known whether it is allowed';
  if (flows.some(({ decision }) => decision.reply === 'depends')) return 'it is not known whether the reply is allowed';
  return 'it is not certain whether the claim is about it';
}

function hops(count: number): string {
  return `${count} hop${count === 1 ? '' : 's'}`;
}
