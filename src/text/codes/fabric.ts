// Codes of fabrics: what the parts of a network say of each other that cannot be, or that will not carry traffic.
// One line a code, sorted; each has a page docs/codes/fabric-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const fabricCodes = {
  'fabric/duplicate-tep': { severity: 'error', summary: 'two hosts have one tunnel endpoint' },
  'fabric/duplicate-vni': { severity: 'error', summary: 'two segments have one VNI' },
  'fabric/lost-next-hop': { severity: 'error', summary: 'a route leads to an address on no network of its router' },
  'fabric/mtu-below-overhead': { severity: 'warning', summary: 'full packets do not fit through the tunnels' },
  'fabric/no-edge': { severity: 'warning', summary: 'a router needs a service router and has no edge for it' },
  'fabric/no-host': { severity: 'warning', summary: 'nothing says which host a workload on an overlay segment is on' },
  'fabric/no-tep': { severity: 'warning', summary: 'a host on an overlay segment has no tunnel endpoint' },
  'fabric/no-tunnel': { severity: 'warning', summary: 'no tunnel joins two sites that traffic is sent between' },
  'fabric/outside-span': { severity: 'error', summary: 'a host is in no site of the segment that it has workloads on' },
  'fabric/outside-zone': { severity: 'error', summary: 'a host is not in the transport zone of a segment' },
  'fabric/route-loop': { severity: 'warning', summary: 'routes lead round in a circle' },
  'fabric/router-loop': { severity: 'error', summary: 'routers connect upwards in a circle' },
  'fabric/unknown-name': {
    severity: 'error',
    summary: 'a rule of a gateway names a group or a service that is not there',
  },
} as const satisfies CodesOf<'fabric'>;
