// Turns the syntax trees of a policy root, with its inventories, into a layer: names become ids, texts become sets, and
// everything that can be judged without evaluation is judged. Which workloads a selector means is for the graph.

import { makeSuggest, type Suggest } from '../base/bounded-suggest.ts';
import { addTo } from '../base/multimap.ts';
import type { Change } from '../model/change.ts';
import type { Dialect } from '../model/dialect.ts';
import { checkLabels } from '../model/label-checks.ts';
import type { Layer } from '../model/layer.ts';
import { concatWorlds } from '../model/merge-worlds.ts';
import {
  joinPartSpans,
  limitPartSpans,
  makePartSpans,
  type PartSpans,
  type PartSpanTable,
} from '../model/part-spans.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { ServiceMatch } from '../model/service.ts';
import { emptyWorld, type World } from '../model/world.ts';
import { checkWorld } from '../model/world-checks.ts';
import type { AddressSet } from '../net/address-set.ts';
import type { Tree } from '../syntax/tree.ts';
import { type Diagnostic, note } from '../text/diagnostic.ts';
import { allChecks } from './checks/all-checks.ts';
import { checkPassTarget, orderTiers } from './checks/pass-target.ts';
import { collect, type Statements } from './names/collect.ts';
import { bindImports } from './names/imports.ts';
import { bindLabels } from './names/labels.ts';
import type { Module, Report, RootNames, Scope, WorldNames } from './names/scope.ts';
import { bindChanges, type ChangeContext } from './policy/changes.ts';
import { bindDefines, bindDialect } from './policy/dialect.ts';
import { bindExpectations } from './policy/expectations.ts';
import { bindPolicy } from './policy/policies.ts';
import { bindTiers, onlyStatement } from './policy/tiers.ts';
import { bindAddresses } from './terms/addresses.ts';
import { bindAddressSets, bindGroups, bindServices } from './terms/definitions.ts';
import { bindPeer } from './terms/peers.ts';
import { bindServiceAddresses, bindWorld } from './world/world.ts';

/** A world read from an inventory file, with where its parts were written. */
export interface InventoryPart {
  readonly world: World;
  readonly spans: PartSpans;
}

export interface RootOptions {
  /** The short name of the layer in verdicts. */
  readonly name: string;
  /** Inventory files of this root: part of its world, and judged with it. */
  readonly inventories?: readonly InventoryPart[];
  /** Layers beside the root, whose workloads, places and rules its names may mean. */
  readonly beside?: readonly Layer[];
}

export interface BoundRoot {
  readonly layer: Layer;
  /** Unsorted. With an error among them nothing may be answered from the layer. */
  readonly diagnostics: readonly Diagnostic[];
  /** For binding questions and changes that are written outside the root. */
  readonly names: RootNames;
  /** Where the parts of policies, rules and the things of the world stand. */
  readonly spans: PartSpans;
  /** What binding changes against this root needs. */
  readonly changes: ChangeContext;
}

/** Binds all files of a root together. Never throws, whatever the trees say; `diagnostics` has every problem. */
export function bindRoot(trees: readonly Tree[], options: RootOptions): BoundRoot {
  const diagnostics: Diagnostic[] = [];
  let errors = 0;
  const report: Report = (diagnostic) => {
    diagnostics.push(diagnostic);
    if (diagnostic.severity === 'error') errors++;
  };
  const suggest = makeSuggest();
  const written = makePartSpans();
  const inventories = options.inventories ?? [];
  const beside = options.beside ?? [];
  const spans = joinPartSpans([written, ...inventories.map((inventory) => inventory.spans)]);

  const { modules, statements, definitions } = collect(trees, report);
  bindImports(modules, statements.of('import'), suggest, report);
  const stated = bindDialect(statements.of('dialect'), suggest, report);
  const context = { report, suggest, spans: written };
  const places = concatWorlds([
    bindWorld(statements.of('world'), statements.of('tunnel'), context),
    ...inventories.map((inventory) => inventory.world),
  ]);

  const values = { addresses: new Map<string, AddressSet>(), services: new Map<string, ServiceMatch>() };
  const names: RootNames = {
    modules,
    labels: bindLabels(statements.of('label'), stated.labelCase === 'sensitive', report),
    world: namesOf([places, ...beside.map((layer) => layer.world)]),
    values,
    rules: rulesByName(modules),
    otherRules: new Set(beside.flatMap((layer) => layer.policies.flatMap(({ rules }) => rules.map((rule) => rule.id)))),
    suggest,
  };
  const scopes = new Map<Module, Scope>();
  for (const module of modules.values()) {
    scopes.set(module, { root: names, module, locals: new Map(), addedRules: new Set(), report });
  }
  const inModule = (module: Module): Scope => scopes.get(module) as Scope;
  const scopeOf = ({ module }: { readonly module: Module }): Scope => inModule(module);
  bindAddressSets(definitions, values.addresses, inModule, report);
  bindServices(definitions, values.services, inModule, report);

  const serviceAddresses = bindServiceAddresses(statements.of('world'), scopeOf, context);
  const world: World = { ...places, serviceAddresses: [...places.serviceAddresses, ...serviceAddresses] };
  const tiers = bindTiers(statements.of('tiers'), scopeOf, report);
  const order = orderTiers(tiers);
  const policies: Policy[] = [];
  for (const placed of statements.of('policy')) {
    if (errors > MOST_ERRORS) {
      const message = `the policies from here on are not judged after ${MOST_ERRORS} errors`;
      report(note('check/too-many-errors', message, placed.body.name.span));
      break;
    }
    const isFirst = placed.module.policies.get(placed.body.name.text)?.name === placed.body.name;
    if (isFirst) policies.push(bindPolicy(placed, order, written, scopeOf(placed)));
  }
  const tierOf = new Map(policies.map((policy) => [policy.id, policy.tier]));
  const changes: ChangeContext = {
    tiers: order,
    spans: written,
    checkRule: (rule, { id }, scope) => {
      const tier = tierOf.get(id);
      if (tier !== undefined) for (const found of checkPassTarget(rule, tier, order, written)) scope.report(found);
    },
  };

  const layer: Layer = {
    name: options.name,
    kind: 'root',
    dialect: bindDefines(stated, statements.of('dialect'), scopeOf),
    tiers,
    policies,
    groups: bindGroups(definitions, inModule, report),
    labelKeys: names.labels.keys,
    addressSets: values.addresses,
    services: values.services,
    world,
    exclude: bindScopePeer(statements, 'exclude', scopeOf, written),
    governs: bindScopePeer(statements, 'governs', scopeOf, written),
    internal: bindInternal(statements, scopeOf, report),
    expectations: bindExpectations(statements, scopeOf, changes, report),
    changes: bindRootChanges(statements, scopeOf, changes),
  };
  onlyStatement(statements.of('governs'), 'governs', report);
  for (const check of allChecks) diagnostics.push(...check(layer, spans));
  diagnostics.push(...judgeWorld(world, stated, beside, names, spans, suggest));
  return { layer, diagnostics, names, spans, changes };
}

type ScopeOf = (placed: { readonly module: Module }) => Scope;

/** Several `exclude` statements add up; a second `governs` was reported. */
function bindScopePeer(
  statements: Statements,
  kind: 'exclude' | 'governs',
  scopeOf: ScopeOf,
  spans: PartSpanTable,
): Peer | null {
  const placed = statements.of(kind).filter(({ body }) => body.kind === kind);
  const peers = placed.map((each) => bindPeer(each.body.peer, scopeOf(each)));
  const [first = null, ...more] = peers;
  if (first === null) return null;
  const peer: Peer = more.length === 0 ? { ...first } : { kind: 'union', of: peers };
  const span = placed[0]?.body.peer.span;
  spans.keep(peer, (part) => (part === kind ? span : null));
  return peer;
}

/** The changes of a root are made one after the other, whichever files they stand in. */
function bindRootChanges(statements: Statements, scopeOf: ScopeOf, context: ChangeContext): readonly Change[] {
  const made = { locals: new Map<string, readonly string[]>(), addedRules: new Set<string>() };
  return statements
    .of('change')
    .flatMap((placed) => bindChanges([placed.body.change], { ...scopeOf(placed), ...made }, context));
}

function bindInternal(statements: Statements, scopeOf: ScopeOf, report: Report): AddressSet | null {
  const placed = onlyStatement(statements.of('internal'), 'internal', report);
  return placed === null ? null : bindAddresses(placed.body.of, placed.statement.span, scopeOf(placed));
}

/** After so many, the rest of the policies says nothing new, and binding it would only take time. */
const MOST_ERRORS = 1000;

/** Exact places that are looked up for problems of the world; finding one may mean going through a whole block. */
const MOST_PLACES = 1000;

function judgeWorld(
  world: World,
  dialect: Dialect,
  beside: readonly Layer[],
  names: RootNames,
  spans: PartSpans,
  suggest: Suggest,
): readonly Diagnostic[] {
  if (world === emptyWorld) return [];
  const others = beside.map((layer) => layer.world);
  const places = limitPartSpans(spans, MOST_PLACES);
  const found = [...checkWorld(world, others, places, suggest), ...checkLabels(world, names.labels, places, suggest)];
  // Where peers are realised as addresses, machines that share one match together: likely a slip, but it has a meaning.
  const isDoubt = (item: Diagnostic): boolean =>
    item.code === 'world/duplicate-address' && dialect.peers === 'realised-address';
  return found.map((item) => (isDoubt(item) ? { ...item, severity: 'warning' } : item));
}

function rulesByName(modules: ReadonlyMap<string | null, Module>): ReadonlyMap<string, readonly string[]> {
  const rules = new Map<string, string[]>();
  for (const module of modules.values()) {
    for (const policy of module.policies.values()) {
      for (const name of policy.rules.keys()) addTo(rules, name, `${policy.id}.${name}`);
    }
  }
  return rules;
}

function namesOf(worlds: readonly World[]): WorldNames {
  const ids = (of: (world: World) => readonly { readonly id: string }[]): ReadonlySet<string> =>
    new Set(worlds.flatMap((world) => of(world).map((thing) => thing.id)));
  const workloads = new Map<string, readonly string[]>();
  for (const world of worlds) {
    for (const alias of world.hostAliases) workloads.set(alias.id, []);
    for (const workload of world.workloads) {
      const known = workloads.get(workload.id) ?? [];
      workloads.set(workload.id, [...known, ...workload.interfaces.map((face) => face.name)]);
    }
  }
  return {
    workloads,
    segments: ids((world) => world.segments),
    sites: ids((world) => world.sites),
    hosts: ids((world) => world.hosts),
    routers: ids((world) => world.routers),
  };
}
