// Whether one place of the underlay reaches another: inside a site always, between sites over tunnels that are up.

import { type Fabric, type FabricTunnel, tunnelKey } from '../fabric/fabric.ts';

export type UnderlayPath =
  | { readonly kind: 'local' }
  | { readonly kind: 'tunnels'; readonly tunnels: readonly FabricTunnel[] }
  /** There is a tunnel, but it is down; or there is none at all. */
  | { readonly kind: 'down'; readonly tunnel: string }
  | { readonly kind: 'none' };

/** The way with the fewest tunnels. */
export function underlayPath(fabric: Fabric, from: string | null, to: string | null): UnderlayPath {
  if (from === null || to === null || from === to) return { kind: 'local' };
  const up = search(fabric, from, to, (key) => !fabric.failures.tunnels.has(key));
  if (up !== null) return { kind: 'tunnels', tunnels: up };
  const any = search(fabric, from, to, () => true);
  const cut = any?.find((tunnel) => fabric.failures.tunnels.has(tunnelKey(tunnel.from, tunnel.to)));
  return cut === undefined ? { kind: 'none' } : { kind: 'down', tunnel: `${cut.from} <-> ${cut.to}` };
}

function search(
  fabric: Fabric,
  from: string,
  to: string,
  usable: (key: string) => boolean,
): readonly FabricTunnel[] | null {
  const ways = new Map<string, readonly FabricTunnel[]>([[from, []]]);
  for (const [site, way] of ways) {
    if (site === to) return way;
    for (const tunnel of fabric.tunnels) {
      if (!usable(tunnelKey(tunnel.from, tunnel.to))) continue;
      const next = tunnel.from === site ? tunnel.to : tunnel.to === site ? tunnel.from : null;
      if (next !== null && !ways.has(next)) ways.set(next, [...way, tunnel]);
    }
  }
  return null;
}

/** The largest packet that the tunnels on the way carry; null: none of them says. */
export function pathMtu(path: UnderlayPath): number | null {
  if (path.kind !== 'tunnels') return null;
  const known = path.tunnels.flatMap(({ mtu }) => mtu ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
