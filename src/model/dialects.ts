// The dialects of the platforms that are imported, each choice with its source. The dialect of a policy root is in
// dialect.ts. Records only: a choice that needs code is a field of Dialect. Add one here and to `dialects` below.
import { ALL_SERVICES } from '../net/services.ts';
import { bulkheadDialect, type Dialect } from './dialect.ts';
import { kubernetesDialects } from './kubernetes-dialects.ts';

/**
 * The distributed firewall of NSX 4.2.
 * Ties: equal sequence numbers have an undefined order (NSX 4.2 schemas Policy, BaseRule: `sequence_number`).
 * Peers: a rule is realised as the addresses of its groups' members, as IP discovery knows them (NSX administration
 * guide, "Understanding IP Discovery Segment Profile"), so two machines with one address match together, and a machine
 * without a known address matches nothing.
 * FQDN: `*.x` is exactly one label (administration guide, "Filtering Specific Domains").
 * Case: conditions of groups are evaluated without regard to it (NSX 4.2 schema Condition).
 * Established connections: a connection is looked up again when the rules have changed (US patent 10,708,229).
 */
export const nsxDialect: Dialect = {
  name: 'nsx',
  ties: 'undefined',
  selection: 'per-direction',
  peers: 'realised-address',
  addressPeersMatchWorkloads: true,
  residentHostExempt: false,
  fqdnWildcard: 'one',
  labelCase: 'insensitive',
  established: 'rechecked',
  defines: ALL_SERVICES,
};

/** NSX where a dump has no address of any machine: there is nothing to go by but who they are. */
export const nsxIdentityDialect: Dialect = { ...nsxDialect, peers: 'identity' };

/** Every dialect that a policy can name. */
export const dialects: ReadonlyMap<string, Dialect> = new Map(
  [bulkheadDialect, ...kubernetesDialects, nsxDialect].map((dialect) => [dialect.name, dialect]),
);
