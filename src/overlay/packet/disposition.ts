// How a packet ends: the closed list of semantics §16, each with the words for a person.

export const dispositions = {
  delivered: 'delivered',
  'denied-out': 'denied where it leaves',
  'denied-in': 'denied where it arrives',
  'denied-on-the-way': 'denied on the way, at the interface of another machine',
  'denied-at-gateway': 'denied at a gateway',
  'denied-at-boundary': 'denied at the boundary of a cloud network',
  'state-mismatch': 'not the beginning of a connection, and of none that is known',
  spoofed: 'dropped: the source address is not the interface\u2019s',
  'no-route': 'no route',
  'arp-unresolved': 'nobody answers for the address',
  'tunnel-down': 'the tunnel between the sites is down',
  'unreachable-host': 'the host cannot be reached',
  'no-translation': 'no translation for the address and port',
  'ttl-exceeded': 'too many hops',
  'too-big': 'too big for the way',
  'reply-blocked': 'delivered, but the reply is not',
  refused: 'refused by the destination',
  unknown: 'unknown',
} as const;

export type Disposition = keyof typeof dispositions;
