// Turns the model's services into syntax. Exact sets are written as the language writes them; named ports and what is
// only perhaps matched keep their own forms.

import { invariant } from '../../base/invariant.ts';
import type { NamedPortMatch, ServiceMatch } from '../../model/service.ts';
import { toPairs } from '../../net/intervals.ts';
import { formatServices } from '../../net/service-text.ts';
import { isAllServices, isNoServices, type ServiceSet } from '../../net/services.ts';
import { parseServiceText } from '../../syntax/parse.ts';
import type { ServiceNode } from '../../syntax/tree.ts';
import { makeSource } from '../../text/source.ts';
import { NOWHERE, nameNode, rangeNode } from './nodes.ts';

/** null: the rule names no service at all, and can match nothing. */
export function serviceNode(service: ServiceMatch): ServiceNode | null {
  const parts = [...(isNoServices(service.set) ? [] : [setNode(service.set)]), ...service.named.map(namedNode)];
  const [first, ...rest] = parts;
  if (first === undefined) return null;
  const node: ServiceNode = rest.length === 0 ? first : { kind: 'list', of: parts, span: NOWHERE };
  if (service.opaque === null) return node;
  return { kind: 'opaque', of: node, reason: nameNode(service.opaque, true), span: NOWHERE };
}

/** What `formatServices` writes is the language, so reading it gives the syntax. */
export function setNode(set: ServiceSet): ServiceNode {
  if (isAllServices(set)) return { kind: 'any', span: NOWHERE };
  const { node, diagnostics } = parseServiceText(makeSource('services', formatServices(set)));
  invariant(node !== null && diagnostics.length === 0, 'services are written in the language');
  return node;
}

function namedNode({ name, protocol, sourcePorts }: NamedPortMatch): ServiceNode {
  if (protocol === null) return { kind: 'named-port', name: nameNode(name, true), span: NOWHERE };
  const from = sourcePorts === null ? [] : toPairs(sourcePorts).map(([low, high]) => rangeNode(low, high));
  return { kind: 'ports', protocol, ports: [nameNode(name, true)], from, span: NOWHERE };
}
