// SpoofGuard: where the segment asks for it, a source address that is not bound to the interface goes no further.

import { formatAddress } from '../../net/address.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

const OFF: Show = () => ({ note: 'off' });

export const spoofguard: Stage = (packet) => {
  const { source, header } = packet;
  const component = source?.id ?? 'outside';
  if (source?.segment?.spoofguard !== true) {
    return goOn('spoofguard', component, 'forwarded', packet, 'ethernet', OFF);
  }
  const isBound = source.addresses.some(({ value }) => value === header.source.value);
  const show: Show = () => ({
    tables: [{ table: 'bindings', key: formatAddress(header.source), value: isBound ? source.id : null }],
  });
  if (isBound) return goOn('spoofguard', component, 'allowed', packet, 'ethernet', show);
  const reason = `\`${formatAddress(header.source)}\` is not bound to \`${source.id}\``;
  return endHere('spoofguard', component, 'dropped', packet, 'spoofed', reason, show);
};
