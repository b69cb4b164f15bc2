// What binding carries along: the modules of a root with what each declares and sees, the names of the world, and the
// place to which diagnostics go. Filled by collect.ts and imports.ts; looked up by resolve.ts.

import type { Suggest } from '../../base/bounded-suggest.ts';
import type { LabelKey } from '../../model/layer.ts';
import type { ServiceMatch } from '../../model/service.ts';
import type { AddressSet } from '../../net/address-set.ts';
import type { Name, Statement, StatementBody } from '../../syntax/tree.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';

export type Report = (diagnostic: Diagnostic) => void;

/** The body of one kind of statement. */
export type Body<Kind extends StatementBody['kind']> = Extract<StatementBody, { readonly kind: Kind }>;

/** A statement with the module it stands in. */
export interface Placed<Kind extends StatementBody['kind']> {
  readonly body: Body<Kind>;
  readonly statement: Statement;
  readonly module: Module;
}

/** A name that peers may use: a group or an address set. */
export interface NamedPeer {
  readonly kind: 'group' | 'addresses';
  /** `module.name`, or the name alone without a module; unique in the root. */
  readonly id: string;
  /** Where it is declared. */
  readonly span: Span | null;
  readonly home: string | null;
}

/** A name that services may use. */
export interface NamedService {
  readonly kind: 'service';
  readonly id: string;
  readonly span: Span | null;
  readonly home: string | null;
}

/** Groups and address sets share one set of names, services have another: no place in the language takes both. */
export interface Names {
  readonly peers: Map<string, NamedPeer>;
  readonly services: Map<string, NamedService>;
}

/** A group, an address set or a service as a module declares it. */
export type Definition = DefinitionOf<'group'> | DefinitionOf<'addresses'> | DefinitionOf<'service'>;

export interface DefinitionOf<Kind extends 'group' | 'addresses' | 'service'> {
  readonly kind: Kind;
  readonly id: string;
  readonly span: Span;
  readonly home: string | null;
  readonly body: Body<Kind>;
  readonly statement: Statement;
  readonly module: Module;
}

/** A policy as far as references to it and to its rules need it. */
export interface PolicyName {
  readonly id: string;
  readonly name: Name;
  readonly module: Module;
  /** By name; the first of several. */
  readonly rules: ReadonlyMap<string, RuleName>;
}

/** A rule as far as references to it need it. */
export interface RuleName {
  readonly name: { readonly span: Span | null };
}

export interface Module {
  /** null: the one that all files without a `module` statement share. It cannot be imported. */
  readonly id: string | null;
  readonly span: Span | null;
  readonly own: Names;
  /** Own and imported. */
  readonly visible: Names;
  /** What an `import` statement names: only these may be used as `module.name`. */
  readonly imports: Map<string, Module>;
  readonly policies: Map<string, PolicyName>;
}

/** The ids of the world that names may refer to: those of the root and of the layers beside it. */
export interface WorldNames {
  /** Workload id → names of its interfaces. */
  readonly workloads: ReadonlyMap<string, readonly string[]>;
  readonly segments: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly routers: ReadonlySet<string>;
}

/** Label keys of a root. Where it declares none at all, every key and value is allowed. */
export interface LabelNames {
  readonly keys: ReadonlyMap<string, LabelKey>;
  readonly open: boolean;
  /** Of the root's dialect. */
  readonly caseSensitive: boolean;
}

/** What the definitions of a root mean, by id. One that is missing is in error, and was reported. */
export interface Values {
  readonly addresses: ReadonlyMap<string, AddressSet>;
  readonly services: ReadonlyMap<string, ServiceMatch>;
}

export interface RootNames {
  readonly modules: ReadonlyMap<string | null, Module>;
  readonly labels: LabelNames;
  readonly world: WorldNames;
  readonly values: Values;
  /** Ids of the rules of the root, by the name of the rule. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** Rules of the layers beside the root, by id. */
  readonly otherRules: ReadonlySet<string>;
  readonly suggest: Suggest;
}

/** Where a term is bound: what it sees, and where its problems go. */
export interface Scope {
  readonly root: RootNames;
  readonly module: Module;
  /** Workloads that exist only around the term, such as those that a test gives; → names of interfaces. */
  readonly locals: ReadonlyMap<string, readonly string[]>;
  /** Ids of rules that changes around the term added. */
  readonly addedRules: ReadonlySet<string>;
  readonly report: Report;
}
