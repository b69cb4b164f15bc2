// The rules of a gateway with the names in them resolved: groups and address sets of policies become the nodes that are
// their members, services the sets that they are. What has no meaning is told of, and its rule matches nothing.

import { noneOf, type TriSet, triUnion } from '../../base/tri-set.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { GatewayRule } from '../../model/network/network.ts';
import { type AddressSet, unionAddresses } from '../../net/address-set.ts';
import { NO_SERVICES, type ServiceSet, unionServices } from '../../net/services.ts';
import type { Span } from '../../text/source.ts';

export interface FabricGatewayRule extends GatewayRule {
  /** Nodes of the evaluator that its groups mean; null: it names none. */
  readonly sourceNodes: TriSet | null;
  readonly destinationNodes: TriSet | null;
}

/** A name in a rule that nothing has, or that means nothing to a gateway. */
export interface UnknownName {
  readonly router: string;
  readonly rule: string;
  readonly problem: string;
  readonly span: Span | null;
}

export function resolveGatewayRules(
  evaluator: Evaluator,
  router: string,
  rules: readonly GatewayRule[],
  unknown: UnknownName[],
): readonly FabricGatewayRule[] {
  return rules.map((rule) => {
    const report = (problem: string): void => {
      unknown.push({ router, rule: rule.id, problem, span: rule.span });
    };
    const from = resolveGroups(evaluator, rule.sourceGroups ?? [], report);
    const to = resolveGroups(evaluator, rule.destinationGroups ?? [], report);
    return {
      ...rule,
      source: join(rule.source, from.addresses),
      destination: join(rule.destination, to.addresses),
      service: resolveServices(evaluator, rule, report),
      sourceNodes: from.nodes,
      destinationNodes: to.nodes,
    };
  });
}

function join(a: AddressSet | null, b: AddressSet | null): AddressSet | null {
  return a === null ? b : b === null ? a : unionAddresses(a, b);
}

function resolveGroups(
  { universe, membership }: Evaluator,
  names: readonly string[],
  report: (problem: string) => void,
): { readonly nodes: TriSet | null; readonly addresses: AddressSet | null } {
  let nodes: TriSet | null = null;
  let addresses: AddressSet | null = null;
  for (const name of names) {
    const index = universe.layers.findIndex((layer) => layer.groups.has(name) || layer.addressSets?.has(name) === true);
    const layer = universe.layers[index];
    const group = layer?.groups.get(name);
    if (group !== undefined) {
      const members = membership.evaluate(index, group.peer);
      nodes = nodes === null ? members : triUnion(nodes, members);
    } else if (layer !== undefined) addresses = join(addresses, layer.addressSets?.get(name) ?? null);
    else {
      report(`there is no group \`${name}\``);
      nodes ??= noneOf(universe.nodes.length);
    }
  }
  return { nodes, addresses };
}

function resolveServices(
  { universe }: Evaluator,
  { service, serviceNames = [] }: GatewayRule,
  report: (problem: string) => void,
): ServiceSet | null {
  let all: ServiceSet | null = service;
  for (const name of serviceNames) {
    const found = universe.layers.flatMap((layer) => layer.services?.get(name) ?? [])[0];
    if (found === undefined || found.named.length > 0 || found.opaque !== null) {
      all ??= NO_SERVICES;
      const isKnown = found !== undefined;
      report(
        !isKnown
          ? `there is no service \`${name}\``
          : `service \`${name}\` is more than protocols and ports, which a gateway cannot tell`,
      );
    } else all = all === null ? found.set : unionServices(all, found.set);
  }
  return all;
}
