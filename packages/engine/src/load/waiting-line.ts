/** Planned requests that wait for a connection, in the order of their intended starts. Grows as needed; holds no objects. */
export class WaitingLine {
  length = 0;
  private first = 0;
  private intendedMs = new Float64Array(64);
  private classes = new Uint16Array(64);
  private keys = new Float64Array(64);

  push(intendedMs: number, requestClass: number, key: number): void {
    if (this.length === this.intendedMs.length) this.grow();
    const at = (this.first + this.length++) % this.intendedMs.length;
    this.intendedMs[at] = intendedMs;
    this.classes[at] = requestClass;
    this.keys[at] = key;
  }

  get headIntendedMs(): number {
    return this.intendedMs[this.first]!;
  }

  get headClass(): number {
    return this.classes[this.first]!;
  }

  get headKey(): number {
    return this.keys[this.first]!;
  }

  /** Takes out the head. Read it first. */
  shift(): void {
    this.first = (this.first + 1) % this.intendedMs.length;
    this.length -= 1;
  }

  private grow(): void {
    const { first, length } = this;
    const rotate = <Column extends Float64Array | Uint16Array>(from: Column, to: Column): Column => {
      for (let index = 0; index < length; index++) to[index] = from[(first + index) % length]!;
      return to;
    };
    this.intendedMs = rotate(this.intendedMs, new Float64Array(length * 2));
    this.classes = rotate(this.classes, new Uint16Array(length * 2));
    this.keys = rotate(this.keys, new Float64Array(length * 2));
    this.first = 0;
  }
}
