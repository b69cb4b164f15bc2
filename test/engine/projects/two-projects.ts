// A provider with two projects, `shop` and `bank`, for tests of what projects may do and see.

import type { OwnedParts } from '../../../src/engine/projects/estate.ts';
import { bindProject, bindProvider, joinProjects } from '../../../src/engine/projects/estate.ts';
import type { Grant, Grants } from '../../../src/engine/projects/grants.ts';
import { readGrants } from '../../../src/engine/projects/read-grants.ts';
import { importInventory } from '../../../src/importers/inventory/import-inventory.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import type { Diagnostic } from '../../../src/text/diagnostic.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { makeSource } from '../../../src/text/source.ts';

export const PROVIDER = `language 1
label app
label role
label project
tiers { infrastructure; application; last default drop }
group dns = workloads where app == dns
policy base in infrastructure {
  allow resolve: workloads -> dns on udp/53
  drop no-telnet: any -> any on tcp/23
}
`;

export const COMMON = `module common.services
service https = tcp/443
`;

export const PRIVATE = `module hidden.watch
group watched = workloads where project == bank
policy secrets in infrastructure priority 50 {
  drop from-bank: watched -> (workloads where app == dns) on tcp/22 reason "the bank is watched"
}
`;

export const WORLD = `format: bulkhead.inventory/1
segments:
  - { id: shop-net, subnets: [10.20.0.1/16] }
  - { id: management, subnets: [10.0.0.1/16] }
workloads:
  - { id: dns-1, kind: vm, labels: { app: dns }, interfaces: [{ addresses: [10.0.0.53], segment: management }] }
`;

export const grants: Grants = readGrants({
  projects: {
    shop: { tiers: ['application'], addresses: ['10.20.0.0/16'], segments: ['shop-net'] },
    bank: { tiers: ['application'], addresses: ['10.30.0.0/16'] },
  },
  privateModules: ['hidden'],
}).grants;

export const grantOf = (project: string): Grant => grants.projects.get(project) as Grant;

/** Policy files and inventories, from their texts; what is wrong with them by themselves is a mistake of the test. */
export function parts(policies: readonly string[], inventories: readonly string[], name = 'file'): OwnedParts {
  const files = policies.map((text, i) => parsePolicyFile(makeSource(`${name}-${i}.seg`, text)));
  const worlds = inventories.map((text, i) => importInventory(makeSource(`${name}-${i}.yaml`, text)));
  const diagnostics = [...files, ...worlds].flatMap((file) => file.diagnostics);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return { trees: files.map((file) => file.tree), inventories: worlds };
}

const options = { name: 'policies', beside: [] };

export const providerParts = parts([PROVIDER, COMMON, PRIVATE], [WORLD], 'provider');
export const provider = { ...providerParts, layer: bindProvider(providerParts, options).layer };

/** What the project is told of what it wrote. */
export function judge(project: string, policies: readonly string[], inventories: readonly string[]) {
  return bindProject(provider, parts(policies, inventories, project), grantOf(project), grants, options);
}

/** One root of the provider's and the projects', by name: policies and inventories. Throws where a project is refused. */
export function join(projects: Readonly<Record<string, readonly [readonly string[], readonly string[]]>>): Layer {
  const layers = Object.entries(projects).map(([project, [policies, inventories]]): [string, Layer] => {
    const { root, diagnostics } = judge(project, policies, inventories);
    if (root === null || hasErrors(diagnostics)) throw new Error(say(diagnostics).join('\n'));
    return [project, root.layer];
  });
  return joinProjects(provider.layer, new Map(layers), grants);
}

export function say(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}
