// Graphviz as WebAssembly, which lays out drawings: a package that not everybody installs, loaded only where it is used.
import type { Layout } from '../../exporters/graph/svg.ts';

/** null where the optional package is not installed. */
export async function loadLayout(): Promise<Layout | null> {
  try {
    const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
    const graphviz = await Graphviz.load();
    return (dot) => graphviz.dot(dot);
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw reason;
  }
}
