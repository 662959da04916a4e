import { pixelFormatOf } from '@gatehouse/host';
import { rfbGreeting } from '../../api/desktop-format.ts';
import { type Dialogue, type Extension, mostClipboard, pageFault } from './dialogue.ts';
import { offeredOf } from './encodings.ts';
import type { Grammar } from './scan.ts';

export interface Heard {
  /** One of the three things that a browser says before the session begins: version, security, and whether others may stay. */
  onGreeting(): void;
  /** A key, or the pointer. */
  onInput(): void;
}

/**
 * What a browser says, from its greeting on: only messages that are known go on to the endpoint, each whole. Without the
 * rule for it nothing of a clipboard does.
 */
export function* fromBrowser(dialogue: Dialogue, { onGreeting, onInput }: Heard): Grammar {
  const version = yield { take: 12 };
  if (!version.equals(rfbGreeting.subarray(0, 12))) throw pageFault(`it greeted with ${version.toString('hex')}`);
  onGreeting();
  const security = yield { take: 1 };
  if (security[0] !== 1) throw pageFault(`it chose security ${security[0]}`);
  onGreeting();
  // Whether others may stay was said to the endpoint already.
  yield { drop: 1 };
  onGreeting();
  for (;;) {
    const type = yield { take: 1 };
    switch (type[0]) {
      case 0:
        yield* pixelFormat(type, dialogue);
        break;
      case 2:
        yield* encodings(type, dialogue);
        break;
      case 3:
        dialogue.hasAsked = true;
        yield { put: type };
        yield { pass: 9 };
        break;
      case 4:
        onInput();
        yield { put: type };
        yield { pass: 7 };
        break;
      case 5:
        onInput();
        yield { put: type };
        yield { pass: 5 };
        break;
      case 6:
        yield* clipboard(type, dialogue);
        break;
      case 150:
        known(dialogue, 'continuous updates');
        yield { put: type };
        yield { pass: 9 };
        break;
      case 248: {
        known(dialogue, 'fence');
        const head = yield { take: 8 };
        const length = head.readUInt8(7);
        if (length > 64) throw pageFault(`a fence of ${length} bytes`);
        yield { put: Buffer.concat([type, head]) };
        yield { pass: length };
        break;
      }
      case 250:
        known(dialogue, 'xvp');
        yield { put: type };
        yield { pass: 3 };
        break;
      case 251: {
        known(dialogue, 'desktop size');
        const head = yield { take: 7 };
        const screens = head.readUInt8(5);
        if (screens > 16) throw pageFault(`${screens} screens`);
        yield { put: Buffer.concat([type, head]) };
        yield { pass: screens * 16 };
        break;
      }
      case 255: {
        known(dialogue, 'extended key');
        const kind = yield { take: 1 };
        if (kind[0] !== 0) throw pageFault(`message 255 of kind ${kind[0]}`);
        onInput();
        yield { put: Buffer.concat([type, kind]) };
        yield { pass: 10 };
        break;
      }
      default:
        throw pageFault(`a message of type ${type[0]}`);
    }
  }
}

const known = ({ knows }: Dialogue, extension: Extension): void => {
  if (!knows.has(extension)) throw pageFault(`${extension}, which the endpoint does not know`);
};

/** Pixels that are under way could be of either format, so it stays as it is once they have been asked for. */
function* pixelFormat(type: Buffer, dialogue: Dialogue): Grammar {
  if (dialogue.hasAsked) throw pageFault('another pixel format in the middle');
  const rest = yield { take: 19 };
  const pixels = pixelFormatOf(rest.subarray(3));
  if (pixels === null) throw pageFault(`pixels of ${rest[3]} bits`);
  dialogue.pixels = pixels;
  yield { put: Buffer.concat([type, rest]) };
}

function* encodings(type: Buffer, dialogue: Dialogue): Grammar {
  const head = yield { take: 3 };
  const count = head.readUInt16BE(1);
  if (count > 1_000) throw pageFault(`${count} encodings`);
  const list = yield { take: count * 4 };
  const asked = Array.from({ length: count }, (_, i) => list.readInt32BE(i * 4));
  const offered = offeredOf(asked, dialogue.clipboard);
  const message = Buffer.alloc(4 + offered.length * 4);
  type.copy(message);
  message.writeUInt16BE(offered.length, 2);
  for (const [i, one] of offered.entries()) message.writeInt32BE(one, 4 + i * 4);
  yield { put: message };
}

/** A negative length is that of the extended clipboard. */
function* clipboard(type: Buffer, dialogue: Dialogue): Grammar {
  const head = yield { take: 7 };
  const length = head.readInt32BE(3);
  if (!dialogue.clipboard || Math.abs(length) > mostClipboard) {
    yield { drop: Math.abs(length) };
    return;
  }
  if (length < 0) known(dialogue, 'extended clipboard');
  yield { put: Buffer.concat([type, head]) };
  yield { pass: Math.abs(length) };
}
