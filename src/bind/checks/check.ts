// The shape of a check: it judges a bound root without any inventory and says what is wrong.
// Adding one is a file here, a line in all-checks.ts, a code, its page and its test.

import type { Layer } from '../../model/layer.ts';
import type { PartSpans } from '../../model/part-spans.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';

/** `spans` knows where the options and parts of policies and rules stand, under the words that start them. */
export type Check = (layer: Layer, spans: PartSpans) => Iterable<Diagnostic>;
