// The fewest allow rules that contain something: were they drops, no chain would lead where it must not. Found by
// collecting chains that are still open and choosing the fewest rules that close all of them, until none is open.
// Every chain that is collected must be closed by any answer, so that the fewest for them are the fewest there can be.
import { invariant } from '../../../base/invariant.ts';
import type { Snapshot } from '../../../engine/pipeline.ts';
import { type Evaluator, residentExempt } from '../../../evaluate/evaluator.ts';
import { servicesOf } from '../../../evaluate/services-of.ts';
import { type PointTrace, tracePair } from '../../../evaluate/trace.ts';
import type { Node } from '../../../graph/universe.ts';
import { pickService, type ServicePoint } from '../../../net/services.ts';
import type { Span } from '../../../text/source.ts';
import { makeHop, type ReachHop } from '../hop.ts';
import { type Prepared, prepare, type ReachQuestion, searchFor, wantedPlaces } from '../question.ts';
import type { Step } from '../search.ts';
import { chainOf, closedChain } from '../spread.ts';
import { type CutRule, cutKey, denying, withDenied } from './denied.ts';
import { type Clause, smallestHitting } from './hitting-set.ts';

export interface CutResult {
  /**
   * `minimum`: no fewer rules do. `upper bound`: these do, and perhaps fewer would. `none`: no rules do, for a chain is
   * allowed by more than rules.
   */
  readonly outcome: 'minimum' | 'upper bound' | 'none';
  readonly rules: readonly (CutRule & { readonly layerName: string; readonly span: Span | null })[];
  /** Fewer than this never do. */
  readonly atLeast: number;
  /** With `none`: a chain that no rule closes. */
  readonly chain: readonly ReachHop[];
}

/** Chains taken from one search. */
const CHAINS = 64;
/** Branches tried for one list of chains. */
const EFFORT = 20_000;
/** Searches after which rules are taken as they come. */
const ROUNDS = 200;

/** What is unknown counts as open. The snapshot must be without errors. Or why the question has no answer, for a user. */
export function findCut(snapshot: Snapshot, question: ReachQuestion): CutResult | { readonly problem: string } {
  const asked = prepare(snapshot.evaluator, question);
  if ('problem' in asked) return asked;
  const rules: CutRule[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (rule: CutRule): number => {
    const key = cutKey(rule);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, rules.length);
    return rules.push(rule) - 1;
  };
  const clauses: Clause[] = [];
  let chosen: readonly number[] = [];
  let atLeast = 0;
  for (let round = 0; ; round++) {
    const cut = chosen.map((number) => rules[number] as CutRule);
    const prepared = round === 0 ? asked : prepareDenied(snapshot, question, cut);
    const chains = openChains(prepared, CHAINS);
    if (chains.length === 0) return proven(snapshot, question, cut, atLeast);
    for (const chain of chains) {
      const clause = chain.flatMap((step) => optionsOf(snapshot.evaluator, prepared, step, numberOf));
      if (clause.length === 0) {
        const hops = chain.map((step) => makeHop(prepared.evaluator, step, prepared.traffic));
        return { outcome: 'none', rules: [], atLeast: 0, chain: hops };
      }
      clauses.push(clause);
    }
    const found = smallestHitting(clauses, round < ROUNDS ? EFFORT : 1);
    atLeast = Math.max(atLeast, found.atLeast);
    chosen = found.things;
  }
}

function prepareDenied({ evaluator }: Snapshot, question: ReachQuestion, cut: readonly CutRule[]): Prepared {
  const prepared = prepare(denying(evaluator, cut), question);
  invariant(!('problem' in prepared), 'a question that had an answer has one');
  return prepared;
}

/** Chains that are open, or may be, to different places; none: it is contained. */
function openChains(prepared: Prepared, most: number): readonly (readonly Step[])[] {
  const found = searchFor(prepared, 'possible', true);
  const wanted = wantedPlaces(prepared, 'possible');
  const chains = new Map<string, readonly Step[]>();
  const add = (chain: readonly Step[]): void => {
    // Places that differ only in the address got to are closed by the same rules.
    const { source, destination } = prepared.evaluator.lookup;
    const key = chain.map(([from, to]) => `${source.of[from]}-${destination.of[to]}`).join();
    if (!chains.has(key)) chains.set(key, chain);
  };
  for (const place of wanted) {
    if (chains.size >= most) break;
    if ((found.level[place] as number) > 0) add(chainOf(found, place));
  }
  for (const { step } of found.closings) {
    const place = prepared.places.of[step[1]] as number;
    if (chains.size < most && (found.level[place] as number) > 0) add(closedChain(found, step));
  }
  return [...chains.values()];
}

/** Ways to close a hop: at one point of one layer, every allow rule that takes the flow there. */
function optionsOf(
  evaluator: Evaluator,
  { traffic }: Prepared,
  [from, to]: Step,
  numberOf: (rule: CutRule) => number,
): Clause {
  const point = pickService(traffic.between(from, to)) as ServicePoint;
  const { universe, lookup } = evaluator;
  const exempt = residentExempt(universe, universe.nodes[from] as Node, universe.nodes[to] as Node);
  const trace = tracePair(lookup, from, to, servicesOf(point), exempt);
  return trace.points.flatMap((at): Clause => {
    const takers = takersAt(at);
    if (takers === null) return [];
    const numbers = takers.map((id) => numberOf({ layer: at.layer.index, id }));
    return [[...new Set(numbers)].sort((a, b) => a - b)];
  });
}

/** The allow rules that would all have to deny; null: something else lets the flow through there, too. */
function takersAt({ hasPoint, taken }: PointTrace): readonly string[] | null {
  if (hasPoint !== 'yes') return null;
  const final = taken.filter(({ did }) => did === 'allow' || did === 'unknown');
  const rules = final.flatMap(({ rule, did }) => (rule === null || did !== 'allow' ? [] : [rule.rule.id]));
  return rules.length === 0 || rules.length < final.length ? null : rules;
}

/** The answer, after the rules have really been made drops and nothing has been found open. */
function proven(snapshot: Snapshot, question: ReachQuestion, cut: readonly CutRule[], atLeast: number): CutResult {
  const again = prepare(withDenied(snapshot, cut).evaluator, question);
  invariant(!('problem' in again) && openChains(again, 1).length === 0, 'a cut leaves no chain open');
  const rules = cut.map((rule) => {
    const layer = snapshot.layers[rule.layer];
    const found = layer?.policies.flatMap((policy) => policy.rules).find(({ id }) => id === rule.id);
    return { ...rule, layerName: layer?.name ?? '', span: found?.span ?? null };
  });
  return { outcome: atLeast === rules.length ? 'minimum' : 'upper bound', rules, atLeast, chain: [] };
}
