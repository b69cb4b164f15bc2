// Judges grants against what the provider has, and the provider against what is kept for projects: without overlaps and
// names that collide, nothing that one project writes can be, or can be taken for, another's.

import type { Layer } from '../../model/layer.ts';
import { formatAddressSet, intersectAddresses, isEmptyAddresses } from '../../net/address-set.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import {
  type Grant,
  type Grants,
  isProjectName,
  moduleOfName,
  moduleOfPolicy,
  PROJECT_LABEL,
  projectOfId,
  projectOfModule,
} from './grants.ts';

/** Every problem between the grants and the layers of the provider, bound without any project. */
export function checkGrants(grants: Grants, layers: readonly Layer[]): readonly Diagnostic[] {
  const root = layers.find((layer) => layer.kind === 'root') ?? null;
  const all = [...grants.projects.values()];
  return [
    ...all.flatMap((grant) => [...checkGrant(grant, root)]),
    ...checkOverlaps(all),
    ...(all.length === 0 || root === null ? [] : checkRoot(root, grants)),
    ...(all.length === 0 ? [] : layers.flatMap((layer) => [...checkWorkloads(layer, grants)])),
  ];
}

function* checkGrant(grant: Grant, root: Layer | null): Generator<Diagnostic> {
  const { project } = grant;
  if (!isProjectName(project)) {
    yield refuse(
      `\`${project}\` cannot be the name of a project`,
      'lower-case letters, digits and inner `-`, at most 63',
    );
  }
  for (const name of grant.tiers) {
    if (root?.tiers.some((tier) => tier.name === name)) continue;
    yield refuse(`project \`${project}\` is granted tier \`${name}\`, and there is none`, tiersOf(root));
  }
}

/** An address that two could have would make answers about it differ by what the other does. */
function* checkOverlaps(grants: readonly Grant[]): Generator<Diagnostic> {
  for (const [i, one] of grants.entries()) {
    for (const other of grants.slice(i + 1)) {
      for (const a of one.ranges) {
        for (const b of other.ranges) {
          const both = a.space === b.space ? intersectAddresses(a.addresses, b.addresses) : null;
          if (both === null || isEmptyAddresses(both)) continue;
          const names = `projects \`${one.project}\` and \`${other.project}\``;
          yield refuse(
            `${names} are both granted ${formatAddressSet(both)}`,
            'an address is granted to one project only',
          );
        }
      }
    }
  }
}

function* checkRoot(root: Layer, grants: Grants): Generator<Diagnostic> {
  const { dialect } = root;
  if (dialect.peers !== 'identity' || !dialect.addressPeersMatchWorkloads) {
    yield refuse(
      `dialect \`${dialect.name}\` takes addresses for workloads or workloads for none`,
      'with projects, peers are taken by identity and addresses mean workloads too',
    );
  }
  if (dialect.ties === 'by-name' && grants.privateModules.length > 0) {
    yield refuse('ties by name would tell names of private modules', 'choose other ties, or have no private modules');
  }
  const taken: (readonly [string | null, string, Span | null])[] = [
    ...root.policies.map(({ id, span }) => [moduleOfPolicy(id), id, span] as const),
    ...[...root.groups.values()].map(({ id, span }) => [moduleOfName(id), id, span] as const),
    ...[...(root.addressSets ?? []), ...(root.services ?? [])].map(([id]) => [moduleOfName(id), id, null] as const),
    ...root.expectations.map(({ module, name, span }) => [module, name, span] as const),
  ];
  for (const [module, id, span] of taken) {
    if (projectOfModule(module) === null) continue;
    yield reserved(`\`${id}\` is in a module of a project`, 'name the module otherwise: `projects` is theirs', span);
  }
  const label = [...root.labelKeys.values()].find(({ key }) => key.toLowerCase() === PROJECT_LABEL);
  if (label !== undefined && label.values !== null) {
    const help = 'declare `label project` alone: which projects there are, the configuration says';
    yield reserved('label `project` is declared with values', help, label.span);
  }
}

function* checkWorkloads({ world }: Layer, grants: Grants): Generator<Diagnostic> {
  for (const thing of [...world.workloads, ...world.serviceAddresses, ...world.hostAliases]) {
    const project = projectOfId(thing.id, grants);
    if (project === null) continue;
    yield reserved(
      `\`${thing.id}\` has an id of project \`${project}\``,
      'give it, or the project, another name',
      thing.span,
    );
  }
  for (const workload of world.workloads) {
    const key = [...workload.labels.keys()].find((own) => own.toLowerCase() === PROJECT_LABEL);
    if (key === undefined) continue;
    yield reserved(
      `\`${workload.id}\` has the label \`${key}\``,
      'the server says itself whose a workload is',
      workload.span,
    );
  }
}

function tiersOf(root: Layer | null): string {
  const names = (root?.tiers ?? []).map((tier) => `\`${tier.name}\``);
  return names.length === 0 ? 'the provider declares no tiers' : `there are ${names.join(', ')}`;
}

function refuse(message: string, help: string): Diagnostic {
  return error('project/grant', message, null, { help });
}

function reserved(message: string, help: string, span: Span | null): Diagnostic {
  return error('project/reserved', message, span, { help });
}
