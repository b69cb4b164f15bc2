// Writes the graph as a document, `bulkhead.graph/1`: nodes and edges as they are.
import type { PolicyGraph } from '../../model/graph.ts';

export const GRAPH_FORMAT = 'bulkhead.graph/1';

export interface GraphDocument extends PolicyGraph {
  readonly format: typeof GRAPH_FORMAT;
}

export function makeGraphDocument({ nodes, edges }: PolicyGraph): GraphDocument {
  return { format: GRAPH_FORMAT, nodes, edges };
}
