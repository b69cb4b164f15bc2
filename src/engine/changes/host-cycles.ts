// Hosts inside machines: a host that names its machine, or has the id of a workload, is that workload (a Kubernetes node
// that is a virtual machine, a hypervisor inside one), and whatever runs on it runs on that workload's host in turn.
// Such a chain must end.

import { aliasOf, type Draft, viewsOf } from './draft.ts';

/** The chain from the workload through its new host back to itself; null where there is none. */
export function findHostCycle(draft: Draft, workload: string, host: string): readonly string[] | null {
  const chain = [workload];
  const seen = new Set<string>();
  for (let next: string | null = machineOf(draft, host); next !== null && !seen.has(next); next = below(draft, next)) {
    seen.add(next);
    chain.push(next);
    if (next === workload) return chain;
  }
  return null;
}

/** The machine that a host is. */
export function machineOf({ layers }: Draft, host: string): string {
  const found = layers
    .flatMap(({ world }) => world.hosts)
    .find(({ id, machine }) => id === host && machine !== undefined);
  return found?.machine ?? host;
}

/** What the machine runs on. */
function below(draft: Draft, machine: string): string | null {
  const hosts = viewsOf(draft, machine).map((view) => view.workload.host);
  const host = hosts.find((each) => each !== null) ?? aliasOf(draft, machine)?.host ?? null;
  return host === null ? null : machineOf(draft, host);
}
