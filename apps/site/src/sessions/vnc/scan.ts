/** What a grammar does next with the bytes of one direction. */
export type Step =
  /** Gets the next bytes whole, and decides; they go no further by themselves. At most what memory has room for. */
  | { readonly take: number }
  /** Lets bytes through as they come, however many. */
  | { readonly pass: number }
  | { readonly drop: number }
  /** Says something itself. */
  | { readonly put: Uint8Array };

/** The messages of one direction, from the first to the last. Gets what it takes; throws where they are none. */
export type Grammar = Generator<Step, void, Buffer>;

/** Runs a grammar over bytes that come in pieces of any size. */
export const createScanner = (grammar: Grammar) => {
  const nothing = Buffer.alloc(0);
  let step = grammar.next(nothing);
  /** Of what is taken, what has come. */
  let held: Buffer[] = [];
  /** Bytes that the step still waits for. */
  let missing = 0;
  const go = (taken: Buffer) => {
    step = grammar.next(taken);
    missing = step.done || 'put' in step.value ? 0 : sizeOf(step.value);
  };
  missing = step.done || 'put' in step.value ? 0 : sizeOf(step.value);

  return {
    /** What goes further of these bytes. Throws what the grammar throws. */
    push(bytes: Buffer): Buffer {
      const further: Uint8Array[] = [];
      let at = 0;
      for (;;) {
        if (step.done) break;
        const { value } = step;
        if ('put' in value) {
          further.push(value.put);
          go(nothing);
          continue;
        }
        const piece = bytes.subarray(at, at + missing);
        at += piece.length;
        missing -= piece.length;
        if ('pass' in value && piece.length > 0) further.push(piece);
        if ('take' in value && piece.length > 0) held.push(piece);
        if (missing > 0) break;
        const taken = held.length === 1 ? (held[0] ?? nothing) : Buffer.concat(held);
        held = [];
        go('take' in value ? taken : nothing);
      }
      return Buffer.concat(further);
    },
  };
};

const sizeOf = (step: Exclude<Step, { put: Uint8Array }>): number =>
  'take' in step ? step.take : 'pass' in step ? step.pass : step.drop;
