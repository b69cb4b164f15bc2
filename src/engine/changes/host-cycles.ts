// Hosts inside machines: a host with the id of a workload is that workload (a Kubernetes node that is a virtual machine,
// a hypervisor inside one), and whatever runs on it runs on that workload's host in turn. Such a chain must end.

import { aliasOf, type Draft, viewsOf } from './draft.ts';

/** The chain from the workload through its new host back to itself; null where there is none. */
export function findHostCycle(draft: Draft, workload: string, host: string): readonly string[] | null {
  const chain = [workload];
  const seen = new Set<string>();
  for (let next: string | null = host; next !== null && !seen.has(next); next = hostOf(draft, next)) {
    seen.add(next);
    chain.push(next);
    if (next === workload) return chain;
  }
  return null;
}

function hostOf(draft: Draft, machine: string): string | null {
  const hosts = viewsOf(draft, machine).map((view) => view.workload.host);
  return hosts.find((host) => host !== null) ?? aliasOf(draft, machine)?.host ?? null;
}
