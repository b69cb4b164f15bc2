// What the provider of a server grants to each project, and how names tell whose a thing is: a project's modules are
// below `projects.<name>`, its ids begin with `<name>/`, its workloads carry the label `project`.
// Whether files and inventory keep to a grant is judged beside this file; what a grant means is docs/projects.md.

import type { AddressSet } from '../../net/address-set.ts';

/** The label that says whose a workload is. Only the server sets it. */
export const PROJECT_LABEL = 'project';

/** Addresses that a project's interfaces and service addresses may have, in one address space; null: the one without a name. */
export interface GrantedRange {
  readonly space: string | null;
  readonly addresses: AddressSet;
}

/** What one project may do. Whatever is not granted is refused. */
export interface Grant {
  readonly project: string;
  /** Tiers in which it may have policies, and to which its rules may pass. */
  readonly tiers: readonly string[];
  readonly ranges: readonly GrantedRange[];
  /** The provider's places that its workloads may name. */
  readonly segments: readonly string[];
  readonly sites: readonly string[];
  readonly hosts: readonly string[];
  readonly namespaces: readonly string[];
}

/** All projects of a server, and what the provider keeps to itself. */
export interface Grants {
  readonly projects: ReadonlyMap<string, Grant>;
  /** Modules of the provider that projects may neither import nor read: these and all below them. */
  readonly privateModules: readonly string[];
  /** Keys of labels that only the provider sets; `project` is always one of them. */
  readonly reservedLabels: readonly string[];
}

/** A grant of nothing, to be filled. */
export function emptyGrant(project: string): Grant {
  return { project, tiers: [], ranges: [], segments: [], sites: [], hosts: [], namespaces: [] };
}

/** Whether the text can be the name of a project: a lower-case letter, then letters, digits and inner `-`, at most 63. */
export function isProjectName(text: string): boolean {
  return /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** The project whose module it is; null: the provider's. `projects.shop.db` is of `shop`. */
export function projectOfModule(module: string | null): string | null {
  if (module === null) return null;
  const [first, project] = module.split('.');
  return first === 'projects' ? (project ?? '') : null;
}

/** The module of `module.name` (a group, an address set, a service), or null where it is in none. */
export function moduleOfName(id: string): string | null {
  const end = id.lastIndexOf('.');
  return end === -1 ? null : id.slice(0, end);
}

/** The module of `module/policy`, or null where it is in none. */
export function moduleOfPolicy(id: string): string | null {
  const end = id.indexOf('/');
  return end === -1 ? null : id.slice(0, end);
}

/** The project of the workload or service address of that id; null: the provider's. */
export function projectOfId(id: string, grants: Grants): string | null {
  const end = id.indexOf('/');
  const first = end === -1 ? null : id.slice(0, end);
  return first !== null && grants.projects.has(first) ? first : null;
}

/** Whether the module is one of the private ones of the provider, or below one. */
export function isPrivateModule(module: string | null, grants: Grants): boolean {
  return module !== null && grants.privateModules.some((own) => module === own || module.startsWith(`${own}.`));
}

/** Whether only the provider may set a label of the key; case is not told apart, since dialects may not either. */
export function isReservedLabel(key: string, grants: Grants): boolean {
  const folded = key.toLowerCase();
  return folded === PROJECT_LABEL || grants.reservedLabels.some((own) => own.toLowerCase() === folded);
}
