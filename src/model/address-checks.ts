// Judges the addresses of a world: each in a subnet of its segment, one owner in each address space, subnets apart.
// The address space of an interface is its own, else its segment's, else the one of the layer.

import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, formatAddressSet } from '../net/address-set.ts';
import { type Diagnostic, error, warning } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import type { PartSpans } from './part-spans.ts';
import type { Segment, Subnet, World } from './world.ts';

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
        const ofFamily = segment.subnets.filter((subnet) => subnet.gateway.family === address.family);
        if (ofFamily.some((subnet) => containsAddress(subnet.network, address))) continue;
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

interface Claim {
  readonly what: string;
  readonly span: Span | null;
}

function* checkOwners(world: World, segments: Segments, spans: PartSpans): Generator<Diagnostic> {
  const owners = new Map<string, Claim>();
  for (const { address, space, what, span } of claims(world, segments, spans)) {
    const key = `${address.family} ${address.value} ${space ?? ''}`;
    const known = owners.get(key);
    if (known === undefined) {
      owners.set(key, { what, span });
      continue;
    }
    const where = space === null ? '' : ` in the address space \`${space}\``;
    yield error(
      'world/duplicate-address',
      `${known.what} and ${what} both have \`${formatAddress(address)}\`${where}`,
      span,
      {
        notes: [{ message: `${known.what} has it here`, span: known.span }],
        help: 'where both are right, they are in two address spaces: `nic … space NAME`, or `space NAME` in the segment',
      },
    );
  }
}

/** Who says that an address is theirs. Service addresses may share one: several ports of a node, say. */
function* claims(
  world: World,
  segments: Segments,
  spans: PartSpans,
): Generator<Claim & { readonly address: Address; readonly space: string | null }> {
  for (const segment of world.segments) {
    // Without a router of its own the gateway may well be one of the workloads.
    if (segment.router === null) continue;
    for (const [i, { gateway }] of segment.subnets.entries()) {
      const span = spans.of(segment, `subnet ${i}`) ?? segment.span;
      yield { address: gateway, space: segment.space, what: `the gateway of segment \`${segment.id}\``, span };
    }
  }
  for (const host of world.hosts) {
    for (const address of host.addresses) {
      const span = spans.of(host, `address ${formatAddress(address)}`) ?? host.span;
      yield { address, space: null, what: `host \`${host.id}\``, span };
    }
  }
  for (const workload of world.workloads) {
    for (const face of workload.interfaces) {
      const space = face.space ?? (face.segment === null ? null : (segments.get(face.segment)?.space ?? null));
      for (const address of face.addresses) {
        const span = spans.of(face, `address ${formatAddress(address)}`) ?? face.span ?? workload.span;
        yield { address, space, what: `\`${workload.id}\``, span };
      }
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
