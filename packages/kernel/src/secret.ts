const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A value that cannot be printed by accident. Reading it takes a visible `.reveal()`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString() {
    return '[secret]';
  }

  toJSON() {
    return '[secret]';
  }

  [inspect]() {
    return '[secret]';
  }
}
