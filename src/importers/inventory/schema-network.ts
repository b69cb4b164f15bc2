// The shape of what a network does to packets, as parts of routers, segments and interfaces in an inventory file:
// routes, address translation, gateway rules, access lists, security groups. The file itself is schema.ts.

import * as z from 'zod';
import { firewallMatches, gatewayCategories, natActions } from '../../model/network/network.ts';

const name = z.string().min(1).describe('a name');
const network = z.string().min(1).describe('an address or a network such as `10.0.0.0/8`');
const networks = z.array(network).min(1).describe('a list of networks').optional();
const services = z
  .array(z.string().min(1).describe('a service such as `tcp/443`'))
  .min(1)
  .describe('a list of services such as `tcp/443`')
  .optional();
const names = z.array(name).min(1).describe('a list of names').optional();
const port = z.int().min(0).max(65535).describe('a port from 0 to 65535');

const listing = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');

/** A route: `via` an address, `internet` or `blackhole`, or to another `site` through its tunnel. */
export const route = z
  .strictObject({
    to: z.string().min(1).describe('a network such as `0.0.0.0/0`'),
    via: z.string().min(1).describe('an address, `internet` or `blackhole`').optional(),
    site: name.optional(),
    learned: z.boolean().describe('`true` or `false`').optional(),
  })
  .describe('a route: a mapping with `to` and either `via` or `site`');

export const natRule = z
  .strictObject({
    id: name,
    action: z.enum(natActions).describe(listing(natActions)),
    source: networks,
    destination: networks,
    services,
    translated: network.optional(),
    translatedPort: port.optional(),
    match: z.enum(firewallMatches).describe(listing(firewallMatches)).optional(),
    priority: z.int().min(0).max(2147483647).describe('a number from 0').optional(),
  })
  .describe('a rule of address translation: a mapping with `id` and `action`');

export const gatewayRule = z
  .strictObject({
    id: name,
    category: z.enum(gatewayCategories).describe(listing(gatewayCategories)).optional(),
    action: z.enum(['allow', 'drop', 'reject']).describe('`allow`, `drop` or `reject`'),
    direction: z.enum(['in', 'out', 'both']).describe('`in`, `out` or `both`').optional(),
    source: networks,
    destination: networks,
    services,
    sourceGroups: names,
    destinationGroups: names,
    serviceNames: names,
    stateless: z.boolean().describe('`true` or `false`').optional(),
  })
  .describe('a rule of a gateway: a mapping with `id` and `action`');

const accessRule = z
  .strictObject({
    number: z.int().min(1).max(32766).describe('a number from 1 to 32766').optional(),
    direction: z.enum(['in', 'out']).describe('`in` or `out`'),
    action: z.enum(['allow', 'drop']).describe('`allow` or `drop`').optional(),
    peer: networks,
    group: name.optional(),
    services,
  })
  .describe('a rule: a mapping with `direction`');

export const accessList = z
  .strictObject({
    id: name,
    kind: z.enum(['acl', 'security-group']).describe('`acl` or `security-group`'),
    rules: z.array(accessRule).describe('a list of rules').optional(),
  })
  .describe('an access list: a mapping with `id` and `kind`');
