// The members that the manager reported for a group at the time of the dump: machines, network interfaces, segments and
// addresses. They stand in where there is no expression or the dump lacks what it asks for.
import type { Peer } from '../../../model/peer.ts';
import type { Workload } from '../../../model/workload.ts';
import { quote } from '../../../net/address.ts';
import { isEmptyAddresses, singleAddress, subtractAddresses, unionAllAddresses } from '../../../net/address-set.ts';
import { readAddresses } from '../read/addresses.ts';
import { listAt, type RecordNode, recordsAt, spanOf, textAt, textsAt } from '../read/node.ts';
import { type Problems, quoteSome } from '../read/problems.ts';
import type { Surroundings } from './conditions.ts';
import { addressed, join, type Membership, members, nobody, unitePeers } from './membership.ts';

export interface Realised {
  readonly membership: Membership;
  /** The machines it names, where it names machines: what an expression can be compared with. */
  readonly machines: ReadonlySet<string> | null;
}

const LISTS = ['vm_members', 'vif_members', 'segments_members', 'ips_members'];

/** Null where the dump does not say. */
export function readRealised(
  problems: Problems,
  node: RecordNode,
  around: Surroundings,
  workloads: ReadonlyMap<string, Workload>,
): Realised | null {
  if (!LISTS.some((key) => Array.isArray(node.value[key]))) return null;
  const { inventory } = around;
  const span = spanOf(node);
  const unknown: string[] = [];
  const machines = recordsAt(problems, node, 'vm_members').flatMap((member) => {
    const id = textAt(problems, member, 'external_id') ?? textAt(problems, member, 'id');
    const display = textAt(problems, member, 'display_name');
    const found =
      (id === null ? undefined : inventory.byExternalId.get(id)) ??
      (id === null && display !== null ? inventory.byName.get(display) : undefined);
    if (found === undefined) unknown.push(display ?? id ?? '');
    return found ?? [];
  });
  const interfaces = new Map<string, Set<string>>();
  for (const member of recordsAt(problems, node, 'vif_members')) {
    const id = textAt(problems, member, 'external_id');
    const ref = id === null ? undefined : inventory.interfaceByExternalId.get(id);
    const owner = textAt(problems, member, 'owner_vm_id');
    const machine = owner === null ? undefined : inventory.byExternalId.get(owner);
    if (ref !== undefined) interfaces.set(ref.workload, (interfaces.get(ref.workload) ?? new Set()).add(ref.interface));
    else if (machine !== undefined) machines.push(machine);
    else unknown.push(id ?? owner ?? '');
  }
  if (unknown.length > 0) {
    problems.report(
      'warning',
      'nsx/unknown-member',
      `${quoteSome(unknown)} ${unknown.length === 1 ? 'is' : 'are'} not in the dump`,
      span,
      {
        help: 'what is not in the dump is not judged and matches no rule as a member',
      },
    );
  }
  const named = new Set([...machines, ...interfaces.keys()]);
  const owned = [...named].flatMap((id) => workloads.get(id)?.interfaces.flatMap(({ addresses }) => addresses) ?? []);
  const listed = unionAllAddresses(
    (textsAt(problems, node, 'ips_members') ?? []).flatMap((text) => readAddresses(problems, text) ?? []),
  );
  const addresses = subtractAddresses(listed, unionAllAddresses(owned.map(singleAddress)));
  const segments = named.size > 0 ? [] : segmentPeers(problems, node, around);
  return {
    membership: join('union', [
      members(unitePeers([...named].flatMap((id) => memberPeers(id, interfaces.get(id), workloads, span)))),
      members(unitePeers(segments)),
      isEmptyAddresses(addresses) ? nobody : addressed({ kind: 'addresses', addresses, name: null, span }),
    ]),
    machines: listAt(problems, node, 'vm_members') === null ? null : named,
  };
}

/** A machine, or those of its interfaces that are listed where not all are. */
function memberPeers(
  id: string,
  listed: ReadonlySet<string> | undefined,
  workloads: ReadonlyMap<string, Workload>,
  span: ReturnType<typeof spanOf>,
): readonly Peer[] {
  const all = workloads.get(id)?.interfaces ?? [];
  if (listed === undefined || all.every(({ name }) => listed.has(name))) {
    return [{ kind: 'workload', workload: id, interface: null, span }];
  }
  return [...listed].map((name): Peer => ({ kind: 'workload', workload: id, interface: name, span }));
}

/** Segments matter only where no machine on them is listed: else the list of machines says more. */
function segmentPeers(problems: Problems, node: RecordNode, { topology }: Surroundings): readonly Peer[] {
  return recordsAt(problems, node, 'segments_members').flatMap((member): readonly Peer[] => {
    const path = textAt(problems, member, 'path') ?? '';
    const segment = topology.segmentByPath.get(path);
    if (segment !== undefined) return [{ kind: 'segment', segment: segment.id, span: spanOf(member) }];
    problems.report('warning', 'nsx/unknown-member', `the segment ${quote(path)} is not in the dump`, spanOf(member));
    return [];
  });
}
