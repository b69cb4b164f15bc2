// Turns NSX configuration dumps into one layer: what is in the files (read), machines and segments (world), groups and
// services by path, policies in order (policies). One manager's files are read together, for they refer to each other:
// the inventory may be in one and the policies in another.

import { nsxDialect, nsxIdentityDialect } from '../../model/dialects.ts';
import type { Layer } from '../../model/layer.ts';
import { emptyWorld } from '../../model/world.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { sortDiagnostics } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { type Document, readDocuments } from '../document.ts';
import { readGroups } from './groups/groups.ts';
import { readExclusions } from './policies/exclusions.ts';
import { readPolicies } from './policies/policies.ts';
import { makeTiers } from './policies/tiers.ts';
import { nothingCollected } from './read/collected.ts';
import { rootOf } from './read/node.ts';
import { collectProblems } from './read/problems.ts';
import { collectDocument } from './read/shapes.ts';
import { readServices } from './services/services.ts';
import { readInventory } from './world/inventory.ts';
import { collectSpellings, labelKeysOf } from './world/tags.ts';
import { readTopology } from './world/topology.ts';

export interface NsxImport {
  readonly layer: Layer;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the files of one manager. What cannot be read is left out, with a diagnostic at its place; nothing is thrown. */
export function importNsx(sources: readonly Source[], options: { readonly name: string }): NsxImport {
  const readings = sources.map(readDocuments);
  const { layer, diagnostics } = importNsxDocuments(
    readings.flatMap(({ documents }) => documents),
    options,
  );
  return {
    layer,
    diagnostics: sortDiagnostics([...readings.flatMap((reading) => reading.diagnostics), ...diagnostics]),
  };
}

/** As importNsx, of documents that are read already. */
export function importNsxDocuments(documents: readonly Document[], options: { readonly name: string }): NsxImport {
  const problems = collectProblems();
  const collected = nothingCollected();
  for (const document of documents) collectDocument(problems, rootOf(document), collected);
  const topology = readTopology(problems, collected);
  const inventory = readInventory(problems, collected, topology);
  const { workloads } = inventory;
  const spellings = collectSpellings(workloads.map(({ labels }) => labels));
  const groups = readGroups(problems, collected, { topology, inventory, spellings });
  const services = readServices(problems, collected);
  const { policies, last } = readPolicies(problems, collected, groups, services);
  const exclude = readExclusions(problems, collected, groups, inventory);
  const addressed = workloads.some(({ interfaces }) => interfaces.some(({ addresses }) => addresses.length > 0));
  const layer: Layer = {
    name: options.name,
    kind: 'import',
    dialect: addressed ? nsxDialect : nsxIdentityDialect,
    tiers: makeTiers(last),
    policies,
    groups: groups.list(),
    labelKeys: labelKeysOf(spellings),
    world: { ...emptyWorld, segments: topology.segments, routers: topology.routers, workloads },
    exclude,
    governs: null,
    internal: null,
    expectations: [],
    changes: [],
  };
  return { layer, diagnostics: sortDiagnostics(problems.list()) };
}
