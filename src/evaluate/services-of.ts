// The set of services that a question asks about: one, or every value of what it leaves out (semantics §1).

import type { ServiceQuestion } from '../model/question.ts';
import { type Intervals, single } from '../net/intervals.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../net/protocols.ts';
import { ALL_BYTES, ALL_PORTS, icmp, ports, protocolNumber, type ServiceSet } from '../net/services.ts';

export function servicesOf({ protocol, a, b }: ServiceQuestion): ServiceSet {
  const only = (value: number | null, all: Intervals): Intervals => (value === null ? all : single(value, value));
  switch (protocol) {
    case TCP:
      return ports('tcp', only(a, ALL_PORTS), only(b, ALL_PORTS));
    case UDP:
      return ports('udp', only(a, ALL_PORTS), only(b, ALL_PORTS));
    case SCTP:
      return ports('sctp', only(a, ALL_PORTS), only(b, ALL_PORTS));
    case ICMP:
      return icmp(4, only(a, ALL_BYTES), only(b, ALL_BYTES));
    case ICMP6:
      return icmp(6, only(a, ALL_BYTES), only(b, ALL_BYTES));
    default:
      return protocolNumber(protocol);
  }
}
