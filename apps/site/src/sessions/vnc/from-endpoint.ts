import type { PixelFormat } from '@gatehouse/host';
import { type Dialogue, endpointFault, mostClipboard } from './dialogue.ts';
import { encoding } from './encodings.ts';
import type { Grammar } from './scan.ts';
import { hextile, tight } from './tiles.ts';

/**
 * What an endpoint says once its session has begun. Every message is told apart, pixels among them, because that is the
 * only way to know which bytes are of a clipboard: without the rule for it they are left out, wherever they stand and
 * whether or not they were asked for.
 */
export function* fromEndpoint(dialogue: Dialogue): Grammar {
  for (;;) {
    const type = yield { take: 1 };
    switch (type[0]) {
      case 0:
        yield* update(type, dialogue);
        break;
      case 1: {
        const head = yield { take: 5 };
        yield { put: Buffer.concat([type, head]) };
        yield { pass: head.readUInt16BE(3) * 6 };
        break;
      }
      // A bell.
      case 2:
        yield { put: type };
        break;
      case 3:
        yield* clipboard(type, dialogue);
        break;
      case 150:
        dialogue.knows.add('continuous updates');
        yield { put: type };
        break;
      case 248: {
        dialogue.knows.add('fence');
        const head = yield { take: 8 };
        yield { put: Buffer.concat([type, head]) };
        yield { pass: head.readUInt8(7) };
        break;
      }
      case 250:
        dialogue.knows.add('xvp');
        yield { put: type };
        yield { pass: 3 };
        break;
      default:
        throw endpointFault(dialogue.system, `a message of type ${type[0]}`);
    }
  }
}

function* clipboard(type: Buffer, dialogue: Dialogue): Grammar {
  const head = yield { take: 7 };
  const length = head.readInt32BE(3);
  if (!dialogue.clipboard || Math.abs(length) > mostClipboard) {
    yield { drop: Math.abs(length) };
    return;
  }
  if (length < 0) dialogue.knows.add('extended clipboard');
  yield { put: Buffer.concat([type, head]) };
  yield { pass: Math.abs(length) };
}

function* update(type: Buffer, dialogue: Dialogue): Grammar {
  const head = yield { take: 3 };
  yield { put: Buffer.concat([type, head]) };
  for (let left = head.readUInt16BE(1); left > 0; left--) {
    const rectangle = yield { take: 12 };
    yield { put: rectangle };
    const kind = rectangle.readInt32BE(8);
    if (kind === encoding.lastRect) return;
    yield* content(kind, rectangle.readUInt16BE(4), rectangle.readUInt16BE(6), dialogue);
  }
}

/** What follows the head of a rectangle. */
function* content(kind: number, width: number, height: number, dialogue: Dialogue): Grammar {
  const { pixels, knows } = dialogue;
  const each = pixels.bitsPerPixel / 8;
  switch (kind) {
    case encoding.raw:
      yield { pass: width * height * each };
      break;
    case encoding.copyRect:
      yield { pass: 4 };
      break;
    case encoding.rre: {
      const count = yield { take: 4 };
      yield { put: count };
      yield { pass: each + count.readUInt32BE() * (each + 8) };
      break;
    }
    case encoding.hextile:
      yield* hextile(width, height, each);
      break;
    case encoding.tight:
    case encoding.tightPng:
      yield* tight(width, height, isPacked(pixels) ? 3 : each, dialogue.system);
      break;
    case encoding.zlib:
    case encoding.zrle:
    case encoding.desktopName: {
      const length = yield { take: 4 };
      yield { put: length };
      yield { pass: length.readUInt32BE() };
      break;
    }
    case encoding.cursor:
      yield { pass: width * height * each + Math.ceil(width / 8) * height };
      break;
    case encoding.vmwareCursor: {
      const form = yield { take: 2 };
      if (form.readUInt8(0) > 1) throw endpointFault(dialogue.system, `a cursor of form ${form[0]}`);
      yield { put: form };
      yield { pass: form[0] === 0 ? width * height * each * 2 : width * height * 4 };
      break;
    }
    case encoding.extendedDesktopSize: {
      knows.add('desktop size');
      const head = yield { take: 4 };
      yield { put: head };
      yield { pass: head.readUInt8(0) * 16 };
      break;
    }
    case encoding.extendedKey:
      knows.add('extended key');
      break;
    case encoding.lights:
      yield { pass: 1 };
      break;
    case encoding.desktopSize:
      break;
    default:
      throw endpointFault(dialogue.system, `a rectangle with encoding ${kind}`);
  }
}

/** Whether Tight sends such a pixel in three bytes. */
const isPacked = ({ bitsPerPixel, depth, isTrueColour, most }: PixelFormat): boolean =>
  isTrueColour && bitsPerPixel === 32 && depth === 24 && most.every((one) => one === 255);
