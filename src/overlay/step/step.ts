// What a stage is given and what it makes: a packet at a place, and the step that it took there. Stages are pure: what
// is to be remembered of a connection comes back as a session, and the walk puts it into the tables.

import type { Address } from '../../net/address.ts';
import type { Span } from '../../text/source.ts';
import type { Fabric, FabricHost, FabricRouter, FabricSegment, Vnic } from '../fabric/fabric.ts';
import type { Connections, Session } from '../packet/connections.ts';
import type { Disposition } from '../packet/disposition.ts';
import type { Header, Phase, TcpFlags } from '../packet/packet.ts';
import type { Encapsulation } from '../packet/sizes.ts';

/** In the order in which a packet meets them (docs/overlay-pipeline.md); some it meets more than once, some not at all. */
export const stageNames = [
  'vnic',
  'spoofguard',
  'ethernet',
  'service',
  'dfw-out',
  'security-group-out',
  'node',
  'segment',
  'access-list-out',
  'router',
  'encapsulation',
  'underlay',
  'decapsulation',
  'service-router',
  'gateway-firewall',
  'nat',
  'uplink',
  'tunnel',
  'access-list-in',
  'security-group-in',
  'dfw-in',
  'delivery',
] as const;
export type StageName = (typeof stageNames)[number];

/** From one tunnel endpoint (or port of a VLAN) to another. */
export interface Transport {
  readonly to: FabricHost;
  readonly vni: number | null;
  readonly vlan: number | null;
  /** What happens when it is there. */
  readonly after: StageName;
}

/** Where in a service router a packet goes: out towards the world above, or in from it. */
export interface ServicePass {
  /** `side`: from a service interface; which way it is shows when it is known where it leads. */
  readonly direction: 'up' | 'down' | 'side';
  readonly plan: readonly ('gateway-firewall' | 'nat')[];
  readonly exit: StageName;
  /** The router that has the packet then. */
  readonly exitRouter: FabricRouter;
  /** The header that translation makes of this one; null: it stays. */
  readonly translation: Translation | null;
}

export interface Translation {
  readonly header: Header;
  /** Of an error: what it is about, as it was before translation. */
  readonly about: Header | null;
  readonly rule: RuleReference;
  readonly isNew: boolean;
}

export interface Packet {
  readonly header: Header;
  /** null: not TCP. */
  readonly flags: TcpFlags | null;
  readonly phase: Phase;
  /** Of an error: the header of the packet that it is about, which its connection is known by. */
  readonly about: Header | null;
  /** Bytes of the IP packet. */
  readonly size: number;
  readonly dontFragment: boolean;
  /** The machine that it is in; null: on a wire, in the provider's network, or outside. */
  readonly host: FabricHost | null;
  readonly site: string | null;
  readonly router: FabricRouter | null;
  /** The segment that it was last on. */
  readonly segment: FabricSegment | null;
  /** The interface that it left last, and the one that it is about to enter. */
  readonly source: Vnic | null;
  readonly target: Vnic | null;
  /** The interface that it started at; null: outside. */
  readonly origin: Vnic | null;
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** Whether a router has sent it on since it left a segment. */
  readonly routed: boolean;
  readonly transport: Transport | null;
  readonly pass: ServicePass | null;
  /** The service router that it has just come through. */
  readonly through: FabricRouter | null;
  /** A packet of pods inside this one, which is between their nodes. */
  readonly inner: { readonly header: Header; readonly target: Vnic; readonly size: number } | null;
  /** Why a verdict before this place was unknown. */
  readonly doubt: string | null;
  readonly encapsulation: Encapsulation;
  readonly connections: Connections;
  readonly now: number;
}

export interface RuleReference {
  readonly layer: string | null;
  readonly tier: string | null;
  readonly policy: string | null;
  /** null: a default. */
  readonly rule: string | null;
  readonly span: Span | null;
  readonly action: string;
}

/** A table that was asked. */
export interface TableUse {
  readonly table: 'vni' | 'mac' | 'arp' | 'nd' | 'route' | 'connections' | 'bindings';
  readonly key: string;
  /** null: not in it. */
  readonly value: string | null;
}

export interface OuterHeader {
  readonly encapsulation: Encapsulation;
  readonly vni: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly size: number;
}

export type StepAction =
  | 'received'
  | 'forwarded'
  | 'allowed'
  | 'switched'
  | 'routed'
  | 'translated'
  | 'encapsulated'
  | 'decapsulated'
  | 'fragmented'
  | 'delivered'
  | 'dropped'
  | 'rejected'
  | 'in doubt';

/** How far apart in time what is before and after the step may be. */
export type LatencyClass = 'none' | 'host' | 'site' | 'wide' | 'outside';

export interface Answer {
  readonly kind: 'tcp-reset' | 'unreachable' | 'too-big' | 'time-exceeded';
  /** At the sender's own interface: it never travels. */
  readonly local: boolean;
  readonly packet: Packet;
  readonly stage: StageName;
}

export interface StepEnd {
  readonly disposition: Disposition;
  readonly reason: string | null;
}

/** What a step shows of itself: no way depends on it. */
export interface StepView {
  readonly note: string | null;
  readonly rules: readonly RuleReference[];
  readonly tables: readonly TableUse[];
  readonly outer: OuterHeader | null;
}

export interface Step extends StepView {
  readonly stage: StageName;
  /** What did it: an interface, a segment, a router. */
  readonly component: string;
  readonly action: StepAction;
  readonly latency: LatencyClass;
  /** The packet as it is afterwards. */
  readonly packet: Packet;
  /** null: here it ends. */
  readonly next: StageName | null;
  readonly end: StepEnd | null;
  /** What is to be remembered of the connection. */
  readonly session: Session | null;
  readonly answer: Answer | null;
}

/** One stage: what it does to a packet in a fabric. */
export type Stage = (packet: Packet, fabric: Fabric) => Step;
