// Turns services into those of the replies: ports change sides, an ICMP request becomes its answer.

import { type Area, intersectAreas, product, toProducts, unionAreas } from './area.ts';
import { contains, single } from './intervals.ts';
import { ALL_BYTES, icmp, intersectServices, type ServiceSet, unionServices } from './services.ts';

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

/** Those of the services that something answers to: all but ICMP messages that are no requests. */
export function answeredServices(set: ServiceSet): ServiceSet {
  const requests = (area: Area, replies: readonly (readonly [number, number])[]): Area =>
    replies.reduce(
      (sum: Area, [request]) => unionAreas(sum, intersectAreas(area, product(single(request, request), ALL_BYTES))),
      [],
    );
  return { ...set, icmp: requests(set.icmp, icmpReplies), icmp6: requests(set.icmp6, icmp6Replies) };
}

/** Of the requests, those that one of these replies answers. */
export function requestsOf(replies: ServiceSet, requests: ServiceSet): ServiceSet {
  const asked = (family: 4 | 6, area: Area, pairs: typeof icmpReplies): readonly ServiceSet[] =>
    pairs
      .filter(([, reply]) => toProducts(area).some(({ outer }) => contains(outer, reply)))
      .map(([request]) => icmp(family, single(request, request)));
  const swapped = replyServices({ ...replies, icmp: [], icmp6: [] });
  const messages = [...asked(4, replies.icmp, icmpReplies), ...asked(6, replies.icmp6, icmp6Replies)];
  return intersectServices(messages.reduce(unionServices, swapped), requests);
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
