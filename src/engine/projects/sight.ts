// What the peers of a project's rules mean beside other projects: to a project, the workloads of another are nothing but
// their addresses. Each part of a peer that asks who somebody is asks it only of those whom the project sees; each part
// that means addresses of nobody means those of the others too. So a label that another project gives opens nothing.

import { unreachable } from '../../base/invariant.ts';
import type { Condition, Peer } from '../../model/peer.ts';
import type { AddressSet } from '../../net/address-set.ts';
import { PROJECT_LABEL } from './grants.ts';

/** Who is who to one project, as peers; made once a project, so that what they mean is worked out once. */
export interface Sight {
  /** Its own workloads. */
  readonly own: Peer;
  /** Holds for its own and the provider's workloads. */
  readonly sees: Condition;
  /** Those and everything that is no workload stay; what is left of a peer when others are taken from it. */
  readonly seen: Peer;
  /** Workloads of other projects, by what they are to this one: addresses of nobody. */
  readonly strangers: Peer;
  /** Those at addresses of the internet. */
  readonly strangersOutside: Peer;
  /** Those, as a domain name may resolve to any of them. */
  readonly strangersPerhaps: Peer;
}

/** The sight of a project; `outside` are the addresses that `internet` is about. */
export function makeSight(project: string, outside: AddressSet): Sight {
  const isOwn: Condition = { op: 'label', key: PROJECT_LABEL, test: { op: 'equals', value: project } };
  const isTheirs: Condition = { op: 'has', key: PROJECT_LABEL };
  const sees: Condition = { op: 'or', of: [isOwn, { op: 'not', of: isTheirs }] };
  const strangers = select({ op: 'and', of: [isTheirs, { op: 'not', of: isOwn }] });
  const both = (peer: Peer): Peer => ({ kind: 'intersect', of: [strangers, peer] });
  return {
    own: select(isOwn),
    sees,
    seen: select(sees),
    strangers,
    strangersOutside: both({ kind: 'addresses', addresses: outside, name: null, span: null }),
    strangersPerhaps: both({ kind: 'opaque', text: 'a domain name', reason: 'what it resolves to', span: null }),
  };
}

/** The peer as the project's rules mean it. `groupOf` gives the group that stands for one of that id. The same where nothing changes. */
export function seenBy(sight: Sight, peer: Peer, groupOf: (id: string) => string): Peer {
  const nested = (part: Peer): Peer => seenBy(sight, part, groupOf);
  switch (peer.kind) {
    case 'any':
    case 'nothing':
    case 'addresses':
    case 'host':
    case 'hosts':
    case 'opaque':
      return peer;
    case 'group': {
      const group = groupOf(peer.group);
      return group === peer.group ? peer : { ...peer, group };
    }
    case 'select':
      return { ...peer, where: peer.where === null ? sight.sees : { op: 'and', of: [sight.sees, peer.where] } };
    case 'workload':
    case 'segment':
    case 'site':
      return { kind: 'intersect', of: [peer, sight.seen] };
    case 'external':
      return { kind: 'union', of: [peer, sight.strangers] };
    case 'internet':
      return { kind: 'union', of: [peer, sight.strangersOutside] };
    case 'fqdn':
      return { kind: 'union', of: [peer, sight.strangersPerhaps] };
    case 'union':
    case 'intersect':
      return { kind: peer.kind, of: peer.of.map(nested) };
    case 'except':
      return { kind: 'except', of: nested(peer.of), except: nested(peer.except) };
    case 'negated':
      return { kind: 'negated', of: nested(peer.of) };
    default:
      return unreachable(peer);
  }
}

function select(where: Condition): Peer {
  return { kind: 'select', kinds: null, where, span: null };
}
