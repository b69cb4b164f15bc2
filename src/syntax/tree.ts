// The syntax tree of a `.seg` file: what was written, where, with the comments that belong to it.
// Nothing is resolved here: `bind` gives names their meaning, `print` writes the tree back, with or without its source.
// A tree may also be built without any text (an import that is to be kept): its spans are then never looked at.

import type { Span } from '../text/source.ts';
import type { Comment } from './lexical/comment.ts';

/**
 * What may hold comments of its own: whatever stands on a line of its own, and the members of lists that can be broken
 * over lines. Elsewhere a comment goes to the nearest such thing around it. Absent is the same as empty.
 */
export interface Commented {
  readonly comments?: readonly Comment[];
}

interface Placed extends Commented {
  readonly span: Span;
}

/** A name, key, id or value as written; `text` is without quotes and escapes. */
export interface Name extends Placed {
  readonly kind: 'name';
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * `module.name`, or a bare name; the parts in order. Where a policy or a rule is meant, also `module/policy.rule`:
 * the parts of the module before the slash are then in `module`.
 */
export interface Path extends Placed {
  readonly kind: 'path';
  readonly module?: readonly Name[];
  readonly parts: readonly Name[];
}

/** An address, CIDR, range or MAC address, as written. */
export interface AddressText extends Placed {
  readonly kind: 'address';
  readonly text: string;
}

export interface NumberText {
  readonly kind: 'number';
  readonly value: number;
  readonly span: Span;
}

/** A date (`2027-01-31`) or an RFC 3339 instant, as written. */
export interface TimeText {
  readonly kind: 'time';
  readonly text: string;
  readonly span: Span;
}

// ---- conditions -------------------------------------------------------------------------------------------------

export type TextOperator = '==' | '!=' | 'in' | 'not in' | 'like' | 'starts' | 'ends' | 'contains' | 'matches';

export type ConditionNode = Placed &
  (
    | { readonly kind: 'and' | 'or'; readonly of: readonly ConditionNode[] }
    | { readonly kind: 'not'; readonly of: ConditionNode }
    | { readonly kind: 'has'; readonly key: Name }
    /** `key == v`, `name like "x*"`, `any-scope == v`: whether the key is a field or a label is for `bind`. A quoted key is always a label. */
    | {
        readonly kind: 'compare';
        readonly key: Name;
        readonly operator: TextOperator;
        readonly values: readonly Name[];
      }
    /** `address in …`, `address == …`: literals or names of address sets. */
    | { readonly kind: 'address-in'; readonly negated: boolean; readonly of: readonly (AddressText | Path)[] }
  );

// ---- peers ------------------------------------------------------------------------------------------------------

export type SelectKeyword = 'workloads' | 'vms' | 'containers' | 'pods' | 'pod-vms' | 'instances' | 'bare-metals';

export type PeerNode = Placed &
  (
    | { readonly kind: 'any' | 'nothing' | 'internet' | 'external' | 'hosts' }
    /** A group, an address set or a workload; `/eth0` names one interface of a workload. */
    | { readonly kind: 'reference'; readonly path: Path; readonly interface: Name | null }
    | { readonly kind: 'addresses'; readonly of: readonly (AddressText | Path)[] }
    | {
        readonly kind: 'select';
        readonly what: SelectKeyword;
        readonly where: ConditionNode | null;
        /** `in namespaces where …` */
        readonly namespaces: ConditionNode | null;
      }
    | { readonly kind: 'segment' | 'site' | 'host' | 'workload'; readonly id: Name; readonly interface: Name | null }
    | { readonly kind: 'fqdn'; readonly pattern: Name }
    /** `a or b`, `a, b` */
    | { readonly kind: 'union'; readonly of: readonly PeerNode[] }
    /** `a and b` between peers */
    | { readonly kind: 'intersect'; readonly of: readonly PeerNode[] }
    | { readonly kind: 'except'; readonly of: PeerNode; readonly except: PeerNode }
    /** `not (a)`: everything but */
    | { readonly kind: 'negated'; readonly of: PeerNode }
    /** `opaque "text" because "reason"`: what an imported platform says and the language cannot */
    | { readonly kind: 'opaque'; readonly text: Name; readonly reason: Name }
  );

// ---- services ---------------------------------------------------------------------------------------------------

export interface RangeNode extends Placed {
  readonly from: number;
  readonly to: number;
}

export type ServiceNode = Placed &
  (
    | { readonly kind: 'any' }
    | { readonly kind: 'reference'; readonly path: Path }
    | {
        readonly kind: 'ports';
        readonly protocol: 'tcp' | 'udp' | 'sctp';
        /** Numbers and ranges, or the names of ports; empty: every port (`tcp`). */
        readonly ports: readonly (RangeNode | Name)[];
        readonly from: readonly RangeNode[];
      }
    /** `icmp`, `icmp/8`, `icmp/8/0`, `icmp/echo-request` */
    | {
        readonly kind: 'icmp';
        readonly family: 4 | 6;
        readonly type: RangeNode | Name | null;
        readonly code: RangeNode | null;
      }
    | { readonly kind: 'protocol'; readonly number: RangeNode | Name }
    /** `port "http"`: a named port of whatever protocol the destination gives it */
    | { readonly kind: 'named-port'; readonly name: Name }
    /** `SERVICE opaque "reason"`: a match inside is a maybe */
    | { readonly kind: 'opaque'; readonly of: ServiceNode; readonly reason: Name }
    | { readonly kind: 'list'; readonly of: readonly ServiceNode[] }
    | { readonly kind: 'except'; readonly of: ServiceNode; readonly except: ServiceNode }
  );

// ---- options ----------------------------------------------------------------------------------------------------

/** An option of a rule or a policy, in the order written; that each stands at most once is for `bind`. */
export type OptionNode = Placed &
  (
    | { readonly kind: 'applies-to'; readonly peer: PeerNode }
    | { readonly kind: 'ipv4' | 'ipv6' | 'stateless' | 'strict' | 'disabled' | 'staged' | 'log' }
    | { readonly kind: 'window'; readonly text: Name }
    | { readonly kind: 'until'; readonly time: TimeText }
    | { readonly kind: 'reason' | 'owner' | 'ticket'; readonly text: Name }
    | { readonly kind: 'directions'; readonly of: readonly ('in' | 'out')[] }
    | { readonly kind: 'priority'; readonly value: NumberText }
    /** of a rule: its number among its policy's, where equal numbers tie */
    | { readonly kind: 'sequence'; readonly value: NumberText }
    /** the action as an imported platform writes it */
    | { readonly kind: 'originally'; readonly text: Name }
    /** a rule known only in part: a maybe */
    | { readonly kind: 'opaque'; readonly reason: Name }
  );

/** `SRC -> DST [on SERVICE]` */
export interface FlowParts {
  readonly source: PeerNode;
  readonly destination: PeerNode;
  /** null: `on` was left out, every service */
  readonly service: ServiceNode | null;
}

export interface RuleNode extends FlowParts {
  readonly kind: 'rule';
  readonly action: 'allow' | 'drop' | 'reject' | 'pass' | 'log';
  readonly passTo: Name | null;
  readonly direction: 'in' | 'out' | null;
  readonly name: Name;
  readonly options: readonly OptionNode[];
  readonly doc: string | null;
  readonly comments: readonly Comment[];
  readonly span: Span;
}

// ---- statements -------------------------------------------------------------------------------------------------

/** `label=value` pairs after `labels`; a key may stand several times. */
export interface LabelPair extends Placed {
  readonly key: Name;
  readonly value: Name;
}

/**
 * A property in a world block: a keyword and what follows it, for `bind` to check by kind of block. In
 * `nic web-net 10.10.1.11 mac 00:50:56:00:00:01 name eth1` the values are all that follows `nic`, in order. A property
 * word that is meant as a value is quoted.
 */
export interface Property {
  readonly kind: 'property';
  readonly name: Name;
  readonly values: readonly (Name | AddressText | NumberText | Path)[];
  readonly labels: readonly LabelPair[];
  /** `backends PEER` */
  readonly peer: PeerNode | null;
  /** The service of `port "http" tcp/8080` and of `map tcp/80 -> 8080`; the one value is then the port's name, or the target. */
  readonly service: ServiceNode | null;
  readonly comments: readonly Comment[];
  readonly span: Span;
}

/** A line of a test, or what a change block `opens` (expect is then `allow`) or `closes` (`deny`). */
export interface AssertionNode extends FlowParts {
  readonly kind: 'assertion';
  readonly expect: 'allow' | 'deny' | 'drop' | 'reject' | 'unknown';
  readonly some: boolean;
  readonly by: { readonly rule: Path; readonly direction: 'in' | 'out' | null } | null;
  readonly span: Span;
  readonly comments: readonly Comment[];
}

export type ChangeNode = Placed &
  (
    | { readonly kind: 'set'; readonly workload: Name; readonly labels: readonly LabelPair[] }
    | { readonly kind: 'move'; readonly workload: Name; readonly host: Name }
    | { readonly kind: 'clone'; readonly workload: Name; readonly as: Name }
    | { readonly kind: 'create'; readonly workload: WorldNode }
    | { readonly kind: 'delete'; readonly workload: Name }
    | {
        readonly kind: 'add';
        readonly policy: Path;
        readonly position:
          | { readonly where: 'before' | 'after'; readonly rule: Name }
          | { readonly where: 'first' | 'last' }
          | null;
        readonly rule: RuleNode;
      }
    | { readonly kind: 'remove'; readonly what: 'rule' | 'policy' | 'group'; readonly path: Path }
    | {
        readonly kind: 'switch';
        readonly what: 'rule' | 'policy';
        readonly to: 'enabled' | 'disabled' | 'staged';
        readonly path: Path;
      }
    | { readonly kind: 'fail' | 'restore'; readonly what: 'host' | 'site' | 'router'; readonly id: Name }
    | { readonly kind: 'cut' | 'join'; readonly from: Name; readonly to: Name }
    | { readonly kind: 'at'; readonly time: TimeText }
  );

export type WorkloadKeyword = 'vm' | 'container' | 'pod-vm' | 'instance' | 'bare-metal';
export type RouterKeyword = 'tier0' | 'tier1';
export type WorldKeyword =
  | WorkloadKeyword
  | RouterKeyword
  | ('site' | 'segment' | 'host' | 'namespace' | 'service-address' | 'host-alias');

/** `vm web-01 on esx-1 { nic web-net 10.10.1.11  labels app=shop }` and its kin. */
export interface WorldNode extends Placed {
  readonly kind: 'world';
  readonly what: WorldKeyword;
  readonly id: Name;
  /** `on HOST`, of a workload or a host alias */
  readonly on: Name | null;
  /** `in SITE`, or `stretched SITE, SITE` */
  readonly sites: readonly Name[];
  readonly stretched: boolean;
  /** `: on-prem`, of a site */
  readonly type: Name | null;
  readonly properties: readonly Property[];
}

export type TestItem = Placed &
  (
    | AssertionNode
    | { readonly kind: 'given'; readonly workload: WorldNode }
    | { readonly kind: 'at-block'; readonly time: TimeText; readonly items: readonly TestItem[] }
    | { readonly kind: 'change-item'; readonly change: ChangeNode }
  );

export type ClaimNode = Placed &
  FlowParts &
  ({ readonly kind: 'never' | 'only' | 'replies' } | { readonly kind: 'no-path'; readonly hops: NumberText | null });

export interface TierNode {
  readonly name: Name;
  readonly ethernet: boolean;
  readonly default: {
    readonly verdict: 'pass' | 'allow' | 'drop' | 'reject';
    readonly whereSelected: boolean;
    readonly span: Span;
  } | null;
  /** `decides tcp, udp, sctp` */
  readonly decides: ServiceNode | null;
  readonly comments: readonly Comment[];
  readonly span: Span;
}

/** `key value` in a `dialect` block. The value of `defines` is a service. */
export interface SettingNode extends Placed {
  readonly key: Name;
  readonly value: Name | ServiceNode;
}

/** A time after the start of a scenario: `+90s`, `+1h30m`. */
export interface OffsetText {
  readonly kind: 'offset';
  readonly milliseconds: number;
  readonly span: Span;
}

/** `at +10s { … }` in a scenario. */
export interface StepNode extends Placed {
  readonly at: TimeText | OffsetText;
  readonly items: readonly TestItem[];
}

/** A question about a flow: `SRC -> DST [on SERVICE]`. */
export interface FlowNode extends FlowParts {
  readonly kind: 'flow';
  readonly span: Span;
}

export type StatementBody =
  | { readonly kind: 'language'; readonly version: NumberText }
  | { readonly kind: 'module'; readonly path: Path }
  | { readonly kind: 'import'; readonly path: Path; readonly names: readonly Name[] }
  | {
      readonly kind: 'label';
      readonly key: Name;
      readonly values: readonly Name[] | null;
      readonly cardinality: 'single' | 'several' | null;
    }
  | { readonly kind: 'service'; readonly name: Name; readonly service: ServiceNode }
  | {
      readonly kind: 'addresses';
      readonly name: Name;
      readonly of: readonly (AddressText | Path)[];
      readonly except: readonly (AddressText | Path)[];
    }
  | { readonly kind: 'group'; readonly name: Name; readonly peer: PeerNode }
  | { readonly kind: 'tiers'; readonly tiers: readonly TierNode[] }
  | { readonly kind: 'internal'; readonly of: readonly (AddressText | Path)[] }
  | { readonly kind: 'dialect'; readonly name: Name; readonly settings: readonly SettingNode[] }
  | { readonly kind: 'exclude' | 'governs'; readonly peer: PeerNode }
  | {
      readonly kind: 'policy';
      readonly name: Name;
      readonly tier: Name;
      /** Options of the header and lines of the body alike; `owner`, `ticket` and `reason` come last. */
      readonly options: readonly OptionNode[];
      readonly rules: readonly RuleNode[];
    }
  | { readonly kind: 'test'; readonly name: Name; readonly items: readonly TestItem[] }
  | { readonly kind: 'invariant'; readonly name: Name; readonly claims: readonly ClaimNode[] }
  | {
      readonly kind: 'budget';
      readonly name: Name;
      readonly direction: 'from' | 'to';
      readonly of: PeerNode;
      readonly hops: NumberText | null;
      readonly atMost: NumberText;
    }
  | {
      readonly kind: 'change-block';
      readonly name: Name;
      readonly changes: readonly ChangeNode[];
      readonly opens: readonly AssertionNode[];
      readonly closes: readonly AssertionNode[];
    }
  | {
      readonly kind: 'scenario';
      readonly name: Name;
      readonly steps: readonly StepNode[];
    }
  | { readonly kind: 'change'; readonly change: ChangeNode }
  | { readonly kind: 'tunnel'; readonly from: Name; readonly to: Name; readonly properties: readonly Property[] }
  | { readonly kind: 'world'; readonly node: WorldNode };

/**
 * One statement of a file, with its doc comment (the `///` lines above it, joined by line feeds) and the comments that
 * do not belong to something inside it.
 */
export interface Statement {
  readonly body: StatementBody;
  readonly doc: string | null;
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export interface Tree {
  readonly file: string;
  readonly statements: readonly Statement[];
  /** The comments behind the last statement; every other one is held by what it belongs to. */
  readonly comments: readonly Comment[];
  readonly span: Span;
}
