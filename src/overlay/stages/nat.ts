// Address translation: the header becomes what the service router chose, and the connection is remembered, so that what
// comes back is turned round.

import { formatAddress } from '../../net/address.ts';
import type { Session } from '../packet/connections.ts';
import { hasPorts } from '../packet/packet.ts';
import { EDGE_TIMERS } from '../packet/states.ts';
import { beginConnection, findConnection } from '../rules/known.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import { nextInPass } from '../step/reach.ts';
import type { Packet, Stage } from '../step/step.ts';

export const nat: Stage = (packet) => {
  const { router, pass, header } = packet;
  if (router === null || pass === null || pass.translation === null) {
    return endHere('nat', 'outside', 'dropped', packet, 'unknown', 'nothing is to be translated');
  }
  const { header: made, about, rule, isNew } = pass.translation;
  const on = copyPacket(packet);
  on.header = made;
  on.about = about;
  const next = nextInPass(on, pass);
  const show: Show = () => ({ note: `${ends(header)} becomes ${ends(made)}`, rules: [rule] });
  const session = isNew
    ? beginConnection(packet, 'nat', router.id, EDGE_TIMERS, rule.rule, made)
    : known(packet, router);
  return goOn('nat', `${router.id} SR`, 'translated', on, next, show, 'none', session);
};

/** A translation lasts as long as its connection: every packet of it starts the clock anew. */
function known(packet: Packet, { id }: { readonly id: string }): Session | null {
  const found = findConnection(packet, 'nat', id, EDGE_TIMERS);
  return found?.isNew === true ? found.session : null;
}

function ends({ source, destination, sourcePort, destinationPort, protocol, family }: Packet['header']): string {
  const end = (address: typeof source, port: number): string => {
    const text = formatAddress(address);
    return !hasPorts(protocol) ? text : family === 4 ? `${text}:${port}` : `[${text}]:${port}`;
  };
  return `${end(source, sourcePort)} -> ${end(destination, destinationPort)}`;
}
