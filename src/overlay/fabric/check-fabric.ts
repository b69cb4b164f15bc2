// Judges a fabric: what its parts say of each other that cannot be, or that will not carry traffic. Addresses, MACs and
// subnets that are taken twice are found for every world (model/world-checks.ts), not only for those that are walked.

import { formatAddress } from '../../net/address.ts';
import { type Diagnostic, error, warning } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { overhead } from '../packet/sizes.ts';
import type { BuiltFabric } from './build-fabric.ts';
import {
  type Fabric,
  type FabricHost,
  type FabricRouter,
  type FabricSegment,
  isDistributed,
  NO_FAILURES,
} from './fabric.ts';
import { type Cargo, createPaths } from './paths.ts';
import { findRouteLoops } from './route-loops.ts';

/** Everything that is wrong, in the order of things. */
export function checkFabric({ fabric, routing, unknownNames }: BuiltFabric): readonly Diagnostic[] {
  return [
    ...checkVnis(fabric),
    ...checkTeps(fabric),
    ...checkPlaces(fabric),
    ...checkMtus(fabric),
    ...checkRouters(fabric),
    ...checkTunnels(fabric),
    ...routing.lost.map(({ router, route }) =>
      error('fabric/lost-next-hop', `the next hop is on no network of \`${router}\``, route.span, {
        help: 'name an address on the network of an uplink or a segment of the router, or a site',
      }),
    ),
    ...unknownNames.map(({ router, rule, problem, span }) =>
      error('fabric/unknown-name', `${problem}, which rule \`${rule}\` of \`${router}\` names`, span, {
        help: 'name one of a policy that is loaded, by its whole name, or give addresses and ports',
      }),
    ),
    ...findRouteLoops(fabric),
  ];
}

function* checkVnis({ segments }: Fabric): Generator<Diagnostic> {
  const first = new Map<number, FabricSegment>();
  for (const segment of segments.values()) {
    if (segment.vni === null) continue;
    const known = first.get(segment.vni);
    if (known === undefined) first.set(segment.vni, segment);
    else
      yield twice(
        'fabric/duplicate-vni',
        `segments \`${known.id}\` and \`${segment.id}\` have VNI ${segment.vni}`,
        known,
        segment,
      );
  }
}

function* checkTeps({ hosts }: Fabric): Generator<Diagnostic> {
  const first = new Map<number | bigint, FabricHost>();
  for (const host of hosts.values()) {
    for (const tep of host.teps) {
      const known = first.get(tep.value);
      if (known === undefined) first.set(tep.value, host);
      else if (known !== host) {
        yield twice(
          'fabric/duplicate-tep',
          `hosts \`${known.id}\` and \`${host.id}\` have the tunnel endpoint \`${formatAddress(tep)}\``,
          known,
          host,
        );
      }
    }
  }
}

interface Thing {
  readonly span: Span | null;
}

function twice(code: 'fabric/duplicate-vni' | 'fabric/duplicate-tep', message: string, a: Thing, b: Thing): Diagnostic {
  return error(code, message, b.span, { notes: [{ message: 'the other one', span: a.span }] });
}

/** Each pair of a host and a segment is told of once, at the first interface. */
function* checkPlaces({ segments }: Fabric): Generator<Diagnostic> {
  for (const segment of segments.values()) {
    const seen = new Set<FabricHost>();
    const lost = segment.vni === null ? [] : segment.vnics.filter(({ host }) => host === null);
    if (lost.length > 0) {
      const names = lost
        .slice(0, 5)
        .map(({ endpoint }) => `\`${endpoint}\``)
        .join(', ');
      const more = lost.length > 5 ? ` and ${lost.length - 5} more` : '';
      yield warning(
        'fabric/no-host',
        `nothing says which host ${names}${more} on \`${segment.id}\` ${lost.length === 1 ? 'is' : 'are'} on`,
        lost[0]?.span ?? null,
        {
          help: 'say it: `vm … on HOST`; until then no packet gets there',
        },
      );
    }
    for (const { host, id, span } of segment.vnics) {
      if (host === null || seen.has(host) || host.machine !== null) continue;
      seen.add(host);
      if (host.site !== null && segment.sites.length > 0 && !segment.sites.includes(host.site)) {
        yield error(
          'fabric/outside-span',
          `\`${id}\` is on \`${segment.id}\`, which does not span \`${host.site}\`, the site of host \`${host.id}\``,
          span,
          {
            notes: [
              {
                message: `\`${segment.id}\` is in ${segment.sites.map((site) => `\`${site}\``).join(', ')}`,
                span: segment.span,
              },
            ],
            help: `stretch it: \`segment ${segment.id} stretched ${[...segment.sites, host.site].join(', ')}\``,
          },
        );
      }
      if (segment.zone !== null && host.zones !== null && !host.zones.includes(segment.zone)) {
        yield error(
          'fabric/outside-zone',
          `\`${id}\` is on \`${segment.id}\` of transport zone \`${segment.zone}\`, which host \`${host.id}\` is not in`,
          span,
          {
            notes: [{ message: `the zones of \`${host.id}\``, span: host.span }],
          },
        );
      }
      if (segment.vni !== null && host.teps.length === 0) {
        yield warning(
          'fabric/no-tep',
          `host \`${host.id}\` has no tunnel endpoint, and \`${id}\` is on \`${segment.id}\``,
          host.span,
          {
            help: `give it one: \`host ${host.id} { tep ADDRESS }\``,
          },
        );
      }
    }
  }
}

/** Each host is told of once, for the segment that needs the most. */
function* checkMtus({ segments }: Fabric): Generator<Diagnostic> {
  const most = new Map<FabricHost, FabricSegment>();
  for (const segment of segments.values()) {
    if (segment.vni === null) continue;
    for (const { host } of segment.vnics) {
      if (host !== null && segment.mtu > (most.get(host)?.mtu ?? 0)) most.set(host, segment);
    }
  }
  for (const [host, { id, mtu }] of most) {
    const [tep] = host.teps;
    if (tep === undefined) continue;
    const needed = mtu + overhead(tep.family);
    if (host.mtu >= needed) continue;
    yield warning(
      'fabric/mtu-below-overhead',
      `packets of ${mtu} bytes on \`${id}\` need ${needed} between hosts, and host \`${host.id}\` has ${host.mtu}`,
      host.span,
      {
        help: `raise it to ${needed} or more, or lower that of the segment: \`mtu ${host.mtu - overhead(tep.family)}\``,
      },
    );
  }
}

function* checkRouters({ routers }: Fabric): Generator<Diagnostic> {
  const told = new Set<FabricRouter>();
  for (const router of routers.values()) {
    const needs = serviceNeed(router);
    if (isDistributed(router) && router.edges.length === 0 && needs !== null) {
      yield warning('fabric/no-edge', `\`${router.id}\` has ${needs} and no edge`, router.span, {
        help: 'name the hosts of its service router: `edges HOST`',
      });
    }
    const seen = new Set<FabricRouter>([router]);
    for (let above = router.upstream; above !== null; above = above.upstream) {
      if (above === router && !told.has(router)) {
        for (const each of seen) told.add(each);
        yield error('fabric/router-loop', `\`${router.id}\` connects upwards to itself`, router.span, {
          help: 'a tier-1 connects to a tier-0, and a tier-0 to nothing',
        });
      }
      if (seen.has(above)) break;
      seen.add(above);
    }
  }
}

function serviceNeed(router: FabricRouter): string | null {
  if (router.uplinks.length > 0) return 'an uplink';
  if (router.nat.length > 0) return 'rules of translation';
  if (router.firewall.length > 0) return 'rules of a gateway';
  return router.fib.entries.some(({ target }) => target.kind === 'site' || target.kind === 'internet')
    ? 'a route out'
    : null;
}

function* checkTunnels({ segments, routers, tunnels }: Fabric): Generator<Diagnostic> {
  const paths = createPaths(tunnels, NO_FAILURES);
  const missing = (a: string, b: string, span: Span | null, cargo: Cargo): Diagnostic | null => {
    if (paths.between(a, b, cargo).kind !== 'none') return null;
    const what =
      cargo === 'routes' && paths.between(a, b).kind !== 'none' ? 'tunnel that carries routed packets' : 'tunnel';
    return warning('fabric/no-tunnel', `no ${what} joins \`${a}\` and \`${b}\``, span, {
      help: `declare it: \`tunnel ${a} <-> ${b}\``,
    });
  };
  for (const { sites, span } of segments.values()) {
    const [first, ...others] = sites;
    if (first === undefined) continue;
    for (const other of others) {
      const found = missing(first, other, span, 'frames');
      if (found !== null) yield found;
    }
  }
  for (const { sites, fib } of routers.values()) {
    const [first] = sites;
    for (const { target, span } of fib.entries) {
      if (target.kind !== 'site' || first === undefined) continue;
      const found = missing(first, target.site, span, 'routes');
      if (found !== null) yield found;
    }
  }
}
