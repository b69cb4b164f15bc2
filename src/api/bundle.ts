// What an enforcement point is handed, `bulkhead.bundle/1`: everything it needs, or what changed since something it has.
// The format is explained in docs/bundles.md; what its parts mean, in src/exporters/bundle/.
import * as z from 'zod';

export const BUNDLE_FORMAT = 'bulkhead.bundle/1';

const id = z.string();
const ids = z.array(id).readonly();
const texts = z.array(z.string()).readonly();
const yes = z.literal(true).exactOptional();
const family = z.union([z.literal(4), z.literal(6)]);
const range = z.tuple([z.int(), z.int()]).readonly();
const ranges = z.array(range).readonly();

const service = z.union([
  z.strictObject({
    protocol: z.enum(['tcp', 'udp', 'sctp']),
    ports: ranges.exactOptional(),
    sourcePorts: ranges.exactOptional(),
  }),
  z.strictObject({
    protocol: z.enum(['icmp', 'icmp6']),
    types: z
      .array(z.strictObject({ type: z.int(), codes: ranges }))
      .readonly()
      .exactOptional(),
  }),
  z.strictObject({ protocol: z.literal('ip'), numbers: ranges }),
]);
const services = z.array(service).readonly();

type Order = readonly (string | { readonly tie: 'undefined' | 'deny-wins'; readonly members: readonly Order[] })[];
// Policies tie, and in each of them rules: nothing nests deeper.
const tieOf = <T extends z.ZodType>(member: T) =>
  z.strictObject({ tie: z.enum(['undefined', 'deny-wins']), members: z.array(member).readonly() });
const tiedRules = z.array(z.union([id, tieOf(z.array(id).readonly())])).readonly();
const order: z.ZodType<Order> = z.array(z.union([id, tieOf(tiedRules)])).readonly();

const layer = z.strictObject({
  name: z.string(),
  judges: id,
  established: z.enum(['survive', 'rechecked']),
  residentHostExempt: yes,
  tiers: z
    .array(
      z.strictObject({
        name: z.string(),
        default: z.enum(['allow', 'drop', 'reject', 'pass']),
        whereSelected: yes,
        decides: services.exactOptional(),
        selects: z.strictObject({ in: id, out: id }).exactOptional(),
        order,
      }),
    )
    .readonly(),
});
const rule = z.strictObject({
  id,
  layer: z.string(),
  policy: z.string(),
  rule: z.string(),
  action: z.enum(['allow', 'drop', 'reject', 'pass', 'log']),
  passTo: z.string().exactOptional(),
  direction: z.enum(['in', 'out', 'both']),
  family: family.exactOptional(),
  services: services.exactOptional(),
  source: id.exactOptional(),
  destination: id.exactOptional(),
  appliesTo: id.exactOptional(),
  opaque: z.string().exactOptional(),
  stateless: yes,
  strict: yes,
  log: yes,
  notBefore: z.string().exactOptional(),
  notAfter: z.string().exactOptional(),
  windows: z
    .array(z.strictObject({ days: texts, start: z.string(), end: z.string(), zone: z.string() }))
    .readonly()
    .exactOptional(),
});
const lists = {
  addresses: texts.exactOptional(),
  maybe: texts.exactOptional(),
  here: ids.exactOptional(),
  hereMaybe: ids.exactOptional(),
};
const groupKey = { id, space: z.string().exactOptional() };
const group = z.strictObject({ ...groupKey, ...lists, unresolved: z.int().exactOptional() });
const place = z.strictObject({
  id,
  workload: z.string(),
  interface: z.string(),
  family,
  address: z.string().exactOptional(),
  space: z.string().exactOptional(),
  own: texts.exactOptional(),
  host: texts.exactOptional(),
  hostMaybe: texts.exactOptional(),
});

const contentSchema = z.strictObject({
  layers: z.array(layer).readonly(),
  rules: z.array(rule).readonly(),
  groups: z.array(group).readonly(),
  places: z.array(place).readonly(),
});

const changeSchema = z.strictObject({
  layers: z.array(layer).readonly().exactOptional(),
  rules: z.strictObject({ upsert: z.array(rule).readonly(), delete: ids }),
  groups: z.strictObject({
    upsert: z.array(group).readonly(),
    change: z
      .array(
        z.strictObject({
          ...groupKey,
          add: z.strictObject(lists).exactOptional(),
          remove: z.strictObject(lists).exactOptional(),
          unresolved: z.int().exactOptional(),
        }),
      )
      .readonly(),
    delete: z.array(z.strictObject(groupKey)).readonly(),
  }),
  places: z.strictObject({ upsert: z.array(place).readonly(), delete: ids }),
});

const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe('of the canonical text of a content');

const head = {
  format: z.literal(BUNDLE_FORMAT),
  point: z.string(),
  revision: z.string().describe('the first revision of which the point was told this content'),
  seq: z.int().min(0).describe('grows with every content that the point is told; gaps mean nothing'),
};

export const snapshotSchema = z
  .strictObject({ ...head, kind: z.literal('snapshot'), digest, content: contentSchema })
  .describe('everything');

export const deltaSchema = z
  .strictObject({
    ...head,
    kind: z.literal('delta'),
    base: digest.describe('of the content that this changes'),
    digestAfter: digest,
    change: changeSchema,
  })
  .describe('what changed since `base`');

export const bundleSchema = z.discriminatedUnion('kind', [snapshotSchema, deltaSchema]).describe(BUNDLE_FORMAT);

export type SnapshotDocument = z.infer<typeof snapshotSchema>;
export type DeltaDocument = z.infer<typeof deltaSchema>;
export type BundleDocument = z.infer<typeof bundleSchema>;

/** The public keys of a server (RFC 7517). */
export const keysSchema = z.object({
  keys: z
    .array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
      }),
    )
    .readonly(),
});
