// lint/isolation-without-dns: workloads that may start connections, and none to a name server: whoever isolates what goes
// out has often forgotten that every name is asked for first. A rule that allows it to somebody who is not loaded counts.
import { type Bitset, emptyBitset, hasBit, intersectBits, orInto } from '../../../../base/bitset.ts';
import { isSurelyEmpty } from '../../../../base/tri-set.ts';
import type { Evaluator } from '../../../../evaluate/evaluator.ts';
import type { Family } from '../../../../net/address.ts';
import { single } from '../../../../net/intervals.ts';
import {
  intersectServices,
  isNoServices,
  overlapsServices,
  ports,
  type ServiceSet,
  unionServices,
} from '../../../../net/services.ts';
import type { Span } from '../../../../text/source.ts';
import type { LintCheck } from '../../kit/check.ts';
import { listSome, makeFinding } from '../../kit/make.ts';
import { witnessBetween } from '../../kit/witness.ts';

const PORT = single(53, 53);
const DNS = unionServices(ports('udp', PORT), ports('tcp', PORT));

export const isolationWithoutDns: LintCheck = {
  code: 'lint/isolation-without-dns',
  *run({ snapshot }) {
    const { evaluator } = snapshot;
    const { universe, lookup, ruleset } = evaluator;
    const promised = promisedTo(evaluator);
    const isolated: number[] = [];
    for (let own = 0; own < lookup.source.count; own++) {
      const node = lookup.source.representative[own] as number;
      if (universe.nodes[node]?.kind !== 'workload') continue;
      if (allows(evaluator, own, DNS) || !allows(evaluator, own, null)) continue;
      for (let other = 0; other < universe.firstExternal; other++)
        if (lookup.source.of[other] === own && !hasBit(promised, other)) isolated.push(other);
    }
    const names = [...new Set(isolated.map((node) => nameOf(evaluator, node)))];
    const [first] = isolated;
    if (first === undefined) return;
    const target = outsideNode(evaluator, universe.nodes[first]?.family ?? 4);
    if (target === null) return;
    const witness = witnessBetween(snapshot, first, target, ports('udp', PORT));
    const [point] = witness.decision.points;
    const verb = names.length === 1 ? 'starts' : 'start';
    yield makeFinding(
      'lint/isolation-without-dns',
      `${listSome(names.map((name) => `\`${name}\``))} ${verb} connections, and may ask no name server`,
      point?.span ?? spanOf(evaluator, first),
      {
        layer: point?.layer ?? ruleset.layers[0]?.layer.name ?? null,
        help: 'allow udp/53 and tcp/53 to the resolvers, or suppress this where names are not used',
        witness,
      },
    );
  },
};

/** Whether the source class is allowed any of the services (null: anything at all) by a rule or by default. */
function allows({ lookup, judge, ruleset, universe }: Evaluator, source: number, wanted: ServiceSet | null): boolean {
  const family = universe.nodes[lookup.source.representative[source] as number]?.family ?? 4;
  const isAllowed = (destination: number): boolean => {
    const id = judge.pair(source, destination);
    if (id === -1) return true;
    const { allow } = judge.outcome(id);
    return !isNoServices(wanted === null ? allow : intersectServices(allow, wanted));
  };
  // Where nothing is named a default decides; addresses outside show it.
  const outside = lookup.destination.of[universe.nodes.findLastIndex((node) => node.family === family)];
  if (outside !== undefined && isAllowed(outside)) return true;
  for (const layer of ruleset.layers) {
    const seen = new Set<number>();
    let found = false;
    lookup.rulesOf(layer.index, 'out', source, 0, layer.rules.length, (rule) => {
      if (found || rule.action === 'drop' || rule.action === 'reject') return;
      if (wanted !== null && !overlapsServices(rule.services, wanted)) return;
      for (const destination of lookup.destinationsOf(layer.index, 'out', rule, family).classes) {
        if (found || seen.has(destination)) continue;
        seen.add(destination);
        found = isAllowed(destination);
      }
    });
    if (found) return true;
  }
  return false;
}

/** Nodes that some rule allows to ask somebody who is not loaded: the name servers may be among them. */
function promisedTo({ ruleset, universe }: Evaluator): Bitset {
  const promised = emptyBitset(universe.nodes.length);
  for (const { rules } of ruleset.layers) {
    for (const { action, out, services, source, present, destination } of rules) {
      if (action !== 'allow' || !out || !isSurelyEmpty(destination) || !overlapsServices(services, DNS)) continue;
      orInto(promised, intersectBits(source.possible, present.possible));
    }
  }
  return promised;
}

/** Addresses outside to show it with: some of the internet that machines have, wherever there are any. */
function outsideNode({ universe, membership }: Evaluator, family: Family): number | null {
  const { nodes, firstExternal } = universe;
  const outside = nodes.flatMap((node, i) => (i >= firstExternal && node.family === family ? [i] : []));
  const internet = membership.evaluate(0, { kind: 'internet' }).sure;
  const isUsual = (i: number): boolean => {
    const node = nodes[i];
    return node?.kind === 'external' && (family === 6 || (node.range.v4[0] ?? 0) < MULTICAST) && hasBit(internet, i);
  };
  return outside.findLast(isUsual) ?? outside.at(-1) ?? null;
}

const MULTICAST = 0xe0000000;

function spanOf({ universe }: Evaluator, index: number): Span | null {
  const node = universe.nodes[index];
  const endpoint = node === undefined || node.kind === 'external' ? undefined : universe.world.endpoints[node.endpoint];
  return endpoint?.span ?? null;
}

function nameOf({ universe }: Evaluator, index: number): string {
  const node = universe.nodes[index];
  return node === undefined || node.kind === 'external' ? '' : (universe.world.endpoints[node.endpoint]?.id ?? '');
}
