// CRC-32C, the checksum of SCTP (RFC 9260, appendix A), bit by bit: packets of a picture are few.

const POLYNOMIAL = 0x82f63b78;

/** Of the whole packet, whose own field is zero. */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  }
  return ~value >>> 0;
}
