// Gives a stable MAC address to whatever the world gives none: the same text has the same address in every fabric.
// Locally administered (second bit of the first byte), so that it is no real device's.

/** The address for a text; `taken` are those that are given already, and the new one is added. */
export function macFor(text: string, taken: Set<string>): string {
  for (let salt = 0; ; salt++) {
    const mac = format(hash(salt === 0 ? text : `${text}#${salt}`), hash(`${text}!${salt}`));
    if (taken.has(mac)) continue;
    taken.add(mac);
    return mac;
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

function format(low: number, high: number): string {
  const bytes = [0x02, high & 255, low >>> 24, (low >>> 16) & 255, (low >>> 8) & 255, low & 255];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
