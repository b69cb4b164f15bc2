// A memo from pairs of small non-negative integers to one: open addressing in typed arrays, because a Map with
// composite keys allocates for each and is several times slower in the loops over all pairs of classes.

export class PairTable {
  #mask: number;
  #first: Int32Array;
  #second: Int32Array;
  #values: Int32Array;
  #size = 0;

  constructor(bits = 6) {
    this.#mask = (1 << bits) - 1;
    this.#first = new Int32Array(1 << bits).fill(-1);
    this.#second = new Int32Array(1 << bits);
    this.#values = new Int32Array(1 << bits);
  }

  /** How many pairs have a value. */
  get size(): number {
    return this.#size;
  }

  /** The value of the pair, or -1. */
  get(a: number, b: number): number {
    const slot = this.#slot(a, b);
    return this.#first[slot] === -1 ? -1 : (this.#values[slot] as number);
  }

  set(a: number, b: number, value: number): void {
    const slot = this.#slot(a, b);
    if (this.#first[slot] === -1) this.#size++;
    this.#first[slot] = a;
    this.#second[slot] = b;
    this.#values[slot] = value;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  #slot(a: number, b: number): number {
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & this.#mask;
    while (this.#first[slot] !== -1 && (this.#first[slot] !== a || this.#second[slot] !== b))
      slot = (slot + 1) & this.#mask;
    return slot;
  }

  #grow(): void {
    const [first, second, values] = [this.#first, this.#second, this.#values];
    this.#mask = this.#mask * 2 + 1;
    this.#first = new Int32Array(this.#mask + 1).fill(-1);
    this.#second = new Int32Array(this.#mask + 1);
    this.#values = new Int32Array(this.#mask + 1);
    for (let i = 0; i < first.length; i++) {
      if (first[i] === -1) continue;
      const slot = this.#slot(first[i] as number, second[i] as number);
      this.#first[slot] = first[i] as number;
      this.#second[slot] = second[i] as number;
      this.#values[slot] = values[i] as number;
    }
  }
}
