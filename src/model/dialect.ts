// A dialect: the named choices in which platforms differ (semantics §10). A record that travels with a layer,
// never an `if` in the evaluator.

import { ALL_SERVICES, type ServiceSet } from '../net/services.ts';

export interface Dialect {
  readonly name: string;
  /** How policies, or rules of one sequence number, that tie are ordered (semantics §5). `error`: a tie that matters is refused by `check`. */
  readonly ties: 'by-name' | 'deny-wins' | 'undefined' | 'error';
  /** Whether a policy selects a workload per direction or in any direction (semantics §6). */
  readonly selection: 'per-direction' | 'any-direction';
  /** Peers by identity, or by the addresses realised for them (duplicates match together, unbound workloads match nothing). */
  readonly peers: 'identity' | 'realised-address';
  /** Whether address peers match workloads that own such an address. */
  readonly addressPeersMatchWorkloads: boolean;
  /** Traffic of a workload's own host to it is not judged. */
  readonly residentHostExempt: boolean;
  /** `*.x` in an FQDN: exactly one label, one or more, or any including the apex. */
  readonly fqdnWildcard: 'one' | 'many' | 'apex';
  readonly labelCase: 'sensitive' | 'insensitive';
  /** What happens to established connections when policy changes or a window closes (semantics §9). */
  readonly established: 'survive' | 'rechecked';
  /** The protocols its policies are defined over; `all` in a flow table means these. */
  readonly defines: ServiceSet;
}

/** The dialect of a policy root unless it names another. */
export const bulkheadDialect: Dialect = {
  name: 'bulkhead',
  ties: 'error',
  selection: 'per-direction',
  peers: 'identity',
  addressPeersMatchWorkloads: true,
  residentHostExempt: false,
  fqdnWildcard: 'one',
  labelCase: 'sensitive',
  established: 'rechecked',
  defines: ALL_SERVICES,
};
