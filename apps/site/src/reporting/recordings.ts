import { audit } from '@gatehouse/server';
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
/** A support session with a machine has as many as shells were opened, counted from 1. */
export const commandShellRecording = defineReport({
  ...{ name: 'CommandShellRecording', needs },
  parameters: z.object({ lsid, index: whole(1, 1_000).default(1) }),
  run: async (asked): Promise<Stream> => {
    const { parameters, database } = asked;
    const session = parameters.lsid.toLowerCase();
    const shells = await database.read((tx) => listShells(tx, session));
    const id = shells[parameters.index - 1] ?? (shells.length === 0 && parameters.index === 1 ? '' : undefined);
    return await open(asked, id === undefined ? null : { lsid: session, kind: 'shell', id }, noAccess);
  },
});

const open = async (asked: Asked<unknown>, thing: Thing | null, nothing: string): Promise<Stream> => {
  const found = thing === null ? null : await openThing(asked, thing, false);
  if (thing === null || found === null) throw new BadParameters(nothing);
  const change = { ...thing, address: asked.address };
  await asked.database.system((tx) =>
    audit(tx, asked.by, { action: 'report-recording.open', target: `Session ${thing.lsid}`, change }),
  );
  return found;
};
