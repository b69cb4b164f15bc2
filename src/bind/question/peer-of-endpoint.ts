// One endpoint as the peer that means it alone.
import type { Peer } from '../../model/peer.ts';
import type { EndpointRef } from '../../model/question.ts';
import { singleAddress } from '../../net/address-set.ts';

/** null: a service address, which is no set of endpoints but stands for others. */
export function peerOfEndpoint(ref: EndpointRef): Peer | null {
  switch (ref.kind) {
    case 'workload':
      return { kind: 'workload', workload: ref.id, interface: ref.interface, span: null };
    case 'host':
      return { kind: 'host', host: ref.id, span: null };
    case 'address':
      return { kind: 'addresses', addresses: singleAddress(ref.address), name: null, span: null };
    case 'service-address':
      return null;
  }
}
