// Turns a service as written back into text for people: names stay names, numbers stay numbers.
// Whole files are printed by the syntax; this is the one line that a verdict or a table shows.

import type { Name, RangeNode, ServiceNode } from '../../syntax/tree.ts';

/** The words of the language, such as `https, tcp/1-99,443 from 1024-65535`. */
export function serviceText(node: ServiceNode): string {
  switch (node.kind) {
    case 'any':
      return 'any';
    case 'reference':
      return node.path.parts.map(nameText).join('.');
    case 'ports': {
      const ports = node.ports.length === 0 ? '' : `/${node.ports.map(portText).join(',')}`;
      const from = node.from.length === 0 ? '' : ` from ${node.from.map(rangeText).join(',')}`;
      return `${node.protocol}${ports}${from}`;
    }
    case 'icmp': {
      const type = node.type === null ? '' : `/${'text' in node.type ? node.type.text : rangeText(node.type)}`;
      const code = node.code === null ? '' : `/${rangeText(node.code)}`;
      return `icmp${node.family === 6 ? '6' : ''}${type}${code}`;
    }
    case 'protocol':
      return `proto/${'text' in node.number ? node.number.text : rangeText(node.number)}`;
    case 'named-port':
      return `port "${node.name.text}"`;
    case 'opaque':
      return `${operand(node.of)} opaque "${node.reason.text}"`;
    case 'list':
      return node.of.map((part) => (part.kind === 'except' ? operand(part) : serviceText(part))).join(', ');
    case 'except':
      return `${operand(node.of)} except ${operand(node.except)}`;
  }
}

function operand(node: ServiceNode): string {
  const compound = node.kind === 'list' || node.kind === 'except' || node.kind === 'opaque';
  return compound ? `(${serviceText(node)})` : serviceText(node);
}

function portText(port: RangeNode | Name): string {
  return 'text' in port ? `"${port.text}"` : rangeText(port);
}

function rangeText({ from, to }: RangeNode): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

function nameText(name: Name): string {
  return name.quoted ? `"${name.text}"` : name.text;
}
