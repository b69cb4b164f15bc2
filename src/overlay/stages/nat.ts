// Address translation: the header becomes what the service router chose, and the connection is remembered, so that what
// comes back is turned round.

import { formatAddress } from '../../net/address.ts';
import { EDGE_TIMERS, nextState } from '../packet/connections.ts';
import { hasPorts } from '../packet/packet.ts';
import { change } from '../step/change.ts';
import { endHere, goOn } from '../step/make-step.ts';
import { nextInPass } from '../step/reach.ts';
import type { Packet, Stage } from '../step/step.ts';

export const nat: Stage = (packet) => {
  const { router, pass, header, now, flags } = packet;
  if (router === null || pass === null || pass.translation === null) {
    return endHere('nat', 'outside', 'dropped', packet, 'unknown', 'nothing is to be translated');
  }
  const { header: made, about, rule, isNew } = pass.translation;
  const { packet: on, next } = nextInPass(change(packet, { header: made, about }), pass);
  const { state, seconds } = nextState(isNew ? null : 'established', header, flags, 'forward', EDGE_TIMERS);
  return goOn('nat', `${router.id} SR`, 'translated', on, next, {
    note: `${ends(header)} becomes ${ends(made)}`,
    rules: [rule],
    sessions: isNew
      ? [
          {
            kind: 'nat',
            point: router.id,
            header,
            translated: made,
            rule: rule.rule,
            state,
            expires: now + seconds,
          },
        ]
      : [],
  });
};

function ends({ source, destination, sourcePort, destinationPort, protocol, family }: Packet['header']): string {
  const end = (address: typeof source, port: number): string => {
    const text = formatAddress(address);
    return !hasPorts(protocol) ? text : family === 4 ? `${text}:${port}` : `[${text}]:${port}`;
  };
  return `${end(source, sourcePort)} -> ${end(destination, destinationPort)}`;
}
