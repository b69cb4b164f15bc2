// Whether one place of the underlay reaches another: inside a site always, between sites over tunnels that are up.

import { type FabricTunnel, type Failures, tunnelKey } from './fabric.ts';

export type UnderlayPath =
  | { readonly kind: 'local'; readonly mtu: null }
  /** `mtu`: the largest packet that all of them carry; null: none of them says. */
  | { readonly kind: 'tunnels'; readonly tunnels: readonly FabricTunnel[]; readonly mtu: number | null }
  /** There is a tunnel, but it is down; or there is none at all. */
  | { readonly kind: 'down'; readonly tunnel: string; readonly mtu: null }
  | { readonly kind: 'none'; readonly mtu: null };

/** The ways between sites, each found once. */
export interface UnderlayPaths {
  /** The way with the fewest tunnels. */
  between(from: string | null, to: string | null): UnderlayPath;
}

const LOCAL: UnderlayPath = { kind: 'local', mtu: null };

export function createPaths(tunnels: readonly FabricTunnel[], failures: Failures): UnderlayPaths {
  const known = new Map<string, Map<string, UnderlayPath>>();
  return {
    between(from, to) {
      if (from === null || to === null || from === to) return LOCAL;
      const own = known.get(from) ?? new Map<string, UnderlayPath>();
      known.set(from, own);
      const path = own.get(to) ?? findPath(tunnels, failures, from, to);
      own.set(to, path);
      return path;
    },
  };
}

function findPath(tunnels: readonly FabricTunnel[], failures: Failures, from: string, to: string): UnderlayPath {
  const up = search(tunnels, from, to, (key) => !failures.tunnels.has(key));
  if (up !== null) return { kind: 'tunnels', tunnels: up, mtu: smallestMtu(up) };
  const any = search(tunnels, from, to, () => true);
  const cut = any?.find((tunnel) => failures.tunnels.has(tunnelKey(tunnel.from, tunnel.to)));
  return cut === undefined
    ? { kind: 'none', mtu: null }
    : { kind: 'down', tunnel: `${cut.from} <-> ${cut.to}`, mtu: null };
}

function search(
  tunnels: readonly FabricTunnel[],
  from: string,
  to: string,
  usable: (key: string) => boolean,
): readonly FabricTunnel[] | null {
  const ways = new Map<string, readonly FabricTunnel[]>([[from, []]]);
  for (const [site, way] of ways) {
    if (site === to) return way;
    for (const tunnel of tunnels) {
      if (!usable(tunnelKey(tunnel.from, tunnel.to))) continue;
      const next = tunnel.from === site ? tunnel.to : tunnel.to === site ? tunnel.from : null;
      if (next !== null && !ways.has(next)) ways.set(next, [...way, tunnel]);
    }
  }
  return null;
}

function smallestMtu(tunnels: readonly FabricTunnel[]): number | null {
  const known = tunnels.flatMap(({ mtu }) => mtu ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
