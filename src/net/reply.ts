// Turns services into those of the replies: ports change sides, an ICMP request becomes its answer.

import { type Area, product, toProducts, unionAreas } from './area.ts';
import { contains, single } from './intervals.ts';
import { ALL_BYTES, type ServiceSet } from './services.ts';

/** ICMP request type → reply type (RFC 792, 950; v6: RFC 4443, 4861, 4620). */
const icmpReplies: readonly (readonly [number, number])[] = [
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
];
const icmp6Replies: readonly (readonly [number, number])[] = [
  [128, 129],
  [133, 134],
  [135, 136],
  [139, 140],
];

/** What answers to these services look like; ICMP types without an answer have none. */
export function replyServices(set: ServiceSet): ServiceSet {
  return {
    tcp: swapSides(set.tcp),
    udp: swapSides(set.udp),
    sctp: swapSides(set.sctp),
    icmp: answers(set.icmp, icmpReplies),
    icmp6: answers(set.icmp6, icmp6Replies),
    other: set.other,
  };
}

function swapSides(area: Area): Area {
  return toProducts(area).reduce((sum: Area, { outer, inner }) => unionAreas(sum, product(inner, outer)), []);
}

function answers(area: Area, replies: readonly (readonly [number, number])[]): Area {
  return replies.reduce((sum: Area, [request, reply]) => {
    const asked = toProducts(area).some(({ outer }) => contains(outer, request));
    return asked ? unionAreas(sum, product(single(reply, reply), ALL_BYTES)) : sum;
  }, []);
}
