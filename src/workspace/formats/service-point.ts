// One service as a set, for printing it in the words of the language.
import { single } from '../../net/intervals.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';
import { icmp, ports, protocolNumber, type ServicePoint, type ServiceSet } from '../../net/services.ts';

/** The destination port alone, or the ICMP type and code: a source port that was picked at will would only confuse. */
export function serviceOfPoint({ protocol, a, b }: ServicePoint): ServiceSet {
  switch (protocol) {
    case TCP:
      return ports('tcp', single(a, a));
    case UDP:
      return ports('udp', single(a, a));
    case SCTP:
      return ports('sctp', single(a, a));
    case ICMP:
      return icmp(4, single(a, a), single(b, b));
    case ICMP6:
      return icmp(6, single(a, a), single(b, b));
    default:
      return protocolNumber(protocol);
  }
}
