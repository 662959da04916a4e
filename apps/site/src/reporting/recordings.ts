import type { Sql } from '@gatehouse/database';
import { audit } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { listBlobs, listShells } from '../support/index.ts';
import { BadParameters, lsid, type Stream, whole } from '../xml-api/index.ts';
import { nothing as noAccess } from './access/reports.ts';
import type { Thing } from './downloads/links.ts';
import { openThing } from './downloads/things.ts';
import { type Asked, defineReport } from './report.ts';
import { nothing as noSupport } from './support/reports.ts';

const needs = 'reportingSupport';

export const supportSessionRecording = defineReport({
  ...{ name: 'SupportSessionRecording', needs },
  /** A session in which several screens were shared has as many recordings, counted from 1. */
  parameters: z.object({ lsid, index: whole(1, 1_000).default(1) }),
  run: async (asked): Promise<Stream> => {
    const { parameters, database } = asked;
    const session = parameters.lsid.toLowerCase();
    const screens = await database.read((tx) => listBlobs(tx, session, 'screen'));
    const id = screens[parameters.index - 1]?.id;
    return await open(asked, id === undefined ? null : { lsid: session, kind: 'screen', id }, noSupport);
  },
});

const ofSession = (name: string, kind: 'desktop', nothing: string) =>
  defineReport({
    ...{ name, needs, parameters: z.object({ lsid }) },
    run: (asked): Promise<Stream> => open(asked, { lsid: asked.parameters.lsid.toLowerCase(), kind, id: '' }, nothing),
  });

export const accessSessionRecording = ofSession('AccessSessionRecording', 'desktop', noAccess);
/** A support session with a machine has as many as shells were opened, counted from 0. */
export const commandShellRecording = defineReport({
  ...{ name: 'CommandShellRecording', needs },
  parameters: z.object({ lsid, instance: whole(0, 999).default(0) }),
  run: async (asked): Promise<Stream> => {
    const { parameters, database } = asked;
    const session = parameters.lsid.toLowerCase();
    const shells = await database.read((tx) => listShells(tx, session));
    const id = shells[parameters.instance] ?? (shells.length === 0 && parameters.instance === 0 ? '' : undefined);
    return await open(asked, id === undefined ? null : { lsid: session, kind: 'shell', id }, noAccess);
  },
});

const open = async (asked: Asked<{ readonly lsid: string }>, thing: Thing | null, nothing: string): Promise<Stream> => {
  const found = thing === null ? null : await openThing(asked, thing, false);
  if (thing === null || found === null) {
    const isGone = await asked.database.read((tx) => isRemoved(tx, asked.parameters.lsid.toLowerCase()));
    throw new BadParameters(isGone ? expired : nothing);
  }
  const change = { ...thing, address: asked.address };
  await asked.database.system((tx) =>
    audit(tx, asked.by, { action: 'report-recording.open', target: `Session ${thing.lsid}`, change }),
  );
  return found;
};

/** As programs read it. */
const expired = 'This recording has expired and can no longer be viewed or downloaded.';

/** The session is there, and the retention did not keep what was recorded of it. */
const isRemoved = async (tx: Sql, session: string): Promise<boolean> => {
  const { rows } = await sql`
    select from support_sessions where lsid = ${session} and recordings_removed_at is not null
    union all select from sessions where session_id = ${session}::uuid and recording_removed_at is not null`.execute(
    tx,
  );
  return rows.length > 0;
};
