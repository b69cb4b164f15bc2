// Turns the layers that are loaded into the names that a change from outside may use: policies and rules by id or by as
// much of it as is unique, workloads and places of every layer, and in a rule that is added the names of its policy's
// module before all others. Made anew when the layers have changed.

import { addTo } from '../../base/multimap.ts';
import type { Layer } from '../../model/layer.ts';
import { makePartSpans } from '../../model/part-spans.ts';
import type { Span } from '../../text/source.ts';
import { checkPassTarget, orderTiers } from '../checks/pass-target.ts';
import type { Module, PolicyName, RootNames, RuleName, Scope } from '../names/scope.ts';
import type { ChangeContext } from '../policy/changes.ts';
import { makeQuestionNames } from './question-names.ts';

export interface ChangeNames {
  /** Index of the layer that changes are about: the first policy root, else the first layer. */
  readonly home: number;
  /** A scope and what binding needs beside it; of a policy, where its rules are bound. */
  of(policy: PolicyName | null): { readonly scope: Scope; readonly context: ChangeContext };
}

/** A policy, and the layer it is in. */
interface OwnedPolicy extends PolicyName {
  readonly layer: Layer;
}

export function makeChangeNames(layers: readonly Layer[]): ChangeNames {
  const home = Math.max(
    0,
    layers.findIndex((layer) => layer.kind === 'root'),
  );
  const questions = makeQuestionNames(layers);
  const policies = policiesOf(layers, home);
  const scopes = new Map<Layer, Scope>();
  const scopeOf = (layer: Layer): Scope => {
    const known = scopes.get(layer);
    if (known !== undefined) return known;
    const names = questions.layers.find((each) => each.layer === layer);
    const base = names?.scope([]) ?? (questions.layers[0] as (typeof questions.layers)[number]).scope([]);
    const root: RootNames = { ...base.root, ...policies, labels: labelsOf(layers[home] ?? layer) };
    const scope = { ...base, root };
    scopes.set(layer, scope);
    return scope;
  };
  return {
    home,
    of(policy) {
      const layer = (policy as OwnedPolicy | null)?.layer ?? (layers[home] as Layer);
      const scope = scopeOf(layer);
      const tiers = orderTiers(layer.tiers);
      const spans = makePartSpans();
      const context: ChangeContext = {
        tiers,
        spans,
        checkRule: (rule, { id }, { report }) => {
          const tier = layer.policies.find((each) => each.id === id)?.tier;
          if (tier !== undefined) for (const found of checkPassTarget(rule, tier, tiers, spans)) report(found);
        },
      };
      return { scope: policy === null ? scope : insideModule(scope, policy.module.id), context };
    },
  };
}

/** The scope with the names of a module under their short forms, whatever else has those. */
function insideModule(scope: Scope, id: string | null): Scope {
  const module = id === null ? undefined : scope.module.imports.get(id);
  if (module === undefined) return scope;
  const { visible } = scope.module;
  return {
    ...scope,
    module: {
      ...scope.module,
      visible: {
        peers: new Map([...visible.peers, ...module.own.peers]),
        services: new Map([...visible.services, ...module.own.services]),
      },
    },
  };
}

function labelsOf({ labelKeys, dialect }: Layer): RootNames['labels'] {
  return { keys: labelKeys, open: labelKeys.size === 0, caseSensitive: dialect.labelCase === 'sensitive' };
}

/** Modules with their policies, and rules by name; what the home layer has hides the same id in others. */
function policiesOf(layers: readonly Layer[], home: number): Pick<RootNames, 'modules' | 'rules' | 'otherRules'> {
  const modules = new Map<string | null, Module>();
  const moduleNamed = (id: string | null): Module => {
    const known = modules.get(id) ?? emptyModule(id);
    modules.set(id, known);
    return known;
  };
  moduleNamed(null);
  const rules = new Map<string, string[]>();
  const order = [home, ...layers.keys()].filter((index, position, all) => all.indexOf(index) === position);
  for (const layer of order.flatMap((index) => layers[index] ?? [])) {
    for (const policy of layer.policies) {
      const slash = policy.id.lastIndexOf('/');
      const module = moduleNamed(slash <= 0 ? null : policy.id.slice(0, slash));
      const name = slash <= 0 ? policy.id : policy.id.slice(slash + 1);
      if (module.policies.has(name)) continue;
      const names = new Map<string, RuleName>();
      for (const rule of policy.rules) {
        const short = rule.id.startsWith(`${policy.id}.`) ? rule.id.slice(policy.id.length + 1) : rule.name;
        names.set(short, { name: { span: rule.span } });
        addTo(rules, short, rule.id);
      }
      const owned: OwnedPolicy = {
        id: policy.id,
        name: { kind: 'name', text: name, quoted: false, span: policy.span ?? NOWHERE },
        module,
        rules: names,
        layer,
      };
      module.policies.set(name, owned);
    }
  }
  return { modules, rules, otherRules: new Set() };
}

/** Of what an import made without a place; names of policies are only compared. */
const NOWHERE: Span = { file: '', start: 0, end: 0 };

function emptyModule(id: string | null): Module {
  return {
    id,
    span: null,
    own: { peers: new Map(), services: new Map() },
    visible: { peers: new Map(), services: new Map() },
    imports: new Map(),
    policies: new Map(),
  };
}
