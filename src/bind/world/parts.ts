// Finds where a part of something in the world was written, by the names that the checks of worlds and labels use.

import type { FindPart } from '../../model/part-spans.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import type { LabelPair, Property, WorldNode } from '../../syntax/tree.ts';
import type { Span } from '../../text/source.ts';
import { valueText } from './properties.ts';

/** The parts of a block: `id`, `host`, `site ID`, `label …`, `address A`, `subnet N`, or a property's one value. */
export function findInBlock(node: WorldNode): FindPart {
  return (part) => {
    const [word, rest] = splitPart(part);
    switch (word) {
      case 'id':
        return node.id.span;
      case 'host':
        return node.on?.span;
      case 'site':
        return node.sites.find((site) => site.text === rest)?.span;
      case 'label':
        return findLabel(
          node.properties.flatMap((line) => line.labels),
          rest,
        );
      case 'address':
        return findAddress(valuesOf(node, 'address'), rest);
      case 'subnet':
        return valuesOf(node, 'subnet')[Number(rest)]?.span;
      case 'edges':
        return valuesOf(node, 'edges').find((value) => valueText(value) === rest)?.span;
      case 'router':
        return valuesOf(node, 'on')[0]?.span;
      default:
        return valuesOf(node, word)[0]?.span;
    }
  };
}

/** The parts of an interface: `mac`, `address A`. */
export function findInInterface(line: Property): FindPart {
  return (part) => {
    const [word, rest] = splitPart(part);
    if (word === 'address') return findAddress(line.values, rest);
    const marker = line.values.findIndex((value) => value.kind === 'name' && value.text === word);
    return marker < 0 ? null : line.values[marker + 1]?.span;
  };
}

/** The parts of labels alone. */
export function findInLabels(pairs: readonly LabelPair[]): FindPart {
  return (part) => {
    const [word, rest] = splitPart(part);
    return word === 'label' ? findLabel(pairs, rest) : null;
  };
}

function splitPart(part: string): readonly [word: string, rest: string] {
  const blank = part.indexOf(' ');
  return blank < 0 ? [part, ''] : [part.slice(0, blank), part.slice(blank + 1)];
}

function valuesOf(node: WorldNode, word: string): Property['values'] {
  return node.properties.flatMap((line) => (line.name.text === word ? line.values : []));
}

function findAddress(values: Property['values'], wanted: string): Span | undefined {
  return values.find((value) => {
    const text = valueText(value);
    // An IPv4 address is written in one way only.
    if (text === wanted || !text.includes(':')) return text === wanted;
    const parsed = parseAddress(text);
    return !('problem' in parsed) && formatAddress(parsed) === wanted;
  })?.span;
}

/** `KEY` or `KEY=VALUE`. */
function findLabel(pairs: readonly LabelPair[], wanted: string): Span | undefined {
  const pair = pairs.find(({ key, value }) => `${key.text}=${value.text}` === wanted);
  return pair === undefined ? pairs.find(({ key }) => key.text === wanted)?.key.span : pair.value.span;
}
