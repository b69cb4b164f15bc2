// Judges the addresses of a world: each in a subnet of its segment, one owner in each address space, subnets apart.
// The address space of an interface is its own, else its segment's, else the one of the layer.

import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, formatAddressSet } from '../net/address-set.ts';
import { type Diagnostic, error, warning } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import type { PartSpans } from './part-spans.ts';
import type { Interface, Workload } from './workload.ts';
import type { Host, Segment, Subnet, World } from './world.ts';

/** Everything that is wrong with the addresses of the world. Parts are marked `address ADDRESS`, `subnet N`. */
export function* checkAddresses(world: World, spans: PartSpans): Generator<Diagnostic> {
  const segments = new Map(world.segments.map((segment) => [segment.id, segment]));
  yield* checkSubnets(world, segments, spans);
  yield* checkOwners(world, segments, spans);
  yield* checkOverlaps(world, spans);
}

type Segments = ReadonlyMap<string, Segment>;

function* checkSubnets(world: World, segments: Segments, spans: PartSpans): Generator<Diagnostic> {
  for (const workload of world.workloads) {
    for (const face of workload.interfaces) {
      const segment = face.segment === null ? undefined : segments.get(face.segment);
      // A segment whose subnets are not known says nothing about addresses.
      if (segment === undefined || segment.subnets.length === 0) continue;
      for (const address of face.addresses) {
        if (segment.subnets.some((subnet) => containsAddress(subnet.network, address))) continue;
        const text = formatAddress(address);
        const listed = segment.subnets.map((subnet) => `\`${formatAddressSet(subnet.network)}\``).join(', ');
        yield error(
          'world/address-outside-segment',
          `\`${text}\` is in no subnet of \`${segment.id}\``,
          spans.of(face, `address ${text}`) ?? face.span ?? workload.span,
          {
            notes: [{ message: `\`${segment.id}\` has ${listed}`, span: spans.of(segment, 'id') ?? segment.span }],
            help: 'put the interface on the segment that has the address, or give the segment a subnet for it',
          },
        );
      }
    }
  }
}

/** Whoever says that an address is theirs. What is said of it is put into words only where two say so. */
type Claim =
  | { readonly kind: 'gateway'; readonly segment: Segment; readonly index: number }
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'interface'; readonly workload: Workload; readonly face: Interface };

function* checkOwners(world: World, segments: Segments, spans: PartSpans): Generator<Diagnostic> {
  const spaces = new Map<string | null, Map<number | bigint, Claim>>();
  // An IPv4 address is a number and an IPv6 address a bigint: the two never meet as keys.
  const claim = (address: Address, space: string | null, owner: Claim): Diagnostic | null => {
    let owners = spaces.get(space);
    if (owners === undefined) {
      owners = new Map();
      spaces.set(space, owners);
    }
    const known = owners.get(address.value);
    if (known !== undefined) {
      const isSame = known.kind === 'interface' && owner.kind === 'interface' && known.face === owner.face;
      return isSame ? null : describeOwners(address, space, known, owner, spans);
    }
    owners.set(address.value, owner);
    return null;
  };
  for (const segment of world.segments) {
    // Without a router of its own the gateway may well be one of the workloads.
    if (segment.router === null) continue;
    for (const [index, { gateway }] of segment.subnets.entries()) {
      const problem = claim(gateway, segment.space, { kind: 'gateway', segment, index });
      if (problem !== null) yield problem;
    }
  }
  for (const host of world.hosts) {
    for (const address of host.addresses) {
      const problem = claim(address, null, { kind: 'host', host });
      if (problem !== null) yield problem;
    }
  }
  // Service addresses may share one: several ports of a node, say.
  for (const workload of world.workloads) {
    for (const face of workload.interfaces) {
      if (face.addresses.length === 0) continue;
      const owner: Claim = { kind: 'interface', workload, face };
      const space = face.space ?? (face.segment === null ? null : (segments.get(face.segment)?.space ?? null));
      for (const address of face.addresses) {
        const problem = claim(address, space, owner);
        if (problem !== null) yield problem;
      }
    }
  }
}

function describeOwners(
  address: Address,
  space: string | null,
  first: Claim,
  second: Claim,
  spans: PartSpans,
): Diagnostic {
  const text = formatAddress(address);
  const a = describeClaim(first, text, spans);
  const b = describeClaim(second, text, spans);
  const where = space === null ? '' : ` in the address space \`${space}\``;
  const owners = a.what === b.what ? `two interfaces of ${a.what}` : `${a.what} and ${b.what}`;
  return error('world/duplicate-address', `${owners} both have \`${text}\`${where}`, b.span, {
    notes: [{ message: `${a.what} has it here`, span: a.span }],
    help: 'where both are right, they are in two address spaces: `nic … space NAME`, or `space NAME` in the segment',
  });
}

function describeClaim(
  claim: Claim,
  address: string,
  spans: PartSpans,
): { readonly what: string; readonly span: Span | null } {
  switch (claim.kind) {
    case 'gateway': {
      const { segment, index } = claim;
      return {
        what: `the gateway of segment \`${segment.id}\``,
        span: spans.of(segment, `subnet ${index}`) ?? segment.span,
      };
    }
    case 'host': {
      const { host } = claim;
      return { what: `host \`${host.id}\``, span: spans.of(host, `address ${address}`) ?? host.span };
    }
    case 'interface': {
      const { workload, face } = claim;
      return { what: `\`${workload.id}\``, span: spans.of(face, `address ${address}`) ?? face.span ?? workload.span };
    }
  }
}

interface PlacedSubnet {
  readonly segment: Segment;
  readonly subnet: Subnet;
  readonly index: number;
  readonly first: number | bigint;
  readonly last: number | bigint;
}

/** Sorted by first address, an overlap with anything before is one with the subnet that reaches furthest. */
function* checkOverlaps(world: World, spans: PartSpans): Generator<Diagnostic> {
  const byLine = new Map<string, PlacedSubnet[]>();
  for (const segment of world.segments) {
    for (const [index, subnet] of segment.subnets.entries()) {
      const line = `${subnet.gateway.family} ${segment.space ?? ''}`;
      const ends: readonly (number | bigint)[] = subnet.gateway.family === 4 ? subnet.network.v4 : subnet.network.v6;
      const [first, last] = ends;
      if (first === undefined || last === undefined) continue;
      const list = byLine.get(line) ?? [];
      byLine.set(line, list);
      list.push({ segment, subnet, index, first, last });
    }
  }
  for (const list of byLine.values()) {
    list.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    let furthest: PlacedSubnet | null = null;
    for (const placed of list) {
      if (furthest !== null && placed.first <= furthest.last) yield describeOverlap(furthest, placed, spans);
      if (furthest === null || placed.last > furthest.last) furthest = placed;
    }
  }
}

function describeOverlap(a: PlacedSubnet, b: PlacedSubnet, spans: PartSpans): Diagnostic {
  const place = ({ segment, index }: PlacedSubnet): Span | null => spans.of(segment, `subnet ${index}`) ?? segment.span;
  const text = ({ subnet }: PlacedSubnet): string => formatAddressSet(subnet.network);
  const message =
    a.segment === b.segment
      ? `\`${text(b)}\` and \`${text(a)}\` of segment \`${a.segment.id}\` overlap`
      : `\`${text(b)}\` of segment \`${b.segment.id}\` overlaps \`${text(a)}\` of segment \`${a.segment.id}\``;
  return warning('world/overlapping-subnets', message, place(b), {
    notes: [{ message: 'the other subnet', span: place(a) }],
    help: 'segments that may use the same addresses are in two address spaces: `space NAME` in one of them',
  });
}
