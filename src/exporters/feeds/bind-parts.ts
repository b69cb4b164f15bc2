// Texts that say who is a member → parts of a feed, in the terms of the layers at hand. A text is whatever can be an end
// of a flow in a question: a group, a workload, an address, any peer of the language.

import { parseEndpoint } from '../../bind/question/endpoint.ts';
import { peerOfEndpoint } from '../../bind/question/peer-of-endpoint.ts';
import type { QuestionNames } from '../../bind/question/question-names.ts';
import type { Layer } from '../../model/layer.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import type { FeedPart } from './feed.ts';

/** A part as it is configured or asked for. */
export interface PartText {
  /** null: the id of the group that `of` names, else `of` itself. */
  readonly name: string | null;
  readonly description: string;
  readonly of: string;
}

export interface BoundParts {
  /** One for each text, unless there is an error. */
  readonly parts: readonly FeedPart[];
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Gives the texts their meaning. */
export function bindParts(texts: readonly PartText[], layers: readonly Layer[], names: QuestionNames): BoundParts {
  const sources: Source[] = [];
  const diagnostics: Diagnostic[] = [];
  const taken = new Set<string>();
  const parts = texts.flatMap(({ name, description, of }): readonly FeedPart[] => {
    const source = makeSource(of, of);
    sources.push(source);
    const { endpoint, diagnostics: found } = parseEndpoint(source, names);
    diagnostics.push(...found);
    if (endpoint === null) return [];
    const peer = endpoint.kind === 'every' ? endpoint.peer : peerOfEndpoint(endpoint.ref);
    if (peer === null) {
      diagnostics.push(notListed(source));
      return [];
    }
    const called = name ?? (peer.kind === 'group' ? peer.group : of);
    if (taken.has(called)) {
      diagnostics.push(twice(source, called));
      return [];
    }
    taken.add(called);
    const home = endpoint.kind === 'every' ? endpoint.layer : names.layers[0]?.layer.name;
    const layer = layers.findIndex((item) => item.name === home);
    return [{ name: called, description, peer, layer }];
  });
  return { parts, sources, diagnostics };
}

function twice({ name, text }: Source, called: string): Diagnostic {
  return error('check/duplicate-name', `\`${called}\` is listed twice`, { file: name, start: 0, end: text.length });
}

function notListed({ name, text }: Source): Diagnostic {
  return error(
    'check/wrong-kind',
    `\`${text}\` is a service address, and stands for workloads`,
    { file: name, start: 0, end: text.length },
    { help: 'list its workloads, or its address as such: `addresses 10.0.0.1`' },
  );
}
