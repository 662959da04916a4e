import { audit } from '@gatehouse/server';
import { z } from 'zod';
import { listBlobs } from '../support/index.ts';
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

const ofSession = (name: string, kind: 'desktop' | 'shell', nothing: string) =>
  defineReport({
    ...{ name, needs, parameters: z.object({ lsid }) },
    run: (asked): Promise<Stream> => open(asked, { lsid: asked.parameters.lsid.toLowerCase(), kind, id: '' }, nothing),
  });

export const accessSessionRecording = ofSession('AccessSessionRecording', 'desktop', noAccess);
export const commandShellRecording = ofSession('CommandShellRecording', 'shell', noAccess);

const open = async (asked: Asked<unknown>, thing: Thing | null, nothing: string): Promise<Stream> => {
  const found = thing === null ? null : await openThing(asked, thing, false);
  if (thing === null || found === null) throw new BadParameters(nothing);
  const change = { ...thing, address: asked.address };
  await asked.database.system((tx) =>
    audit(tx, asked.by, { action: 'report-recording.open', target: `Session ${thing.lsid}`, change }),
  );
  return found;
};
