// Turns the text of a flow into one packet and walks it: a trace is of one packet, so that groups and open ports are
// refused.
import { type FlowQuestion, parseFlowQuestion } from '../bind/question/flow.ts';
import type { QuestionNames } from '../bind/question/question-names.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../net/protocols.ts';
import type { Fabric } from '../overlay/fabric/fabric.ts';
import { type Walk, type WalkOptions, walk } from '../overlay/walk/walk.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';

export interface AskedTrace {
  readonly walk: Walk;
  readonly flow: FlowQuestion;
}

/** Walks the packet that the text asks about, or says why it asks about none. */
export function askTrace(
  fabric: Fabric,
  text: Source,
  names: QuestionNames,
  options: WalkOptions,
): AskedTrace | { readonly diagnostics: readonly Diagnostic[] } {
  const { flow, diagnostics } = parseFlowQuestion(text, names);
  if (flow === null) return { diagnostics };
  const { source, destination, service } = flow;
  const span = { file: text.name, start: 0, end: text.text.length };
  if (source.kind !== 'one' || destination.kind !== 'one') {
    const help = 'name one workload, host or address at each end';
    return { diagnostics: [error('check/wrong-kind', 'a trace is of one packet', span, { help })] };
  }
  const { protocol, a, b } = service;
  const hasPort = protocol === TCP || protocol === UDP || protocol === SCTP;
  if (a === null && hasPort) {
    const help = 'name one port, such as `tcp/443`';
    return { diagnostics: [error('check/wrong-kind', 'a packet has one destination port', span, { help })] };
  }
  // An echo request, where nothing else is said of ICMP.
  const type = protocol === ICMP ? 8 : protocol === ICMP6 ? 128 : 0;
  const wanted = { source: source.ref, destination: destination.ref, family: null, protocol, a: a ?? type, b };
  return { walk: walk(fabric, wanted, options), flow };
}
