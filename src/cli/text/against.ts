// Says what a workload has where a rule asks for something else: the labels and fields that the rule's peer looks at.
// `name == cart` beside `name=carts` shows a slip at a glance.

import type { Layer } from '../../model/layer.ts';
import type { Condition, Field, Peer } from '../../model/peer.ts';
import type { Workload } from '../../model/workload.ts';

/** `name=carts tier=web`, `no label name`; null where the peer looks at nothing that could be shown. */
export function describeAgainst(peer: Peer, workload: string, layer: Layer, layers: readonly Layer[]): string | null {
  // A layer's selectors see its own workloads; those of a root see all.
  const visible = layer.kind === 'root' ? layers : [layer];
  const views = visible.flatMap((item) => item.world.workloads.filter(({ id }) => id === workload));
  if (views.length === 0) return null;
  const asked: Asked = { labels: new Set(), fields: new Set() };
  visitPeer(peer, layer, asked, new Set());
  const labels = [...asked.labels].map((key) => {
    const values = [...new Set(views.flatMap((view) => view.labels.get(key) ?? []))];
    return values.length === 0 ? `no label ${key}` : values.map((value) => `${key}=${value}`).join(' ');
  });
  const fields = [...asked.fields].flatMap((field) =>
    views.slice(0, 1).map((view) => `${field} ${fieldOf(view, field)}`),
  );
  const parts = [...labels, ...fields];
  return parts.length === 0 ? null : parts.join(', ');
}

interface Asked {
  readonly labels: Set<string>;
  readonly fields: Set<Field>;
}

function visitPeer(peer: Peer, layer: Layer, asked: Asked, seen: Set<string>): void {
  switch (peer.kind) {
    case 'group': {
      const group = layer.groups.get(peer.group);
      if (group === undefined || seen.has(peer.group)) return;
      seen.add(peer.group);
      visitPeer(group.peer, layer, asked, seen);
      return;
    }
    case 'select':
      if (peer.where !== null) visitCondition(peer.where, asked);
      return;
    case 'union':
    case 'intersect':
      for (const part of peer.of) visitPeer(part, layer, asked, seen);
      return;
    case 'except':
      visitPeer(peer.of, layer, asked, seen);
      visitPeer(peer.except, layer, asked, seen);
      return;
    case 'negated':
      visitPeer(peer.of, layer, asked, seen);
      return;
    case 'segment':
      asked.fields.add('segment');
      return;
    case 'site':
      asked.fields.add('site');
      return;
    default:
      return;
  }
}

function visitCondition(condition: Condition, asked: Asked): void {
  switch (condition.op) {
    case 'and':
    case 'or':
      for (const part of condition.of) visitCondition(part, asked);
      return;
    case 'not':
      visitCondition(condition.of, asked);
      return;
    case 'label':
    case 'has':
      asked.labels.add(condition.key);
      return;
    case 'field':
      asked.fields.add(condition.field);
      return;
    default:
      return;
  }
}

function fieldOf(workload: Workload, field: Field): string {
  if (field === 'segment') {
    const names = workload.interfaces.flatMap((item) => item.segment ?? []);
    return names.length === 0 ? 'unknown' : names.join(' and ');
  }
  return workload[field] ?? 'unknown';
}
