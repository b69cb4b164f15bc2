// Steps → hops: the places that a packet was at, each with what happened to it there.

import type { LatencyClass, Step } from '../step/step.ts';

export interface Hop {
  readonly kind: 'host' | 'edge' | 'underlay' | 'router' | 'outside';
  /** The host, the router, or null: the wires between, or the world. */
  readonly name: string | null;
  readonly site: string | null;
  /** How far it was from the hop before. */
  readonly latency: LatencyClass;
  readonly steps: readonly Step[];
}

const FARTHER: readonly LatencyClass[] = ['none', 'host', 'site', 'wide', 'outside'];

/** Steps at one place, one after the other, are one hop. */
export function groupHops(steps: readonly Step[]): readonly Hop[] {
  const hops: (Omit<Hop, 'steps'> & { readonly steps: Step[] })[] = [];
  let farthest: LatencyClass = 'none';
  for (const [i, step] of steps.entries()) {
    const place = placeOf(step, steps[i - 1] ?? null);
    const last = hops.at(-1);
    if (last !== undefined && last.kind === place.kind && last.name === place.name) last.steps.push(step);
    else {
      hops.push({ ...place, latency: farthest, steps: [step] });
      farthest = 'none';
    }
    if (FARTHER.indexOf(step.latency) > FARTHER.indexOf(farthest)) farthest = step.latency;
  }
  return hops;
}

/** Where a step happened: where the packet was when the step began, which is where the one before left it. */
function placeOf(step: Step, before: Step | null): Omit<Hop, 'steps' | 'latency'> {
  const { stage, component, packet } = step;
  const isOutside = component === 'outside' && (stage === 'uplink' || stage === 'delivery');
  if (isOutside) return { kind: 'outside', name: null, site: null };
  if (stage === 'underlay') return { kind: 'underlay', name: null, site: packet.site };
  const at = stage === 'decapsulation' || before === null ? packet : before.packet;
  const { host, site, router } = at;
  if (stage === 'vnic') {
    const own = packet.source?.host ?? null;
    return own === null
      ? { kind: 'outside', name: packet.source?.id ?? null, site: packet.source?.site ?? null }
      : { kind: own.kind === 'edge' ? 'edge' : 'host', name: own.id, site: own.site };
  }
  if (host !== null) return { kind: host.kind === 'edge' ? 'edge' : 'host', name: host.id, site };
  if (router !== null) return { kind: 'router', name: router.id, site };
  const vnic = packet.target ?? packet.source;
  return { kind: 'outside', name: vnic?.id ?? null, site };
}
