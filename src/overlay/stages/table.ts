// Every stage by its name, in the order in which a packet meets them. A stage is added with its file, its name in
// step.ts, its line here and its section in docs/overlay-pipeline.md.

import type { Stage, StageName } from '../step/step.ts';
import { accessListIn } from './access-list-in.ts';
import { accessListOut } from './access-list-out.ts';
import { decapsulation } from './decapsulation.ts';
import { delivery } from './delivery.ts';
import { dfwIn } from './dfw-in.ts';
import { dfwOut } from './dfw-out.ts';
import { encapsulation } from './encapsulation.ts';
import { ethernet } from './ethernet.ts';
import { gatewayFirewall } from './gateway-firewall.ts';
import { nat } from './nat.ts';
import { node } from './node.ts';
import { router } from './router.ts';
import { securityGroupIn } from './security-group-in.ts';
import { securityGroupOut } from './security-group-out.ts';
import { segment } from './segment.ts';
import { serviceRouter } from './service-router.ts';
import { spoofguard } from './spoofguard.ts';
import { tunnel } from './tunnel.ts';
import { underlay } from './underlay.ts';
import { uplink } from './uplink.ts';
import { vnic } from './vnic.ts';

export const stages: Readonly<Record<StageName, Stage>> = {
  vnic,
  spoofguard,
  ethernet,
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
