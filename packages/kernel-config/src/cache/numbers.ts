/** Collects whole numbers. */
export class IntWriter {
  private numbers = new Int32Array(1 << 16);
  private length = 0;

  put(...numbers: readonly number[]): void {
    if (this.length + numbers.length > this.numbers.length) {
      const larger = new Int32Array(this.numbers.length * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    for (const number of numbers) this.numbers[this.length++] = number;
  }

  all(): Int32Array {
    return this.numbers.subarray(0, this.length);
  }
}

/** Takes numbers one by one. */
export class IntReader {
  private readonly numbers: Int32Array;
  private at = 0;

  constructor(numbers: Int32Array) {
    this.numbers = numbers;
  }

  next(): number {
    const number = this.numbers[this.at++];
    if (number === undefined) throw new Error('numbers are missing');
    return number;
  }

  /** How many items follow: never more than there are numbers left. */
  count(): number {
    const count = this.next();
    if (count < 0 || count > this.numbers.length - this.at) throw new Error('a count is out of bounds');
    return count;
  }

  /** @throws Error if numbers are left */
  end(): void {
    if (this.at !== this.numbers.length) throw new Error('numbers are left over');
  }
}

/** Texts by number, each kept once. */
export class StringTable {
  readonly ends: number[] = [];
  private readonly ids = new Map<string, number>();
  private readonly parts: string[] = [];
  private length = 0;

  id(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.ends.length;
      this.ids.set(text, id);
      this.parts.push(text);
      this.length += text.length;
      this.ends.push(this.length);
    }
    return id;
  }

  /** 0 for none, else one more than the number. */
  optional(text: string | undefined): number {
    return text === undefined ? 0 : this.id(text) + 1;
  }

  get text(): string {
    return this.parts.join('');
  }
}
