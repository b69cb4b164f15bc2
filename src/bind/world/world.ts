// Turns the world statements of a root into a world. Service addresses come last: their backends are peers, which may
// name anything that the rest of the world and the policies declare.

import type { Peer } from '../../model/peer.ts';
import type { ServiceAddress, ServicePortMap, World } from '../../model/world.ts';
import type { WorldNode } from '../../syntax/tree.ts';
import type { Placed, Scope } from '../names/scope.ts';
import { bindPeer } from '../terms/peers.ts';
import { findInBlock } from './parts.ts';
import { bindHost, bindHostAlias, bindNamespace, bindRouter, bindSegment, bindSite, bindTunnel } from './places.ts';
import { readAddresses, readProperties, readText, refuseProperty, valueText, type WorldContext } from './properties.ts';
import { bindWorkload, headerSpan, isWorkload, onePort, refuseHeader } from './workloads.ts';

/** Everything but service addresses. */
export function bindWorld(
  statements: readonly Placed<'world'>[],
  tunnels: readonly Placed<'tunnel'>[],
  context: WorldContext,
): World {
  const nodes = statements.map(({ body }) => body.node);
  const of = (...what: readonly WorldNode['what'][]): readonly WorldNode[] =>
    nodes.filter((node) => what.includes(node.what));
  return {
    sites: of('site').map((node) => bindSite(node, context)),
    hosts: of('host').map((node) => bindHost(node, context)),
    segments: of('segment').map((node) => bindSegment(node, context)),
    routers: of('tier0', 'tier1').map((node) => bindRouter(node, context)),
    tunnels: tunnels.map(({ body, statement }) => bindTunnel(body, statement.span, context)),
    namespaces: of('namespace').map((node) => bindNamespace(node, context)),
    workloads: nodes.filter(isWorkload).map((node) => bindWorkload(node, context)),
    serviceAddresses: [],
    hostAliases: of('host-alias').map((node) => bindHostAlias(node, context)),
  };
}

const WORDS = { address: 'many', namespace: 'once', backends: 'once', map: 'many' } as const;

/** The service addresses of a root. */
export function bindServiceAddresses(
  statements: readonly Placed<'world'>[],
  scopeOf: (statement: Placed<'world'>) => Scope,
  context: WorldContext,
): readonly ServiceAddress[] {
  return statements
    .filter(({ body }) => body.node.what === 'service-address')
    .map((statement) => bindServiceAddress(statement.body.node, scopeOf(statement), context));
}

function bindServiceAddress(node: WorldNode, scope: Scope, context: WorldContext): ServiceAddress {
  if (node.on !== null || node.sites.length > 0 || node.type !== null) {
    refuseHeader(node, 'is nowhere: it has only properties', undefined, context);
  }
  const properties = readProperties(node.properties, WORDS, 'a service-address', context);
  const backends = properties.one('backends')?.peer ?? null;
  if (backends === null) refuseHeader(node, 'needs its `backends`', undefined, context);
  const peer: Peer = backends === null ? { kind: 'nothing' } : bindPeer(backends, scope);
  const serviceAddress: ServiceAddress = {
    id: node.id.text,
    namespace: readText(properties.one('namespace'), context),
    addresses: readAddresses(properties.all('address'), context),
    backends: peer,
    ports: properties.all('map').flatMap((line): readonly ServicePortMap[] => {
      const port = onePort(line);
      const target = line.values[0];
      if (port === null || target === undefined) {
        return refuseProperty(line, 'one port and its target, such as `map tcp/80 -> 8080`', context) ?? [];
      }
      if (target.kind !== 'number') return [{ ...port, target: valueText(target) }];
      if (target.value > 65535) return refuseProperty(line, 'a port up to 65535', context, target.span) ?? [];
      return [{ ...port, target: target.value }];
    }),
    span: headerSpan(node),
  };
  context.spans.keep(serviceAddress, findInBlock(node));
  return serviceAddress;
}
