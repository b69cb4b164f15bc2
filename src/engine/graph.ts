// The graph of a snapshot: its world and groups, and the rules that are in force at its instant.

import { idleBecause } from '../compile/activity.ts';
import { buildWorldGraph, toPolicyGraph } from '../graph/policy-graph.ts';
import type { PolicyGraph } from '../model/graph.ts';
import type { Snapshot } from './pipeline.ts';

export function buildGraph(snapshot: Snapshot): PolicyGraph {
  const { membership } = snapshot.evaluator;
  return toPolicyGraph(buildWorldGraph(membership, (policy, rule) => idleBecause(policy, rule, snapshot.at) === null));
}
