// The exclusion list → who has no firewall at all: what the list names, and the machines of NSX itself, which the manager
// excludes without listing them. Both still match as peers of others.
import type { Peer } from '../../../model/peer.ts';
import { readPath } from '../groups/expressions.ts';
import type { Groups } from '../groups/groups.ts';
import { unitePeers } from '../groups/membership.ts';
import type { Collected } from '../read/collected.ts';
import { type Problems, quoteSome } from '../read/problems.ts';
import type { Inventory } from '../world/inventory.ts';

/** Null: nobody. Addresses cannot be excluded and are left out of the groups that are named. */
export function readExclusions(
  problems: Problems,
  collected: Collected,
  groups: Groups,
  inventory: Inventory,
): Peer | null {
  const listed = collected.excludeMembers.map((path) => readPath(problems, path, groups.context).scope);
  const { unfiltered } = inventory;
  if (unfiltered.length > 0) {
    problems.report(
      'note',
      'nsx/unfiltered-machine',
      `${quoteSome(unfiltered)} ${unfiltered.length === 1 ? 'is' : 'are'} not filtered`,
      null,
      {
        help: 'machines of NSX itself are excluded by the manager, on a list that a dump does not have',
      },
    );
  }
  const own = unfiltered.map((workload): Peer => ({ kind: 'workload', workload, interface: null, span: null }));
  const peer = unitePeers([...listed, ...own]);
  if (peer.kind === 'nothing') return null;
  groups.useScope(peer);
  return peer;
}
