// What a rule says about protocol and ports: an exact set, named ports still to be resolved at the destination,
// and the part that this model cannot know (an L7 profile), which makes the match a maybe.

import type { Intervals } from '../net/intervals.ts';
import type { ServiceSet } from '../net/services.ts';

export interface NamedPortMatch {
  readonly name: string;
  /** null: whatever protocol the destination gives that name. */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | null;
  readonly sourcePorts: Intervals | null;
}

export interface ServiceMatch {
  readonly set: ServiceSet;
  readonly named: readonly NamedPortMatch[];
  /** Why a match inside `set` is only a maybe (an L7 profile, an ALG's dynamic ports); null: certain. */
  readonly opaque: string | null;
  /** The text the author wrote, for printing: names stay names. */
  readonly text: string | null;
}
