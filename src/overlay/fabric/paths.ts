// Whether one place of the underlay reaches another: inside a site always, between sites over tunnels that are up.

import { type FabricTunnel, type Failures, tunnelKey } from './fabric.ts';

export type UnderlayPath =
  | { readonly kind: 'local' }
  /**
   * `mtu`: the largest packet that those which say so carry; null: none of them says. `growth`: bytes that those which
   * do not say add.
   */
  | {
      readonly kind: 'tunnels';
      readonly tunnels: readonly FabricTunnel[];
      readonly mtu: number | null;
      readonly growth: number;
    }
  /** There is a tunnel, but it is down; or there is none at all. */
  | { readonly kind: 'down'; readonly tunnel: string }
  | { readonly kind: 'none' };

/** What may go through: frames between tunnel endpoints, or routed packets, which an L2 extension has no way for. */
export type Cargo = 'frames' | 'routes';
export const L2_EXTENSION = 'l2-extension';

/** ESP in tunnel mode with AES-GCM: IPv4, ESP, IV, the longest padding, trailer, ICV (RFC 4303, RFC 4106). */
const ESP_GROWTH = 20 + 8 + 8 + 3 + 2 + 16;

/** The ways between sites, each found once. */
export interface UnderlayPaths {
  /** The way with the fewest tunnels. */
  between(from: string | null, to: string | null, cargo?: Cargo): UnderlayPath;
}

const LOCAL: UnderlayPath = { kind: 'local' };

export function createPaths(tunnels: readonly FabricTunnel[], failures: Failures): UnderlayPaths {
  const all = { frames: tunnels, routes: tunnels.filter(({ kind }) => kind !== L2_EXTENSION) };
  const known = {
    frames: new Map<string, Map<string, UnderlayPath>>(),
    routes: new Map<string, Map<string, UnderlayPath>>(),
  };
  return {
    between(from, to, cargo = 'frames') {
      if (from === null || to === null || from === to) return LOCAL;
      const own = known[cargo].get(from) ?? new Map<string, UnderlayPath>();
      known[cargo].set(from, own);
      const path = own.get(to) ?? findPath(all[cargo], failures, from, to);
      own.set(to, path);
      return path;
    },
  };
}

function findPath(tunnels: readonly FabricTunnel[], failures: Failures, from: string, to: string): UnderlayPath {
  const up = search(tunnels, from, to, (key) => !failures.tunnels.has(key));
  if (up !== null) return { kind: 'tunnels', tunnels: up, mtu: smallestMtu(up), growth: growthOf(up) };
  const any = search(tunnels, from, to, () => true);
  const cut = any?.find((tunnel) => failures.tunnels.has(tunnelKey(tunnel.from, tunnel.to)));
  return cut === undefined ? { kind: 'none' } : { kind: 'down', tunnel: `${cut.from} <-> ${cut.to}` };
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

/** They are one after the other, not one in the other: the largest counts. */
function growthOf(tunnels: readonly FabricTunnel[]): number {
  return tunnels.some(({ kind, mtu }) => kind === 'ipsec' && mtu === null) ? ESP_GROWTH : 0;
}

/** The largest packet on the way, where `mtu` is that of the machines at its ends. */
export function roomOf(path: UnderlayPath, mtu: number): number {
  return path.kind !== 'tunnels' ? mtu : Math.min(path.mtu ?? mtu, mtu - path.growth);
}
