// Resolves port names at the destination: a rule that says `tcp/"http"` means another number at each kind of workload.
// Yields one variant a meaning, over disjoint destinations.

import { addBit, type Bitset, emptyBitset, intersectBits, unionBits } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { TriSet } from '../base/tri-set.ts';
import { certain } from '../base/tri-set.ts';
import type { Universe } from '../graph/universe.ts';
import type { NamedPortMatch, ServiceMatch } from '../model/service.ts';
import type { NamedPort } from '../model/workload.ts';
import { single } from '../net/intervals.ts';
import {
  ALL_PORTS,
  isNoServices,
  NO_SERVICES,
  ports,
  type ServiceSet,
  servicesKey,
  unionServices,
} from '../net/services.ts';

export interface ServiceVariant {
  readonly services: ServiceSet;
  readonly destination: TriSet;
}

/** Variants with no service are left out: there the rule cannot match. */
export function serviceVariants(
  service: ServiceMatch,
  destination: TriSet,
  layer: number,
  universe: Universe,
): readonly ServiceVariant[] {
  if (service.named.length === 0) return isNoServices(service.set) ? [] : [{ services: service.set, destination }];
  const variants = new Map<string, { readonly services: ServiceSet; nodes: Bitset }>();
  for (const { ports: known, nodes } of portGroups(universe, layer)) {
    const services = service.named.reduce((set, named) => unionServices(set, resolve(named, known)), service.set);
    if (isNoServices(services)) continue;
    const key = servicesKey(services);
    const variant = variants.get(key);
    if (variant === undefined) variants.set(key, { services, nodes });
    else variant.nodes = unionBits(variant.nodes, nodes);
  }
  return [...variants.values()].map(({ services, nodes }) => ({
    services,
    destination:
      destination.sure === destination.possible
        ? certain(intersectBits(destination.sure, nodes))
        : { sure: intersectBits(destination.sure, nodes), possible: intersectBits(destination.possible, nodes) },
  }));
}

// Most workloads name the same few ports: what a name means is worked out once for all of them.
const groupsOf = new WeakMap<Universe, Map<number, readonly PortGroup[]>>();

function portGroups(universe: Universe, layer: number): readonly PortGroup[] {
  const layers = remember(groupsOf, universe, () => new Map<number, readonly PortGroup[]>());
  return remember(layers, layer, () => groupByPorts(universe, layer));
}

/** Nodes at which the same names mean the same ports. */
interface PortGroup {
  readonly ports: readonly NamedPort[];
  readonly nodes: Bitset;
}

function groupByPorts(universe: Universe, layer: number): readonly PortGroup[] {
  const groups = new Map<string, PortGroup>();
  for (const [index, node] of universe.nodes.entries()) {
    const known = node.kind === 'workload' ? portsAt(universe, node.endpoint, layer) : [];
    const key = JSON.stringify(known.map(({ name, protocol, port }) => [name, protocol, port]));
    addBit(remember(groups, key, () => ({ ports: known, nodes: emptyBitset(universe.nodes.length) })).nodes, index);
  }
  return [...groups.values()];
}

/** The named ports that a layer sees at a workload: its own view, or every view for a root. */
function portsAt(universe: Universe, endpoint: number, layer: number): readonly NamedPort[] {
  const item = universe.world.endpoints[endpoint];
  if (item?.kind !== 'workload') return [];
  if (universe.layers[layer]?.kind === 'root') return [...item.views.values()].flatMap((view) => view.ports);
  return item.views.get(layer)?.ports ?? [];
}

function resolve(named: NamedPortMatch, known: readonly NamedPort[]): ServiceSet {
  return known
    .filter((port) => port.name === named.name && (named.protocol === null || port.protocol === named.protocol))
    .map((port) => ports(port.protocol, single(port.port, port.port), named.sourcePorts ?? ALL_PORTS))
    .reduce(unionServices, NO_SERVICES);
}
