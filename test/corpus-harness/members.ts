// Who is in a group, as a line of text: `web-01, web-02/eth1, maybe db-01, host esx-1, 203.0.113.0/24`.

import { membersOf } from '../../src/base/bitset.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import { formatAddress } from '../../src/net/address.ts';
import { type AddressSet, formatAddressSet, unionAllAddresses } from '../../src/net/address-set.ts';

/** Of the first layer that has the group. An interface is named where not all of a workload's are in it. */
export function sayMembers({ universe, membership }: Evaluator, id: string): string {
  const layer = universe.layers.findIndex((each) => each.groups.has(id));
  if (layer === -1) throw new Error(`there is no group ${id}`);
  const { sure, possible } = membership.evaluate(layer, { kind: 'group', group: id, span: null });
  const certain = new Set(membersOf(sure));
  const perhaps = new Set(membersOf(possible).filter((node) => !certain.has(node)));
  return [...say(certain), ...say(perhaps).map((text) => `maybe ${text}`)].join(', ') || 'nobody';

  function say(nodes: ReadonlySet<number>): readonly string[] {
    const texts: string[] = [];
    for (const [index, own] of universe.nodesOf.entries()) {
      const inside = own.filter((node) => nodes.has(node));
      if (inside.length === 0) continue;
      const endpoint = universe.world.endpoints[index];
      if (endpoint?.kind === 'host') texts.push(`host ${endpoint.id}`);
      else if (inside.length === own.length) texts.push(endpoint?.id ?? '');
      else texts.push(...inside.map((node) => `${endpoint?.id}/${interfaceOf(node)}`));
    }
    const outside = universe.nodes.flatMap((node, index): readonly AddressSet[] =>
      node.kind === 'external' && nodes.has(index) ? [node.range] : [],
    );
    return outside.length === 0 ? texts : [...texts, formatAddressSet(unionAllAddresses(outside))];
  }

  function interfaceOf(node: number): string {
    const item = universe.nodes[node];
    if (item?.kind !== 'workload') return '';
    const endpoint = universe.world.endpoints[item.endpoint];
    const face = endpoint?.kind === 'workload' ? endpoint.interfaces[item.interface] : undefined;
    const several = (face?.addresses.length ?? 0) > 1 && item.address !== null;
    return several && item.address !== null ? `${face?.name}/${formatAddress(item.address)}` : (face?.name ?? '');
  }
}
