import { getOptions } from '../options/index.ts';
import type { BlobParts } from './blobs/store.ts';
import { type BlobWriter, writeBlob } from './blobs/write-blob.ts';
import { type Change, inSession, note } from './in-session.ts';
import type { Member } from './participants.ts';
import { findSession } from './store.ts';

/** The recording of a screen that a customer shares, for as long as they do. */
export interface ScreenKeeper {
  /** The next part of the recording; `begins`: it is the first of a new one. */
  keep(part: Buffer, begins: boolean): Promise<void>;
  end(): Promise<void>;
}

/** What comes of a screen is kept after so long. */
const keptAfterMs = 2_000;
const usualType = 'video/webm';
const mediaTypes = /^video\/(webm|mp4)(;\s?codecs="?[a-zA-Z0-9.,_ -]{1,100}"?)?$/;

/**
 * Notes that the screen is shared, until `end`. A page that is cut off shares nothing any more. Null: nobody is there to see
 * it, or the site does not allow it, so nothing is shared.
 */
export const shareScreen = async (parts: BlobParts, who: Member, mediaType: string): Promise<ScreenKeeper | null> => {
  const session = await parts.database.system((tx) => findSession(tx, who.lsid));
  if (session?.state !== 'active') return null;
  const type = mediaTypes.test(mediaType) ? mediaType : usualType;
  const { recordScreens, customersShareScreens } = await parts.database.system(getOptions);
  if (!customersShareScreens) return null;
  let writer: BlobWriter | null = null;
  let number = 0;
  const say = (event: 'screen_started' | 'screen_stopped', recording: string | null) =>
    parts.database.system((tx) =>
      noteScreen({ tx, by: byMember(who), now: parts.clock.now() }, who, event, { recording, type }),
    );
  await say('screen_started', null);

  const finish = async (): Promise<void> => {
    const last = writer;
    writer = null;
    await last?.end('kept');
  };
  return {
    async keep(part, begins) {
      if (!recordScreens) return;
      if (begins) {
        await finish();
        number += 1;
        const extension = type.startsWith('video/mp4') ? 'mp4' : 'webm';
        const blob = { kind: 'screen', name: `Screen ${number}.${extension}`, mediaType: type } as const;
        writer = await writeBlob(parts, who, blob, keptAfterMs);
      }
      await writer?.write(part);
    },
    async end() {
      const recording = writer?.id ?? null;
      await finish();
      await say('screen_stopped', recording);
    },
  };
};

/** A participant as the author of audit entries. */
export const byMember = ({ lsid, gsnumber, name }: Member): Change['by'] => ({
  principal: { kind: 'program', id: `${lsid}/${gsnumber}`, name: name || 'Customer' },
  correlationId: lsid,
});

/** Nothing is noted once the session is over. */
const noteScreen = async (
  change: Change,
  { lsid, gsnumber }: Member,
  event: 'screen_started' | 'screen_stopped',
  body: { readonly recording: string | null; readonly type: string },
): Promise<void> => {
  if ((await isOver(change, lsid)) && event === 'screen_stopped') return;
  await inSession(change, lsid, 'change', { screen: event }, (session) => note(change, session, event, gsnumber, body));
};

const isOver = async ({ tx }: Change, lsid: string): Promise<boolean> =>
  (await findSession(tx, lsid))?.state === 'ended';
