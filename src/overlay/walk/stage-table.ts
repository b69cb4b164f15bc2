// Every stage by its name, in the order in which a packet meets them. A stage is added with its file, its name in
// step.ts, its line here and its section in docs/overlay-pipeline.md.

import { accessListIn } from '../stages/access-list-in.ts';
import { accessListOut } from '../stages/access-list-out.ts';
import { decapsulation } from '../stages/decapsulation.ts';
import { delivery } from '../stages/delivery.ts';
import { dfwIn } from '../stages/dfw-in.ts';
import { dfwOut } from '../stages/dfw-out.ts';
import { encapsulation } from '../stages/encapsulation.ts';
import { ethernet } from '../stages/ethernet.ts';
import { gatewayFirewall } from '../stages/gateway-firewall.ts';
import { nat } from '../stages/nat.ts';
import { node } from '../stages/node.ts';
import { router } from '../stages/router.ts';
import { securityGroupIn } from '../stages/security-group-in.ts';
import { securityGroupOut } from '../stages/security-group-out.ts';
import { segment } from '../stages/segment.ts';
import { service } from '../stages/service.ts';
import { serviceRouter } from '../stages/service-router.ts';
import { spoofguard } from '../stages/spoofguard.ts';
import { tunnel } from '../stages/tunnel.ts';
import { underlay } from '../stages/underlay.ts';
import { uplink } from '../stages/uplink.ts';
import { vnic } from '../stages/vnic.ts';
import type { Stage, StageName } from '../step/step.ts';

export const stages: Readonly<Record<StageName, Stage>> = {
  vnic,
  spoofguard,
  ethernet,
  service,
  'dfw-out': dfwOut,
  'security-group-out': securityGroupOut,
  node,
  segment,
  'access-list-out': accessListOut,
  router,
  encapsulation,
  underlay,
  decapsulation,
  'service-router': serviceRouter,
  'gateway-firewall': gatewayFirewall,
  nat,
  uplink,
  tunnel,
  'access-list-in': accessListIn,
  'security-group-in': securityGroupIn,
  'dfw-in': dfwIn,
  delivery,
};
