// Reads questions about chains from the words of the command line: ends, a service, a number of hops.
import type { ReachQuestion } from '../../analyze/reach/question.ts';
import { type Endpoint, parseEndpoint } from '../../bind/question/endpoint.ts';
import { makeQuestionNames, type QuestionNames } from '../../bind/question/question-names.ts';
import { parseService } from '../../bind/question/service-question.ts';
import type { Layer } from '../../model/layer.ts';
import type { ServiceMatch } from '../../model/service.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import type { AskedChain } from '../../workspace/formats/reach.ts';
import { usage } from './refusal.ts';

export interface ChainWords {
  readonly direction: 'from' | 'to';
  readonly asked: AskedChain;
}

/** `FROM-OR-TO END [to END] [SERVICE]`, as it is written. */
export function readReachWords(words: readonly string[], hops: unknown): ChainWords | Diagnostic {
  const [direction, of, ...rest] = words;
  if (direction !== 'from' && direction !== 'to') {
    const problem = direction === undefined ? 'reach needs a direction and an end' : `\`${direction}\` is no direction`;
    return usage(direction === undefined ? 'usage/missing-argument' : 'usage/invalid-value', problem, REACH_FORMS);
  }
  if (of === undefined) return usage('usage/missing-argument', `reach ${direction} needs an end`, REACH_FORMS);
  const [between, other, ...more] = rest;
  const isNarrowed = between === 'to' && direction === 'from';
  if (isNarrowed && other === undefined) {
    return usage('usage/missing-argument', '`to` needs an end', REACH_FORMS);
  }
  const services = isNarrowed ? more : rest;
  return withService(direction, of, isNarrowed ? (other ?? null) : null, services, hops, REACH_FORMS);
}

/** `END END [SERVICE]`. */
export function readPathWords(words: readonly string[], hops: unknown): ChainWords | Diagnostic {
  const [of, only, ...services] = words;
  if (of === undefined || only === undefined) {
    return usage('usage/missing-argument', 'a path needs a source and a destination', PATH_FORMS);
  }
  return withService('from', of, only, services, hops, PATH_FORMS);
}

const REACH_FORMS = 'write `bulkhead reach from web-01`, `reach to db-01 tcp/5432` or `reach from internet to db-01`';
const PATH_FORMS = 'write `bulkhead path web-01 db-01` or `bulkhead path web-01 db-01 tcp/5432`';

function withService(
  direction: 'from' | 'to',
  of: string,
  only: string | null,
  services: readonly string[],
  hops: unknown,
  forms: string,
): ChainWords | Diagnostic {
  const [service = null, more] = services;
  if (more !== undefined) return usage('usage/excess-argument', `\`${more}\` is one argument too many`, forms);
  const count = hops === undefined ? null : Number(hops);
  if (count !== null && !(Number.isSafeInteger(count) && count > 0)) {
    return usage('usage/invalid-value', `\`--hops\` does not take \`${hops}\``, 'a whole number, 1 or more');
  }
  return { direction, asked: { of, only, service, hops: count } };
}

export interface BoundChain {
  /** null after an error. */
  readonly question: ReachQuestion | null;
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Gives the words their meaning in the layers. */
export function bindChain({ direction, asked }: ChainWords, layers: readonly Layer[]): BoundChain {
  const names = makeQuestionNames(layers);
  const found: Diagnostic[] = [];
  const sources: Source[] = [];
  const source = (name: string, text: string): Source => {
    const made = makeSource(name, text);
    sources.push(made);
    return made;
  };
  const end = (name: string, text: string): Endpoint | null => {
    const { endpoint, diagnostics } = parseEndpoint(source(name, text), names);
    found.push(...diagnostics);
    return endpoint;
  };
  const of = end(direction, asked.of);
  const only = asked.only === null ? null : end('to', asked.only);
  const service = asked.service === null ? null : bindService(source('service', asked.service), names, found);
  if (of === null || hasErrors(found)) return { question: null, sources, diagnostics: found };
  return { question: { direction, of, only, service, hops: asked.hops }, sources, diagnostics: found };
}

function bindService(source: Source, names: QuestionNames, found: Diagnostic[]): ServiceMatch | null {
  const { service, diagnostics } = parseService(source, names);
  found.push(...diagnostics);
  return service;
}
