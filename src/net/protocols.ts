// Names of IP protocols and of ICMP message types, as people write them, and their numbers.
// A choice from the IANA registries "Assigned Internet Protocol Numbers", "ICMP Type Numbers" and "ICMPv6 type
// Numbers": what network engineers meet in rules. What has no name here is written as a number.

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMP6 = 58;
export const SCTP = 132;

const PROTOCOLS: readonly (readonly [string, number])[] = [
  ['icmp', ICMP],
  ['igmp', 2],
  ['ipv4', 4],
  ['tcp', TCP],
  ['egp', 8],
  ['udp', UDP],
  ['dccp', 33],
  ['ipv6', 41],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmp6', ICMP6],
  ['eigrp', 88],
  ['ospf', 89],
  ['pim', 103],
  ['ipcomp', 108],
  ['vrrp', 112],
  ['l2tp', 115],
  ['sctp', SCTP],
  ['udplite', 136],
];

/** Second names in common use: RFC 2003 calls protocol 4 IP in IP, IANA calls 58 IPv6-ICMP and 89 OSPFIGP. */
const PROTOCOL_ALIASES: readonly (readonly [string, number])[] = [
  ['ipip', 4],
  ['ipv6-icmp', ICMP6],
  ['icmpv6', ICMP6],
  ['ospfigp', 89],
];

const ICMP4_TYPES: readonly (readonly [string, number])[] = [
  ['echo-reply', 0],
  ['destination-unreachable', 3],
  ['source-quench', 4],
  ['redirect', 5],
  ['echo-request', 8],
  ['router-advertisement', 9],
  ['router-solicitation', 10],
  ['time-exceeded', 11],
  ['parameter-problem', 12],
  ['timestamp', 13],
  ['timestamp-reply', 14],
  ['information-request', 15],
  ['information-reply', 16],
  ['address-mask-request', 17],
  ['address-mask-reply', 18],
  ['extended-echo-request', 42],
  ['extended-echo-reply', 43],
];

const ICMP6_TYPES: readonly (readonly [string, number])[] = [
  ['destination-unreachable', 1],
  ['packet-too-big', 2],
  ['time-exceeded', 3],
  ['parameter-problem', 4],
  ['echo-request', 128],
  ['echo-reply', 129],
  ['multicast-listener-query', 130],
  ['multicast-listener-report', 131],
  ['multicast-listener-done', 132],
  ['router-solicitation', 133],
  ['router-advertisement', 134],
  ['neighbor-solicitation', 135],
  ['neighbor-advertisement', 136],
  ['redirect', 137],
  ['multicast-listener-report-v2', 143],
  ['extended-echo-request', 160],
  ['extended-echo-reply', 161],
];

const protocolNumbers = new Map([...PROTOCOLS, ...PROTOCOL_ALIASES]);
const protocolNames = new Map(PROTOCOLS.map(([name, number]) => [number, name]));
const typeNumbers = { 4: new Map(ICMP4_TYPES), 6: new Map(ICMP6_TYPES) };
const typeNames = {
  4: new Map(ICMP4_TYPES.map(([name, number]) => [number, name])),
  6: new Map(ICMP6_TYPES.map(([name, number]) => [number, name])),
};

/** The number of an IP protocol, in any case of letters; undefined when the name is not known. */
export function protocolByName(name: string): number | undefined {
  return protocolNumbers.get(name.toLowerCase());
}

/** The usual name of an IP protocol. */
export function protocolName(number: number): string | undefined {
  return protocolNames.get(number);
}

/** Every name that protocolByName knows, for suggestions. */
export const PROTOCOL_NAMES: readonly string[] = [...protocolNumbers.keys()];

/** The number of an ICMP (family 4) or ICMPv6 (family 6) message type; undefined when the name is not known. */
export function icmpTypeByName(family: 4 | 6, name: string): number | undefined {
  return typeNumbers[family].get(name.toLowerCase());
}

/** The name of an ICMP or ICMPv6 message type. */
export function icmpTypeName(family: 4 | 6, type: number): string | undefined {
  return typeNames[family].get(type);
}

/** Every name that icmpTypeByName knows in a family, for suggestions. */
export function icmpTypeNames(family: 4 | 6): readonly string[] {
  return [...typeNumbers[family].keys()];
}
